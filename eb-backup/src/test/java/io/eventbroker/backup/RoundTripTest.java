package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
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
        BackupPlan plan = backups.plan(
                ClusterState.read(from, deadline),
                Selection.topics(TopicPattern.glob(topics)).withGroups());
        return backups.run(plan, KafkaConnection.of(source.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .recoveryPoint();
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
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> middle = records.get(0);
        positions.put(
                new TopicPartition("grouped", 0),
                new OffsetAndMetadata(middle.get(77).offset(), "noted"));
        positions.put(new TopicPartition("grouped", 1), new OffsetAndMetadata(0));
        positions.put(new TopicPartition("grouped", 2), new OffsetAndMetadata(1_000_000));
        from.alterConsumerGroupOffsets("exact", positions).all().get();

        roundTrip("grouped");

        Map<TopicPartition, OffsetAndMetadata> restored = to.listConsumerGroupOffsets("exact")
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(restored.get(new TopicPartition("grouped", 0))).isEqualTo(new OffsetAndMetadata(77, "noted"));
        assertThat(restored.get(new TopicPartition("grouped", 1)).offset()).isZero();
        assertThat(restored.get(new TopicPartition("grouped", 2)).offset())
                .isEqualTo(records.get(2).size());
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

        assertThat(backups.recoveryPoints())
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.records()).isEqualTo(1_000));
    }
}
