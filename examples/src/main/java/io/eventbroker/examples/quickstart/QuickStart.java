package io.eventbroker.examples.quickstart;

import io.eventbroker.backup.BackupPlan;
import io.eventbroker.backup.Backups;
import io.eventbroker.backup.KafkaConnection;
import io.eventbroker.backup.RecoveryPoint;
import io.eventbroker.backup.RestoreOptions;
import io.eventbroker.backup.RestorePlan;
import io.eventbroker.backup.Selection;
import io.eventbroker.backup.TopicPattern;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import io.eventbroker.examples.quickstart.report.HtmlReport;
import io.eventbroker.examples.quickstart.report.QuickStartReport;
import io.eventbroker.provisioning.kubernetes.ManifestAction;
import io.eventbroker.provisioning.kubernetes.Provisioner;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.topic.TopicAction;
import io.eventbroker.provisioning.topic.Topics;
import io.eventbroker.provisioning.verify.SyntheticTransaction;
import io.eventbroker.scaling.Band;
import io.eventbroker.scaling.Placement;
import io.eventbroker.scaling.PlacementPlan;
import io.eventbroker.scaling.Reassignment;
import io.eventbroker.security.access.AccessAction;
import io.eventbroker.security.access.AccessControl;
import io.eventbroker.security.access.AccessPolicies;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.io.Console;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Describes, provisions, secures, fills, backs up, loses, restores and scales a real Kafka cluster, in this process, and
 * leaves a report. {@link #tell} is the story; a host application has the same calls with its own clients in place of the
 * embedded ones.
 */
public final class QuickStart implements AutoCloseable {
    private static final int WARM_UPS = 5;
    /** Of fewer records the passes are over before there is anything to compare. */
    private static final long COMPARABLE_RECORDS = 100_000;

    private static final int BACKUP_PASSES = 3;
    private static final String NEW_ZONE = "az-d";
    private static final long FEWEST_RECORDS = 1_000;
    private static final String USAGE = "--platform FOLDER, --output FOLDER and --records NUMBER";
    private static final String HTML = "report.html";
    private static final String JSON = "report.json";
    /** Held, so that its level stays: the embedded Kubernetes API would log every request. */
    private static final Logger MOCK_SERVER = Logger.getLogger("io.fabric8.mockwebserver");

    private static final String OPERATOR = "platform-operator";
    private static final TopicName SYNTHETIC = TopicName.of("platform.synthetic.probe");

    private final Settings settings;
    private final Narration narration;
    private final Path work;
    private final long startNanos;
    private final Throughput throughput;
    private final HeapWatch heap = new HeapWatch();
    private final EmbeddedObjectStore store;
    private volatile @Nullable EmbeddedKafka running;
    private volatile boolean interrupted;
    private volatile boolean ended;

    private QuickStart(Settings settings, Narration narration, long startNanos) {
        this.settings = settings;
        this.narration = narration;
        this.startNanos = startNanos;
        this.throughput = new Throughput(startNanos);
        this.work = makeWorkFolder(settings.output());
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

    /**
     * What to run.
     *
     * @param platform the folder with {@code event-broker.yaml} and {@code overlay.yaml}
     * @param output where the report goes
     * @param records how many events to produce
     */
    record Settings(Path platform, Path output, long records) {
        Settings {
            if (records < FEWEST_RECORDS) {
                throw new IllegalArgumentException(
                        "--records: at least " + FEWEST_RECORDS + " are needed to measure anything, was " + records);
            }
        }

        /**
         * Reads a command line.
         *
         * @throws IllegalArgumentException if it has anything else than the three options with a value each
         */
        static Settings of(String[] args) {
            Map<String, String> given = new HashMap<>(Map.of(
                    "--platform",
                    "examples/src/main/resources/quickstart",
                    "--output",
                    "target/quickstart",
                    "--records",
                    "1000000"));
            for (int i = 0; i < args.length; i += 2) {
                if (!given.containsKey(args[i])) {
                    throw new IllegalArgumentException("unknown option '" + args[i] + "'; there are " + USAGE);
                }
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException("option " + args[i] + " has no value; write " + USAGE);
                }
                given.put(args[i], args[i + 1]);
            }
            String records = given.getOrDefault("--records", "");
            if (!records.matches("\\d{1,12}")) {
                throw new IllegalArgumentException("--records: expected a whole number, found '" + records + "'");
            }
            return new Settings(
                    Path.of(given.getOrDefault("--platform", "")),
                    Path.of(given.getOrDefault("--output", "")),
                    Long.parseLong(records));
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
            startCluster(topology, issued);
            grant(platform, issued);
            return issued;
        });
        Map<String, Object> operator = connect(certificates, OPERATOR);
        boolean strangerRefused = narration.step("Onboard: topics, a stranger, a synthetic transaction", () -> {
            createTopics(platform, operator);
            boolean refused = strangersAreRefused(certificates);
            narration.say("%s", SyntheticTransaction.with(operator).run(SYNTHETIC, 200, soon()));
            return refused;
        });

        Map<Integer, Orders.Next> nextBefore = new TreeMap<>();
        TopicHash source = narration.step("Fill: produce events, read half of them in a group", () -> {
            Orders.produce(connect(certificates, Orders.PRODUCER), settings.records(), narration);
            nextBefore.putAll(Orders.billHalf(connect(certificates, Orders.CONSUMER), settings.records()));
            TopicHash hash = TopicHash.of(Orders.TOPIC, operator);
            narration.say("%,d events, %s of keys and values", hash.records(), size(hash.payloadBytes()));
            narration.say("SHA-256 over every record: %s", hash.hex());
            return hash;
        });

        Backups backups =
                Backups.in(S3Store.bucket(store.asyncClient(), store.bucket()).prefix("prod"));
        Speeds speeds = narration.step(
                "Back up to S3, against kafka-consumer-perf-test", () -> backUp(backups, operator, source));

        Restored restored = narration.step("Lose everything, and restore", () -> {
            cluster().close();
            narration.say("the cluster and its disks are gone");
            startCluster(topology, certificates);
            grant(platform, certificates);
            return restore(backups, speeds.point(), certificates);
        });
        boolean exact = nextBefore.equals(restored.next());
        require(source.hex().equals(restored.hash().hex()), "the restored records differ from the original ones");
        require(
                exact,
                "the group does not go on where it was: " + nextBefore + " before, " + restored.next() + " after");

        PlacementPlan moves = narration.step("Scale: a fourth broker", () -> scale(certificates));

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
                movesOf(moves),
                new QuickStartReport.Cost((System.nanoTime() - startNanos) / 1e9, heap.peakMegabytes()),
                narration.steps(),
                drawn(topology));
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
            Plan<ManifestAction> plan = provisioner.plan(provisioner.read(manifests, soon()));
            narration.sayFirst(14, printed(plan));
            provisioner.run(plan, options("kubernetes")).await(soon()).requireSuccess();
            Plan<ManifestAction> second = provisioner.plan(provisioner.read(manifests, soon()));
            narration.say(
                    "planned again: %s",
                    second.isEmpty() ? "nothing to do" : second.actions().size() + " actions");
            require(second.isEmpty(), "planning the applied resources again finds something to do");
            return second.actions().size();
        }
    }

    private void startCluster(Topology topology, Certificates certificates) {
        List<String> racks = topology.zones().stream().map(Zone::value).toList();
        KafkaListener clients =
                KafkaListener.mutualTls("INTERNAL", certificates::broker).property("ssl.enabled.protocols", "TLSv1.3");
        running = EmbeddedKafka.builder()
                .brokers(topology.brokers().replicas())
                .racks(racks.toArray(String[]::new))
                .listener(clients)
                .authorizer(
                        "User:CN=" + OPERATOR,
                        "User:CN=" + certificates.brokerName(topology.brokers().replicas()))
                .property("num.io.threads", "4")
                .property("num.network.threads", "2")
                .property("num.replica.fetchers", "2")
                .property("offsets.topic.replication.factor", "3")
                .property("default.replication.factor", "3")
                .property("min.insync.replicas", "2")
                .start();
        narration.say(
                "%d brokers in %s, mutual TLS 1.3, authorizer on",
                topology.brokers().replicas(), racks);
    }

    private void grant(Platform platform, Certificates certificates) {
        try (Admin admin = admin(connect(certificates, OPERATOR))) {
            AccessControl access = AccessControl.on(admin);
            Plan<AccessAction> rights = access.plan(access.read(soon()), platform.all(AccessPolicies.KIND));
            narration.sayFirst(8, printed(rights));
            access.run(rights, RunOptions.defaults()).await(soon()).requireSuccess();
        }
    }

    private void createTopics(Platform platform, Map<String, Object> operator) {
        try (Admin admin = admin(operator)) {
            Topics topics = Topics.on(admin);
            Plan<TopicAction> plan = topics.plan(topics.read(soon()), platform.all(TopicSets.KIND));
            narration.sayFirst(8, printed(plan));
            topics.run(plan, options("topics")).await(soon()).requireSuccess();
        }
    }

    private boolean strangersAreRefused(Certificates certificates) {
        Exception withoutRole = refusal(connect(certificates, "stranger"));
        narration.say("a stranger with a valid certificate: %s", String.valueOf(withoutRole.getMessage()));
        Exception withoutTrust =
                refusal(certificates.impostor(Orders.PRODUCER, cluster().bootstrapServers()));
        narration.say("a certificate of another authority: %s", String.valueOf(withoutTrust.getMessage()));
        boolean refused =
                withoutRole instanceof AuthorizationException && withoutTrust instanceof SslAuthenticationException;
        require(refused, "a stranger was not refused");
        return refused;
    }

    /** What a producer with these properties is told. */
    private static Exception refusal(Map<String, Object> properties) {
        Map<String, Object> hasty = new HashMap<>(properties);
        hasty.put("max.block.ms", 20_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(hasty, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Orders.TOPIC, new byte[] {1})).get();
            return new IllegalStateException("its record was accepted");
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** What the passes measured, in MB/s. */
    private record Speeds(RecoveryPoint point, double wire, List<Double> backup, List<Double> consumer) {}

    private Speeds backUp(Backups backups, Map<String, Object> operator, TopicHash source) throws Exception {
        List<Double> backupRates = new ArrayList<>();
        List<Double> wireRates = new ArrayList<>();
        List<Double> consumerRates = new ArrayList<>();
        RecoveryPoint point = null;
        try (Admin admin = admin(operator)) {
            KafkaConnection connection = KafkaConnection.of(operator).using(admin);
            // The consumer is warm after one pass; what a backup runs through takes the compiler longer.
            boolean comparable = source.records() >= COMPARABLE_RECORDS;
            int warmUps = comparable ? WARM_UPS : 1;
            for (int pass = 1 - warmUps; pass <= BACKUP_PASSES; pass++) {
                boolean warmUp = pass < 1;
                if (comparable) {
                    Throughput.awaitCompiler(); // What one side left to compile must not slow the other down.
                }
                double consumer =
                        ConsumerBaseline.fetchMegabytesPerSecond(Orders.TOPIC, source.records(), operator, work);
                BackupPlan plan = backups.plan(
                        ClusterState.read(admin, soon()),
                        Selection.topics(TopicPattern.glob("orders.*")).withGroups());
                if (pass == 1 - warmUps) {
                    narration.sayFirst(6, printed(plan));
                }
                RunOptions options = options("backup-" + (pass + warmUps)).listener(throughput.of("backup (wire)"));
                if (comparable) {
                    Throughput.awaitCompiler();
                }
                long start = System.nanoTime();
                point = backups.run(plan, connection, options).await(later()).recoveryPoint();
                double seconds = (System.nanoTime() - start) / 1e9;
                require(
                        point.records() == source.records(),
                        "the backup has " + point.records() + " of " + source.records() + " records");
                double payload = source.payloadBytes() / Throughput.MEGABYTE / seconds;
                if (!warmUp) {
                    backupRates.add(payload);
                    wireRates.add(point.size().bytes() / Throughput.MEGABYTE / seconds);
                    consumerRates.add(consumer);
                }
                narration.say(
                        "%s: backup %.0f MB/s of payload (%s in %.2f s), kafka-consumer-perf-test %.0f MB/s",
                        warmUp ? "warm-up " + (pass + warmUps) : "pass " + pass,
                        payload,
                        size(point.size().bytes()),
                        seconds,
                        consumer);
            }
        }
        if (point == null) {
            throw new IllegalStateException("no pass ran");
        }
        backups.verify(point, RunOptions.defaults().listener(narration.progress()))
                .await(later())
                .requireSuccess();
        narration.say(
                "verified %s; median %.0f MB/s against %.0f MB/s: %.1f times as fast",
                point,
                Throughput.median(backupRates),
                Throughput.median(consumerRates),
                Throughput.median(backupRates) / Throughput.median(consumerRates));
        return new Speeds(point, Throughput.median(wireRates), backupRates, consumerRates);
    }

    /** What came back. */
    private record Restored(TopicHash hash, double payloadRate, Map<Integer, Orders.Next> next) {}

    private Restored restore(Backups backups, RecoveryPoint point, Certificates certificates) {
        Map<String, Object> operator = connect(certificates, OPERATOR);
        try (Admin admin = admin(operator)) {
            RestorePlan plan =
                    backups.planRestore(point, ClusterState.read(admin, soon()), RestoreOptions.everything());
            narration.sayFirst(8, printed(plan));
            long start = System.nanoTime();
            backups.run(
                            plan,
                            KafkaConnection.of(operator),
                            options("restore").listener(throughput.of("restore (wire)")))
                    .await(later())
                    .requireSuccess();
            double seconds = (System.nanoTime() - start) / 1e9;
            TopicHash hash = TopicHash.of(Orders.TOPIC, operator);
            double rate = hash.payloadBytes() / Throughput.MEGABYTE / seconds;
            narration.say("restored %,d records in %.1f s: %.0f MB/s of payload", hash.records(), seconds, rate);
            narration.say("SHA-256 over every record: %s", hash.hex());
            int partitions = ClusterState.read(admin, soon())
                    .topic(TopicName.of(Orders.TOPIC))
                    .orElseThrow()
                    .partitions()
                    .size();
            Map<Integer, Orders.Next> next = Orders.goOn(connect(certificates, Orders.CONSUMER), partitions);
            narration.say("group '%s' goes on at exactly the next record of %d partitions", Orders.GROUP, next.size());
            return new Restored(hash, rate, next);
        }
    }

    private final Map<String, List<QuickStartReport.BrokerLoad>> balance = new HashMap<>();

    private PlacementPlan scale(Certificates certificates) {
        int added = cluster().addBroker(NEW_ZONE);
        narration.say("broker %d joined in a zone of its own, %s", added, NEW_ZONE);
        try (Admin admin = admin(connect(certificates, OPERATOR))) {
            ClusterState before = ClusterState.read(admin, soon());
            balance.put("before", loads(before));
            PlacementPlan plan = Placement.of(before)
                    .withBrokers(BrokerId.of(added))
                    .within(Band.percent(9))
                    .plan();
            narration.sayFirst(24, printed(plan));
            Report report = Reassignment.on(admin)
                    .throttledAt(Rate.mebibytesPerSecond(80))
                    .run(plan, options("placement").listener(throughput.of("moves")))
                    .await(later());
            report.requireSuccess();
            ClusterState after = ClusterState.read(admin, soon());
            balance.put("after", loads(after));
            for (QuickStartReport.BrokerLoad load : loads(after)) {
                narration.say("%s (%s): %s", load.broker(), load.rack(), size(load.bytes()));
            }
            return plan;
        }
    }

    private static List<QuickStartReport.BrokerLoad> loads(ClusterState state) {
        Map<BrokerId, Long> bytes = new TreeMap<>();
        state.brokers().keySet().forEach(id -> bytes.put(id, 0L));
        for (TopicState topic : state.topics().values()) {
            for (PartitionState partition : topic.partitions()) {
                partition.replicas().forEach(id -> bytes.merge(id, partition.size(), Long::sum));
            }
        }
        return state.brokers().values().stream()
                .map((Broker broker) -> new QuickStartReport.BrokerLoad(
                        "broker " + broker.id(), broker.rack().orElse(""), bytes.getOrDefault(broker.id(), 0L)))
                .toList();
    }

    private QuickStartReport.Moves movesOf(PlacementPlan plan) {
        return new QuickStartReport.Moves(
                plan.bytesToCopy().bytes(),
                plan.bytesLowerBound().bytes(),
                balance.getOrDefault("before", List.of()),
                balance.getOrDefault("after", List.of()));
    }

    private QuickStartReport.Topology drawn(Topology topology) {
        Map<String, List<String>> byZone = new TreeMap<>();
        topology.zones().forEach(zone -> byZone.put(zone.value(), new ArrayList<>()));
        for (QuickStartReport.BrokerLoad load : balance.getOrDefault("after", List.of())) {
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
        try (Admin admin = admin(lastOperator)) {
            ClusterState.read(admin, soon()).topics().values().stream()
                    .filter(topic -> !topic.name().isInternal())
                    .forEach(topic -> topics.add(new QuickStartReport.Topic(
                            topic.name().value(), topic.partitions().size(), topic.replicationFactor())));
        }
        return new QuickStartReport.Topology(topology.name(), topology.environment(), zones, components, topics);
    }

    private Map<String, Object> lastOperator = Map.of();

    private Map<String, Object> connect(Certificates certificates, String name) {
        Map<String, Object> properties =
                new HashMap<>(certificates.client(name, cluster().bootstrapServers()));
        properties.put("client.id", name);
        if (name.equals(OPERATOR)) {
            lastOperator = properties;
        }
        return properties;
    }

    private static Admin admin(Map<String, Object> properties) {
        return Admin.create(properties);
    }

    private EmbeddedKafka cluster() {
        EmbeddedKafka cluster = running;
        if (cluster == null) {
            throw new IllegalStateException("the cluster has not been started");
        }
        return cluster;
    }

    private RunOptions options(String run) {
        return RunOptions.defaults()
                .journal(Journal.file(work.resolve("journals").resolve(run + ".journal")))
                .listener(narration.progress());
    }

    private static String printed(Plan<?> plan) {
        StringBuilder text = new StringBuilder();
        plan.printTo(text);
        return text.toString();
    }

    private static String size(long bytes) {
        return DataSize.ofBytes(bytes).forPeople();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(1));
    }

    private static Deadline later() {
        return Deadline.after(Duration.ofMinutes(10));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new EventBrokerException(
                    otherwise + "; this should not happen: please report it with the report folder");
        }
    }

    /** Stops what runs and deletes what is not the report. May be called more than once, and by the shutdown hook. */
    @Override
    public synchronized void close() {
        heap.close();
        EmbeddedKafka cluster = running;
        if (cluster != null) {
            cluster.close();
        }
        store.close();
        Folders.delete(work);
    }
}
