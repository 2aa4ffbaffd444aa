package io.eventbroker.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.JournalException;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsResult;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves replicas between real brokers: three in three racks, and a fourth that was added. One cluster for all tests; each
 * has a topic of its own, the only one there is.
 */
@Timeout(180)
class ReassignmentTest {
    private static final int PARTITIONS = 8;
    private static final Band BAND = Band.percent(25);
    private static final Rate FAST = Rate.mebibytesPerSecond(200);
    /** At this rate what is to be moved takes a good ten seconds. */
    private static final Rate SLOW = Rate.bytesPerSecond(128 << 10);

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @TempDir
    Path folder;

    private String topic;
    private long content;

    @BeforeAll
    static void startThreeBrokersAndAddAFourth() {
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .racks("az-a", "az-b", "az-c")
                .property("replica.fetch.max.bytes", "65536")
                .property("replica.fetch.response.max.bytes", "65536")
                .property("replication.quota.window.num", "3")
                .property("auto.leader.rebalance.enable", "false")
                .start();
        kafka.addBroker("az-d");
        admin = kafka.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void fillTheFirstThreeBrokers() throws Exception {
        topic = "orders-" + TOPICS.incrementAndGet();
        Map<Integer, List<Integer>> replicas = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            replicas.put(p, List.of(p % 3, (p + 1) % 3, (p + 2) % 3));
        }
        admin.createTopics(List.of(new NewTopic(topic, replicas))).all().get();
        // Before anything is sent: a producer that meets a partition in the making tries again and again.
        awaitInSync();
        Random random = new Random(1);
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put("enable.idempotence", false);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < PARTITIONS * 80; i++) {
                byte[] value = new byte[8192];
                random.nextBytes(value);
                sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, value)));
            }
            for (Future<?> one : sent) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        awaitInSync();
        content = checksum();
    }

    private void awaitInSync() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            var state = ClusterState.read(admin, soon(), Set.of()).topic(TopicName.of(topic));
            return state.isPresent()
                    && state.get().partitions().size() == PARTITIONS
                    && state.get().partitions().stream()
                            .allMatch(p -> p.leader().isPresent() && p.isr().size() == 3);
        });
    }

    /** For the next test, also after one that failed: all brokers, no throttle, no topic. */
    @AfterEach
    void clear() throws Exception {
        for (var broker : kafka.brokers()) {
            if (!broker.running()) {
                kafka.startBroker(broker.id());
            }
        }
        admin.deleteTopics(List.of(topic)).all().get();
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        for (int id = 0; id < 4; id++) {
            ops.put(
                    broker(id),
                    List.of(
                            new AlterConfigOp(new ConfigEntry(Throttle.LEADER_RATE, ""), OpType.DELETE),
                            new AlterConfigOp(new ConfigEntry(Throttle.FOLLOWER_RATE, ""), OpType.DELETE)));
        }
        admin.incrementalAlterConfigs(ops).all().get();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> throttles().isEmpty()
                        && admin.listTopics().names().get().isEmpty());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(90));
    }

    private PlacementPlan plan() {
        ClusterState state = ClusterState.read(admin, soon(), Set.of(Part.SIZES));
        return Placement.of(state).withBrokers(BrokerId.of(3)).within(BAND).plan();
    }

    private RunOptions journal(String name) {
        return RunOptions.defaults().journal(Journal.file(folder.resolve(name)));
    }

    /** Order-independent over partitions, ordered within each. */
    private long checksum() {
        Map<TopicPartition, CRC32> sums = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            sums.put(new TopicPartition(topic, p), new CRC32());
        }
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                new HashMap<>(kafka.clientProperties()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(sums.keySet());
            consumer.seekToBeginning(sums.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(sums.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    CRC32 crc = sums.get(new TopicPartition(topic, record.partition()));
                    crc.update(ByteBuffer.allocate(8).putLong(0, record.offset()));
                    crc.update(record.value());
                }
            }
        }
        return sums.entrySet().stream()
                .mapToLong(sum -> sum.getValue().getValue() * (sum.getKey().partition() + 1))
                .sum();
    }

    /** Every throttle that is set on a broker or topic itself. */
    private Map<String, String> throttles() throws Exception {
        List<ConfigResource> resources = new ArrayList<>();
        for (var node : admin.describeCluster().nodes().get()) {
            resources.add(new ConfigResource(ConfigResource.Type.BROKER, node.idString()));
        }
        for (String name : admin.listTopics().names().get()) {
            resources.add(new ConfigResource(ConfigResource.Type.TOPIC, name));
        }
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<ConfigResource, Config> one :
                admin.describeConfigs(resources).all().get().entrySet()) {
            for (ConfigEntry entry : one.getValue().entries()) {
                boolean own = entry.source() == ConfigSource.DYNAMIC_BROKER_CONFIG
                        || entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG;
                if (own && entry.name().contains("replication.throttled")) {
                    found.put(one.getKey().name() + "/" + entry.name(), String.valueOf(entry.value()));
                }
            }
        }
        return found;
    }

    private void awaitSomeUnderWay() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !admin.listPartitionReassignments()
                        .reassignments()
                        .get()
                        .isEmpty());
    }

    private void assertMovedAndClean(Plan<Move> plan) throws Exception {
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(throttles()).isEmpty();
        ClusterState now = ClusterState.read(admin, soon(), Set.of(Part.SIZES));
        for (Move move : plan.actions()) {
            var partition = now.topics().get(move.topic()).partitions().get(move.partition());
            assertThat(partition.replicas()).as(move.summary()).isEqualTo(move.to());
            if (move.changesLeader()) {
                assertThat(partition.leader()).as(move.summary()).contains(move.preferredLeader());
            }
        }
        assertThat(Placement.of(now).within(BAND).plan().actions()).isEmpty();
        assertThat(checksum()).isEqualTo(content);
    }

    @Test
    void fillsAnAddedBrokerAndLeavesNoThrottle() throws Exception {
        PlacementPlan plan = plan();
        assertThat(plan.actions()).isNotEmpty();
        assertThat(plan.maxOverAverageBefore()).isGreaterThan(1.3);

        Report report = Reassignment.on(admin)
                .throttledAt(FAST)
                .run(plan, RunOptions.defaults())
                .await(soon());

        report.requireSuccess();
        assertThat(plan.maxOverAverageAfter()).isLessThanOrEqualTo(1.25);
        assertMovedAndClean(plan);
        assertThatThrownBy(() -> Reassignment.on(admin)
                        .throttledAt(FAST)
                        .run(plan, RunOptions.defaults())
                        .await(soon()))
                .isInstanceOf(PlanStaleException.class);
    }

    @Test
    void cancelTakesBackWhatMovesAndAResumeFinishes() throws Exception {
        PlacementPlan plan = plan();
        Run<Report> run = Reassignment.on(admin).throttledAt(SLOW).run(plan, journal("cancelled"));
        awaitSomeUnderWay();
        assertThat(throttles())
                .containsEntry("3/follower.replication.throttled.rate", Long.toString(SLOW.bytesPerSecond()))
                .containsEntry("0/leader.replication.throttled.rate", Long.toString(SLOW.bytesPerSecond()))
                .containsKey(topic + "/follower.replication.throttled.replicas")
                .containsKey(topic + "/leader.replication.throttled.replicas");
        run.cancel();
        Report report = run.await(soon());

        assertThat(report.counts()).containsKey(Outcome.NOT_REACHED);
        assertThat(throttles()).isEmpty();
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(checksum()).isEqualTo(content);

        Reassignment.on(admin)
                .throttledAt(FAST)
                .run(plan, journal("cancelled"))
                .await(soon())
                .requireSuccess();
        assertMovedAndClean(plan);
    }

    /** Moves to a broker that does not exist what is to be moved back, as if one of the old brokers were gone for good. */
    private static final class NoWayBack extends ForwardingAdmin {
        private final Map<TopicPartition, List<Integer>> before = new HashMap<>();

        NoWayBack(Plan<Move> plan) {
            super(new HashMap<>(kafka.clientProperties()));
            plan.actions()
                    .forEach(move -> before.put(
                            new TopicPartition(move.topic().value(), move.partition()),
                            move.from().stream().map(BrokerId::value).toList()));
        }

        @Override
        public AlterPartitionReassignmentsResult alterPartitionReassignments(
                Map<TopicPartition, Optional<NewPartitionReassignment>> wanted,
                AlterPartitionReassignmentsOptions options) {
            Map<TopicPartition, Optional<NewPartitionReassignment>> refused = new HashMap<>(wanted);
            refused.replaceAll(
                    (partition, target) -> target.map(to -> to.targetReplicas().equals(before.get(partition))
                            ? new NewPartitionReassignment(List.of(0, 1, 99))
                            : to));
            return super.alterPartitionReassignments(refused, options);
        }
    }

    @Test
    void removesTheThrottleAlthoughTheWayBackIsRefused() throws Exception {
        PlacementPlan plan = plan();
        try (Admin noWayBack = new NoWayBack(plan)) {
            Run<Report> run = Reassignment.on(noWayBack).throttledAt(SLOW).run(plan, RunOptions.defaults());
            awaitSomeUnderWay();
            run.cancel();

            assertThat(run.await(soon()).counts()).containsKey(Outcome.NOT_REACHED);
        }
        assertThat(throttles()).isEmpty();
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(checksum()).isEqualTo(content);
    }

    @Test
    void leavesTheThrottlesOfOthersAlone() throws Exception {
        ConfigResource ofTopic = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Collection<AlterConfigOp>> theirs = new HashMap<>();
        theirs.put(ofTopic, List.of(set(Throttle.LEADER_REPLICAS, "0:77,1:77")));
        theirs.put(broker(0), List.of(set(Throttle.LEADER_RATE, "999999999999")));
        theirs.put(broker(1), List.of(set(Throttle.LEADER_RATE, "1000000")));
        admin.incrementalAlterConfigs(theirs).all().get();
        Map<String, String> before = Map.of(
                topic + "/" + Throttle.LEADER_REPLICAS, "0:77,1:77",
                "0/" + Throttle.LEADER_RATE, "999999999999",
                "1/" + Throttle.LEADER_RATE, "1000000");
        // Each broker answers for itself, and learns of it in its own time.
        await().atMost(Duration.ofSeconds(10)).until(() -> throttles().equals(before));

        Reassignment.on(admin)
                .throttledAt(FAST)
                .run(plan(), RunOptions.defaults())
                .await(soon())
                .requireSuccess();

        assertThat(throttles()).isEqualTo(before);
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), OpType.SET);
    }

    private static ConfigResource broker(int id) {
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
    }

    @Test
    void givesUpOnABrokerThatDiesAndCleansUp() throws Exception {
        PlacementPlan plan = plan();
        Run<Report> run = Reassignment.on(admin)
                .stalledAfter(Duration.ofSeconds(4))
                .throttledAt(SLOW)
                .run(plan, journal("died"));
        awaitSomeUnderWay();
        kafka.stopBroker(3);
        Report report = run.await(soon());

        assertThat(report.succeeded()).isFalse();
        assertThat(report.results())
                .anySatisfy(
                        result -> assertThat(result.detail()).contains("broker").contains("alive"));
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(throttles()).isEmpty();

        kafka.startBroker(3);
        Reassignment.on(admin)
                .throttledAt(FAST)
                .run(plan, journal("died"))
                .await(soon())
                .requireSuccess();
        assertMovedAndClean(plan);
    }

    @Test
    void oneRunAtATimeHoldsAJournal() throws Exception {
        PlacementPlan plan = plan();
        Run<Report> first = Reassignment.on(admin).throttledAt(SLOW).run(plan, journal("held"));
        awaitSomeUnderWay();
        assertThatThrownBy(() -> Reassignment.on(admin)
                        .throttledAt(FAST)
                        .run(plan, journal("held"))
                        .await(soon()))
                .isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> Reassignment.on(admin)
                        .throttledAt(FAST)
                        .run(plan, journal("other"))
                        .await(soon()))
                .isInstanceOf(PlanStaleException.class);
        first.cancel();
        first.await(soon());
        assertThat(throttles()).isEmpty();
    }

    @Test
    void killedRunResumesToTheSameStateAndLeavesNoThrottle() throws Exception {
        PlacementPlan plan = plan();
        Path saved = Files.writeString(folder.resolve("plan.json"), plan.toJson());
        Path journal = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledRun.class.getName(),
                        kafka.bootstrapServers(),
                        saved.toString(),
                        journal.toString(),
                        Long.toString(SLOW.bytesPerSecond()))
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "killed.log"))
                .start();
        try {
            awaitSomeUnderWay();
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(throttles()).as("left behind").isNotEmpty();

        Reassignment.on(admin)
                .throttledAt(FAST)
                .run(
                        PlacementPlan.read(Files.readString(saved)),
                        RunOptions.defaults().journal(Journal.file(journal)))
                .await(soon())
                .requireSuccess();
        assertMovedAndClean(plan);
    }

    /** The process that is killed. */
    static final class KilledRun {
        private KilledRun() {}

        public static void main(String[] args) throws Exception {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
                PlacementPlan plan = PlacementPlan.read(Files.readString(Path.of(args[1]), StandardCharsets.UTF_8));
                Reassignment.on(admin)
                        .throttledAt(Rate.bytesPerSecond(Long.parseLong(args[3])))
                        .run(plan, RunOptions.defaults().journal(Journal.file(Path.of(args[2]))))
                        .await(Deadline.after(Duration.ofMinutes(5)));
            }
        }
    }

    @Test
    void aPlanOfNothingTouchesNothing() throws Exception {
        PlacementPlan first = plan();
        Reassignment.on(admin)
                .throttledAt(FAST)
                .run(first, RunOptions.defaults())
                .await(soon())
                .requireSuccess();
        PlacementPlan second = plan();
        assertThat(second.actions()).isEmpty();
        Report report = Reassignment.on(admin)
                .throttledAt(FAST)
                .run(second, RunOptions.defaults())
                .await(soon());
        assertThat(report.succeeded()).isTrue();
    }
}
