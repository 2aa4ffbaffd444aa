package io.eventbroker.examples.quickstart;

import io.eventbroker.backup.Backups;
import io.eventbroker.backup.KafkaConnection;
import io.eventbroker.backup.RecoveryPoint;
import io.eventbroker.backup.RestoreOptions;
import io.eventbroker.backup.RestorePlan;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.examples.quickstart.report.HtmlReport;
import io.eventbroker.examples.quickstart.report.QuickStartReport;
import io.eventbroker.provisioning.kubernetes.ManifestAction;
import io.eventbroker.provisioning.kubernetes.Provisioner;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.topic.TopicAction;
import io.eventbroker.provisioning.topic.Topics;
import io.eventbroker.provisioning.verify.SyntheticTransaction;
import io.eventbroker.security.access.AccessAction;
import io.eventbroker.security.access.AccessControl;
import io.eventbroker.security.access.AccessPolicies;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.io.Console;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;

/**
 * Describes, provisions, secures, fills, backs up, loses, restores and scales a real Kafka cluster, in this process, and
 * leaves a report. {@link #tell} is the story; a host application has the same calls with its own clients in place of the
 * embedded ones.
 */
public final class QuickStart implements AutoCloseable {
    private static final String HTML = "report.html";
    private static final String JSON = "report.json";
    /** Held, so that its level stays: the embedded Kubernetes API would log every request. */
    private static final Logger MOCK_SERVER = Logger.getLogger("io.fabric8.mockwebserver");

    private static final TopicName SYNTHETIC = TopicName.of("platform.synthetic.probe");

    private final Settings settings;
    private final Narration narration;
    private final Path work;
    private final Stage stage;
    private final long startNanos;
    private final Throughput throughput;
    private final HeapWatch heap = new HeapWatch();
    private final EmbeddedObjectStore store;
    private volatile boolean interrupted;
    private volatile boolean ended;

    private QuickStart(Settings settings, Narration narration, long startNanos) {
        this.settings = settings;
        this.narration = narration;
        this.startNanos = startNanos;
        this.throughput = new Throughput(startNanos);
        this.work = makeWorkFolder(settings.output());
        this.stage = new Stage(narration, work);
        this.store = EmbeddedObjectStore.startIn(work.resolve("objects"));
    }

    /** Takes the report of an earlier run away, too: a run that fails must not leave one that looks like its own. */
    private static Path makeWorkFolder(Path output) {
        try {
            Files.createDirectories(output);
            Files.deleteIfExists(output.resolve(HTML));
            Files.deleteIfExists(output.resolve(JSON));
            return Files.createTempDirectory(output, "work-");
        } catch (IOException e) {
            String why = e instanceof FileAlreadyExistsException
                    ? "a file is in its place"
                    : e instanceof AccessDeniedException ? "it is not yours to write to" : e.toString();
            throw new EventBrokerException(
                    "cannot write to the output folder " + output + ": " + why
                            + "; make room for it, or name another folder with --output",
                    e);
        }
    }

    /** Runs the quick start; the exit code says whether it succeeded: 1 if not, 2 if it was called in a wrong way. */
    public static void main(String[] args) {
        MOCK_SERVER.setLevel(Level.WARNING);
        Settings settings;
        try {
            settings = Settings.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(settings, new Narration(System.out, isTerminal())));
    }

    /** Before Java 22 there is a console only at a terminal; since then there is always one, and it says where it is. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    static int run(Settings settings, Narration narration) {
        long startNanos = System.nanoTime();
        try {
            // Before anything is made or started: files with mistakes touch nothing.
            Platform platform = narration.step(
                    "Describe: read the production platform and fit it into this process",
                    () -> describe(settings, narration));
            try (QuickStart quickStart = new QuickStart(settings, narration, startNanos)) {
                return quickStart.tellUnlessInterrupted(platform) ? 0 : 1;
            }
        } catch (InvalidSpecException e) {
            narration.endProgress();
            int problems = e.problems().size();
            narration.say("The platform's files have " + problems + (problems == 1 ? " problem" : " problems")
                    + "; nothing was touched. Mend them and run again:");
            narration.say("%s", e.problems());
        } catch (EventBrokerException e) {
            narration.endProgress();
            narration.say("Stopped: %s", String.valueOf(e.getMessage()));
            narration.say("Nothing of this run is left. Mend the cause and run the quick start again.");
        } catch (Exception e) {
            narration.endProgress();
            narration.say("Stopped by %s: %s", e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
            narration.say("Free memory (3 GB) and disk (5 GB) are what it needs most; the stack trace follows.");
            e.printStackTrace();
        }
        return 1;
    }

    /**
     * Tells the story, and cleans up should the JVM be told to end meanwhile: Ctrl-C, SIGTERM. What the story trips over
     * then is not worth telling.
     *
     * @return false if it was interrupted
     */
    private boolean tellUnlessInterrupted(Platform platform) throws Exception {
        Thread cleaner = new Thread(
                () -> {
                    if (!ended) {
                        interrupted = true;
                        narration.say("Interrupted: stopping what runs, and deleting %s", work);
                    }
                    close();
                },
                "quick-start-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            tell(platform);
            return true;
        } catch (Exception e) {
            if (!interrupted) {
                throw e;
            }
            return false;
        } finally {
            ended = true;
        }
    }

    private void tell(Platform platform) throws Exception {
        Topology topology = platform.topology("kafka-prod");
        int secondPlan = narration.step("Provision: Kubernetes resources", () -> provision(topology));

        Certificates certificates = narration.step("Secure: certificates, mutual TLS 1.3, rights", () -> {
            Certificates issued = new Certificates(Files.createDirectory(work.resolve("tls")), topology);
            narration.say("issued by %s", issued.authority());
            stage.startCluster(topology, issued);
            grant(platform, issued);
            return issued;
        });
        Map<String, Object> operator = stage.connect(certificates, Stage.OPERATOR);
        boolean strangerRefused = narration.step("Onboard: topics, a stranger, a synthetic transaction", () -> {
            createTopics(platform, operator);
            boolean refused = Strangers.areRefused(stage, certificates);
            narration.say("%s", SyntheticTransaction.with(operator).run(SYNTHETIC, 200, Stage.soon()));
            return refused;
        });

        Map<Integer, Orders.Next> nextBefore = new TreeMap<>();
        TopicHash source = narration.step("Fill: produce events, read half of them in a group", () -> {
            Orders.produce(stage.connect(certificates, Orders.PRODUCER), settings.records(), narration);
            nextBefore.putAll(Orders.billHalf(stage.connect(certificates, Orders.CONSUMER), settings.records()));
            TopicHash hash = TopicHash.of(Orders.TOPIC, operator);
            narration.say("%,d events, %s of keys and values", hash.records(), Stage.size(hash.payloadBytes()));
            narration.say("SHA-256 over every record: %s", hash.hex());
            return hash;
        });

        Backups backups =
                Backups.in(S3Store.bucket(store.asyncClient(), store.bucket()).prefix("prod"));
        BackupPasses.Speeds speeds = narration.step(
                "Back up to S3, against kafka-consumer-perf-test",
                () -> new BackupPasses(stage, throughput).run(backups, operator, source));

        Restored restored = narration.step("Lose everything, and restore", () -> {
            stage.cluster().close();
            narration.say("the cluster and its disks are gone");
            stage.startCluster(topology, certificates);
            grant(platform, certificates);
            return restore(backups, speeds.point(), certificates);
        });
        boolean exact = nextBefore.equals(restored.next());
        Stage.require(source.hex().equals(restored.hash().hex()), "the restored records differ from the original ones");
        Stage.require(
                exact,
                "the group does not go on where it was: " + nextBefore + " before, " + restored.next() + " after");

        Scaling.Scaled scaled =
                narration.step("Scale: a fourth broker", () -> new Scaling(stage, throughput).run(certificates));

        QuickStartReport report = new QuickStartReport(
                new QuickStartReport.Data(
                        source.records(),
                        speeds.point().records(),
                        restored.hash().records(),
                        source.hex(),
                        restored.hash().hex(),
                        exact),
                new QuickStartReport.Checks(strangerRefused, secondPlan),
                new QuickStartReport.Throughput(
                        speeds.wire(),
                        Throughput.median(speeds.backup()),
                        restored.payloadRate(),
                        Throughput.median(speeds.consumer()),
                        speeds.backup(),
                        speeds.consumer(),
                        throughput.samples()),
                scaled.moves(),
                new QuickStartReport.Cost((System.nanoTime() - startNanos) / 1e9, heap.peakMegabytes()),
                narration.steps(),
                drawn(topology, scaled, certificates));
        HtmlReport.write(report, settings.output().resolve(HTML));
        Files.writeString(settings.output().resolve(JSON), report.toJson());
        narration.say("");
        narration.say(
                "Done in %.0f s. Look at %s",
                report.cost().wallSeconds(),
                settings.output().resolve(HTML).toAbsolutePath().normalize());
    }

    private static Platform describe(Settings settings, Narration narration) {
        Platform platform = Specs.standard()
                .with(AccessPolicies.KIND)
                .overlay(settings.platform().resolve("overlay.yaml"))
                .read(settings.platform().resolve("event-broker.yaml"));
        narration.say(
                "checked: %d topologies, no errors",
                platform.all(io.eventbroker.core.topology.Topologies.KIND).size());
        narration.sayFirst(8, platform.overlayChanges().toString());
        platform.warnings().forEach(warning -> narration.say("%s", warning));
        return platform;
    }

    private int provision(Topology topology) {
        try (EmbeddedKubernetes kubernetes = EmbeddedKubernetes.start()) {
            Provisioner provisioner = Provisioner.on(kubernetes.client());
            Manifests manifests = Manifests.statefulSet(topology);
            Plan<ManifestAction> plan = provisioner.plan(provisioner.read(manifests, Stage.soon()));
            narration.sayFirst(14, Stage.printed(plan));
            provisioner
                    .run(plan, stage.options("kubernetes"))
                    .await(Stage.soon())
                    .requireSuccess();
            Plan<ManifestAction> second = provisioner.plan(provisioner.read(manifests, Stage.soon()));
            narration.say(
                    "planned again: %s",
                    second.isEmpty() ? "nothing to do" : second.actions().size() + " actions");
            Stage.require(second.isEmpty(), "planning the applied resources again finds something to do");
            return second.actions().size();
        }
    }

    private void grant(Platform platform, Certificates certificates) {
        try (Admin admin = stage.operator(certificates)) {
            AccessControl access = AccessControl.on(admin);
            Plan<AccessAction> rights = access.plan(access.read(Stage.soon()), platform.all(AccessPolicies.KIND));
            narration.sayFirst(8, Stage.printed(rights));
            access.run(rights, RunOptions.defaults()).await(Stage.soon()).requireSuccess();
        }
    }

    private void createTopics(Platform platform, Map<String, Object> operator) {
        try (Admin admin = Stage.admin(operator)) {
            Topics topics = Topics.on(admin);
            Plan<TopicAction> plan = topics.plan(topics.read(Stage.soon()), platform.all(TopicSets.KIND));
            narration.sayFirst(8, Stage.printed(plan));
            topics.run(plan, stage.options("topics")).await(Stage.soon()).requireSuccess();
        }
    }

    /** What came back. */
    private record Restored(TopicHash hash, double payloadRate, Map<Integer, Orders.Next> next) {}

    private Restored restore(Backups backups, RecoveryPoint point, Certificates certificates) {
        Map<String, Object> operator = stage.connect(certificates, Stage.OPERATOR);
        try (Admin admin = Stage.admin(operator)) {
            RestorePlan plan =
                    backups.planRestore(point, ClusterState.read(admin, Stage.soon()), RestoreOptions.everything());
            narration.sayFirst(8, Stage.printed(plan));
            long start = System.nanoTime();
            backups.run(
                            plan,
                            KafkaConnection.of(operator),
                            stage.options("restore").listener(throughput.of("restore (wire)")))
                    .await(Stage.later())
                    .requireSuccess();
            double seconds = (System.nanoTime() - start) / 1e9;
            TopicHash hash = TopicHash.of(Orders.TOPIC, operator);
            double rate = hash.payloadBytes() / Throughput.MEGABYTE / seconds;
            narration.say("restored %,d records in %.1f s: %.0f MB/s of payload", hash.records(), seconds, rate);
            narration.say("SHA-256 over every record: %s", hash.hex());
            int partitions = ClusterState.read(admin, Stage.soon())
                    .topic(TopicName.of(Orders.TOPIC))
                    .orElseThrow()
                    .partitions()
                    .size();
            Map<Integer, Orders.Next> next = Orders.goOn(stage.connect(certificates, Orders.CONSUMER), partitions);
            narration.say("group '%s' goes on at exactly the next record of %d partitions", Orders.GROUP, next.size());
            return new Restored(hash, rate, next);
        }
    }

    private QuickStartReport.Topology drawn(Topology topology, Scaling.Scaled scaled, Certificates certificates) {
        Map<String, List<String>> byZone = new TreeMap<>();
        topology.zones().forEach(zone -> byZone.put(zone.value(), new ArrayList<>()));
        for (QuickStartReport.BrokerLoad load : scaled.after()) {
            byZone.computeIfAbsent(load.rack(), any -> new ArrayList<>()).add(load.broker());
        }
        List<QuickStartReport.Zone> zones = byZone.entrySet().stream()
                .map(e -> new QuickStartReport.Zone(e.getKey(), e.getValue()))
                .toList();
        List<QuickStartReport.Component> components = topology.components().stream()
                .filter(component -> component != topology.brokers())
                .map((Component component) -> new QuickStartReport.Component(
                        component.getClass().getSimpleName(), component.name(), component.replicas()))
                .toList();
        List<QuickStartReport.Topic> topics = new ArrayList<>();
        try (Admin admin = stage.operator(certificates)) {
            ClusterState.read(admin, Stage.soon()).topics().values().stream()
                    .filter(topic -> !topic.name().isInternal())
                    .forEach(topic -> topics.add(new QuickStartReport.Topic(
                            topic.name().value(), topic.partitions().size(), topic.replicationFactor())));
        }
        return new QuickStartReport.Topology(topology.name(), topology.environment(), zones, components, topics);
    }

    /** Stops what runs and deletes what is not the report. May be called more than once, and by the shutdown hook. */
    @Override
    public synchronized void close() {
        heap.close();
        stage.closeCluster();
        store.close();
        Folders.delete(work);
    }
}
