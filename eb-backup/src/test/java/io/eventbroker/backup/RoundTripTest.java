package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in comes out again, from one real cluster to another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private EmbeddedKafka target;
    private Admin from;
    private Admin to;

    @BeforeAll
    void start() {
        source = EmbeddedKafka.builder()
                .brokers(3)
                .property("log.cleaner.backoff.ms", "200")
                .start();
        target = EmbeddedKafka.builder().brokers(2).start();
        from = source.admin();
        to = target.admin();
    }

    @AfterAll
    void stop() {
        source.close();
        target.close();
    }

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        from.createTopics(List.of(new NewTopic(topic, partitions, (short) 2).configs(configs)))
                .all()
                .get();
    }

    private Backups backups(String name) {
        return Backups.in(FileStore.at(directory.resolve(name)));
    }

    private RecoveryPoint backUp(Backups backups, String topics) {
        Deadline deadline = Deadline.after(LONG);
        TopicPattern pattern = TopicPattern.glob(topics);
        // Not every broker knows a topic at the moment that it is created.
        ClusterState state = org.awaitility.Awaitility.await()
                .atMost(LONG)
                .until(
                        () -> ClusterState.read(from, deadline),
                        now -> now.topics().keySet().stream().anyMatch(pattern::matches));
        BackupPlan plan = backups.plan(state, Selection.topics(pattern).withGroups());
        return backups.run(plan, KafkaConnection.of(source.clientProperties()).using(from), RunOptions.defaults())
                .await(deadline)
                .recoveryPoint();
    }

    /** What another backup's report tells of its actions. */
    private List<String> detailsOf(String topic) {
        Deadline deadline = Deadline.after(LONG);
        Backups backups = backups(topic);
        BackupPlan plan = backups.plan(ClusterState.read(from, deadline), Selection.topics(TopicPattern.glob(topic)));
        return backups
                .run(plan, KafkaConnection.of(source.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .results()
                .stream()
                .map(result -> result.detail())
                .toList();
    }

    private void restore(Backups backups, RecoveryPoint point) {
        Deadline deadline = Deadline.after(LONG);
        RestorePlan plan = backups.planRestore(point, ClusterState.read(to, deadline), RestoreOptions.everything());
        assertThat(RestorePlan.read(plan.toJson()).hash()).isEqualTo(plan.hash());
        backups.run(plan, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .requireSuccess();
    }

    private void assertSame(String topic) throws Exception {
        assertThat(TestTopics.digests(target.clientProperties(), to, topic))
                .isEqualTo(TestTopics.digests(source.clientProperties(), from, topic));
    }

    private RecoveryPoint roundTrip(String topic) throws Exception {
        Backups backups = backups(topic).segmentSize(DataSize.ofBytes(40_000));
        RecoveryPoint point = backUp(backups, topic);
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
        restore(backups, point);
        assertSame(topic);
        return point;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void restoresEveryCodecBitByBit(String codec) throws Exception {
        String topic = "codec." + codec;
        create(topic, 4, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "compression.type", codec)) {
            for (int i = 0; i < 3_000; i++) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topic,
                        i % 4,
                        i % 7 == 0 ? 1_000L * i : System.currentTimeMillis(),
                        i % 3 == 0 ? null : bytes("key" + i),
                        i % 11 == 0 ? null : i % 13 == 0 ? new byte[0] : bytes("value " + "x".repeat(i % 200)));
                if (i % 5 == 0) {
                    record.headers().add("h", bytes("1")).add("h", null).add(new RecordHeader("other", new byte[0]));
                }
                TestTopics.send(producer, record);
            }
        }

        RecoveryPoint point = roundTrip(topic);

        assertThat(point.records()).isEqualTo(3_000);
        assertThat(point.manifest().partitions())
                .allSatisfy(p -> assertThat(p.segments())
                        .allSatisfy(s -> assertThat(s.rewritten()).isZero()));
    }

    @Test
    void leavesAbortedAndOpenTransactionsOut() throws Exception {
        create("transactions", 2, Map.of());
        KafkaProducer<byte[], byte[]> open = TestTopics.producer(source.clientProperties(), "transactional.id", "open");
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "transactional.id", "mixed")) {
            producer.initTransactions();
            open.initTransactions();
            for (int i = 0; i < 60; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 20; j++) {
                    TestTopics.send(
                            producer, new ProducerRecord<>("transactions", j % 2, bytes("k" + i), bytes("v" + j)));
                }
                if (i % 3 == 1) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
            open.beginTransaction();
            TestTopics.send(open, new ProducerRecord<>("transactions", 0, bytes("open"), bytes("open")));
            open.flush();
            producer.beginTransaction();
            TestTopics.send(producer, new ProducerRecord<>("transactions", 0, bytes("behind"), bytes("the open one")));
            producer.commitTransaction();

            RecoveryPoint point = roundTrip("transactions");

            assertThat(point.records()).isEqualTo(40 * 20);
            // The open record, the one behind it, and the marker of its commit.
            assertThat(point.heldBackOffsets()).isEqualTo(3);
            assertThat(detailsOf("transactions"))
                    .anySatisfy(
                            d -> assertThat(d).contains("3 offsets of 1 partitions lie behind an open transaction"));
            open.abortTransaction();
        } finally {
            open.close(Duration.ZERO);
        }
    }

    @Test
    void writesBatchesWithGapsAnew() throws Exception {
        create(
                "compacted",
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001",
                        "min.compaction.lag.ms", "0",
                        "delete.retention.ms", "100000000"));
        for (String codec : List.of("none", "lz4", "zstd", "snappy", "gzip")) {
            try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                    source.clientProperties(), "compression.type", codec, "linger.ms", "200", "batch.size", "100000")) {
                for (int i = 0; i < 500; i++) {
                    TestTopics.send(
                            producer,
                            new ProducerRecord<>(
                                    "compacted",
                                    0,
                                    bytes("key" + (i % 2 == 0 ? i % 10 : i) + (i % 3 == 0 ? codec : "")),
                                    i % 17 == 0 ? null : bytes(codec + " value " + i)));
                }
            }
        }
        TopicPartition partition = new TopicPartition("compacted", 0);
        org.awaitility.Awaitility.await().atMost(LONG).until(() -> {
            try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
                TestTopics.send(producer, new ProducerRecord<>("compacted", 0, bytes("roll"), bytes("roll")));
            }
            List<ConsumerRecord<byte[], byte[]>> records = TestTopics.read(source.clientProperties(), from, "compacted")
                    .get(0);
            return records.size() < records.get(records.size() - 1).offset() - 500;
        });
        List<ConsumerRecord<byte[], byte[]>> records =
                TestTopics.read(source.clientProperties(), from, "compacted").get(0);
        long gap = records.stream()
                .map(ConsumerRecord::offset)
                .filter(o -> records.stream().noneMatch(r -> r.offset() == o + 1))
                .findFirst()
                .orElseThrow();
        from.alterConsumerGroupOffsets("in-a-gap", Map.of(partition, new OffsetAndMetadata(gap + 1)))
                .all()
                .get();

        RecoveryPoint point = roundTrip("compacted");

        assertThat(point.manifest().partitions().get(0).segments())
                .anySatisfy(s -> assertThat(s.rewritten()).isPositive());
        assertThat(to.listConsumerGroupOffsets("in-a-gap")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(partition)
                        .offset())
                .isEqualTo(records.stream().filter(r -> r.offset() <= gap).count());
        assertThat(config("compacted", "cleanup.policy")).isEqualTo("compact");
    }

    private String config(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return to.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(key)
                .value();
    }

    @Test
    void keepsAppendTimesAndGivesTheConfigurationBack() throws Exception {
        create(
                "append.time",
                2,
                Map.of(
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        "3600000",
                        "max.message.bytes",
                        "2000000"));
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "compression.type", "zstd")) {
            for (int i = 0; i < 400; i++) {
                TestTopics.send(
                        producer, new ProducerRecord<>("append.time", i % 2, 5L, bytes("k" + i), bytes("v" + i)));
            }
        }

        roundTrip("append.time");

        assertThat(config("append.time", "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(config("append.time", "retention.ms")).isEqualTo("3600000");
        assertThat(config("append.time", "max.message.bytes")).isEqualTo("2000000");
        assertThat(config("append.time", "cleanup.policy")).isEqualTo("delete");
    }

    @Test
    void startsInTheMiddleOfABatchAfterDeleteRecords() throws Exception {
        create("deleted", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "linger.ms", "300", "compression.type", "lz4")) {
            for (int i = 0; i < 100; i++) {
                TestTopics.send(producer, new ProducerRecord<>("deleted", bytes("k" + i), bytes("v" + i)));
            }
        }
        TopicPartition partition = new TopicPartition("deleted", 0);
        from.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(37)))
                .all()
                .get();

        RecoveryPoint point = roundTrip("deleted");

        assertThat(point.records()).isEqualTo(63);
    }

    @Test
    void setsGroupPositionsExactly() throws Exception {
        create("grouped", 3, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "transactional.id", "grouped")) {
            producer.initTransactions();
            for (int i = 0; i < 30; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 30; j++) {
                    TestTopics.send(
                            producer, new ProducerRecord<>("grouped", j % 3, bytes("k" + i), bytes("v" + i + "-" + j)));
                }
                producer.flush();
                if (i % 4 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        List<List<ConsumerRecord<byte[], byte[]>>> records =
                TestTopics.read(source.clientProperties(), from, "grouped");
        TopicPartition partition = new TopicPartition("grouped", 0);
        List<Long> offsets = records.get(0).stream().map(ConsumerRecord::offset).toList();
        // The first record was aborted, so offset 0 is in a gap as well as at the start.
        long gap = offsets.get(0) - 1;
        long end = offsets.get(offsets.size() - 1) + 1;
        Map<String, Long> committed = Map.of(
                "at-start",
                0L,
                "in-a-gap",
                gap,
                "at-the-first",
                offsets.get(0),
                "in-the-middle",
                offsets.get(77),
                "beside-it",
                offsets.get(77),
                "at-the-last",
                offsets.get(offsets.size() - 1),
                "at-the-end",
                end,
                "past-the-end",
                1_000_000L);
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            from.alterConsumerGroupOffsets(
                            group.getKey(), Map.of(partition, new OffsetAndMetadata(group.getValue(), group.getKey())))
                    .all()
                    .get();
        }
        from.alterConsumerGroupOffsets(
                        "beside-it", Map.of(new TopicPartition("grouped", 2), new OffsetAndMetadata(1_000_000)))
                .all()
                .get();

        roundTrip("grouped");

        assertThat(gap).isPositive();
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            OffsetAndMetadata restored = to.listConsumerGroupOffsets(group.getKey())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            long before = offsets.stream().filter(o -> o < group.getValue()).count();
            assertThat(restored).as(group.getKey()).isEqualTo(new OffsetAndMetadata(before, group.getKey()));
        }
        assertThat(to.listConsumerGroupOffsets("beside-it")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(new TopicPartition("grouped", 2))
                        .offset())
                .isEqualTo(records.get(2).size());
    }

    @Test
    void tellsOfHolesThatNoCompactionExplains() throws Exception {
        create(
                "holed",
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001"));
        TopicPartition partition = new TopicPartition("holed", 0);
        org.awaitility.Awaitility.await().atMost(LONG).until(() -> {
            try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
                for (int i = 0; i < 50; i++) {
                    TestTopics.send(producer, new ProducerRecord<>("holed", 0, bytes("same"), bytes("v" + i)));
                }
            }
            List<ConsumerRecord<byte[], byte[]>> records =
                    TestTopics.read(source.clientProperties(), from, "holed").get(0);
            return records.size() < records.get(records.size() - 1).offset() + 1;
        });
        RecoveryPoint compacted = backUp(backups("holed"), "holed");
        from.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, "holed"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET))))
                .all()
                .get();

        RecoveryPoint deleted = backUp(backups("holed"), "holed");

        long start = compacted.manifest().partitions().get(0).start();
        assertThat(compacted.manifest().partitions().get(0).absent())
                .isEqualTo(compacted.manifest().partitions().get(0).end() - start - compacted.records())
                .isPositive();
        assertThat(compacted.missingOffsets()).isZero();
        assertThat(deleted.missingOffsets())
                .isEqualTo(deleted.manifest().partitions().get(0).absent())
                .isPositive();
        assertThat(detailsOf("holed")).anySatisfy(d -> assertThat(d).contains(partition.toString(), "held no record"));
    }

    @Test
    void fitsATopicToASmallerClusterWithTheConfigurationItIsGiven() throws Exception {
        from.createTopics(List.of(new NewTopic("shrunk", 1, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                .all()
                .get();
        Backups backups = backups("shrunk");
        RecoveryPoint point = backUp(backups, "shrunk");
        Deadline deadline = Deadline.after(LONG);
        ClusterState smaller = ClusterState.read(to, deadline);
        RestoreOptions one = RestoreOptions.everything().replicationFactor(1);
        assertThatThrownBy(() -> backups.planRestore(point, smaller, one))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("RestoreOptions.config(\"min.insync.replicas\", \"1\")");

        RestorePlan plan = backups.planRestore(point, smaller, one.config("min.insync.replicas", "1"));
        backups.run(plan, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .requireSuccess();

        assertThat(plan.notes()).anySatisfy(n -> assertThat(n).contains("min.insync.replicas=1"));
        assertThat(config("shrunk", "min.insync.replicas")).isEqualTo("1");
    }

    @Test
    void restoresEmptyTopicsAndRefusesTopicsThatExist() throws Exception {
        create("empty", 5, Map.of("retention.bytes", "123456"));

        RecoveryPoint point = roundTrip("empty");

        assertThat(point.records()).isZero();
        assertThat(config("empty", "retention.bytes")).isEqualTo("123456");
        assertThatThrownBy(() -> restore(backups("empty"), point))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("topic empty exists");
    }

    @Test
    void refusesAnAdminClientThatLeadsToAnotherCluster() throws Exception {
        // Given
        create("elsewhere", 1, Map.of());
        Backups backups = backups("elsewhere");
        Deadline deadline = Deadline.after(LONG);
        ClusterState state = org.awaitility.Awaitility.await()
                .atMost(LONG)
                .until(
                        () -> ClusterState.read(from, deadline),
                        now -> now.topic(TopicName.of("elsewhere")).isPresent());
        BackupPlan plan = backups.plan(state, Selection.topics(TopicPattern.glob("elsewhere")));

        // When, Then
        KafkaConnection torn = KafkaConnection.of(target.clientProperties()).using(from);
        assertThatThrownBy(() -> backups.run(plan, torn, RunOptions.defaults()).await(deadline))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining(source.clusterId())
                .hasMessageContaining(target.clusterId());
    }

    @Test
    void keepsTwoBackupsInOneStoreApart() throws Exception {
        create("twice", 2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
            for (int i = 0; i < 1_000; i++) {
                TestTopics.send(producer, new ProducerRecord<>("twice", bytes("k" + i), bytes("v" + i)));
            }
        }
        Backups backups = backups("twice");
        Deadline deadline = Deadline.after(LONG);
        ClusterState state = ClusterState.read(from, deadline);
        List<io.eventbroker.core.run.Run<BackupReport>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            BackupPlan plan = backups.plan(state, Selection.topics(TopicPattern.regex("tw.ce")));
            runs.add(backups.run(plan, KafkaConnection.of(source.clientProperties()), RunOptions.defaults()));
        }
        for (io.eventbroker.core.run.Run<BackupReport> run : runs) {
            backups.verify(run.await(deadline).recoveryPoint(), RunOptions.defaults())
                    .await(deadline)
                    .requireSuccess();
        }

        assertThat(backups.recoveryPoints().readable())
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.records()).isEqualTo(1_000));
    }
}
