package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The committed archives of all format versions stay readable. {@code -Deb.sample=DIR} writes a new one there instead; a
 * committed one is never replaced, a new format version gets a folder of its own.
 */
class SampleArchiveTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TopicPattern SAMPLE = TopicPattern.glob("sample");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void readsVerifiesAndRestoresEveryFormatVersion(int version) throws Exception {
        Path sample = Path.of("src/test/resources/archive-v" + version);
        String write = System.getProperty("eb.sample");
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                Admin admin = kafka.admin()) {
            if (write != null) {
                assumeTrue(version == Manifest.FORMAT_VERSION);
                write(kafka, admin, Path.of(write));
                return;
            }
            Backups backups = Backups.in(FileStore.at(sample));
            List<RecoveryPoint> points = backups.recoveryPoints().readable();
            RecoveryPoint point = points.get(points.size() - 1);
            assertThat(point.manifest().formatVersion()).isEqualTo(version);
            assertThat(point.parent().isPresent()).isEqualTo(version >= 2); // There is a chain from format 2 on.
            assertThat(point.missingOffsets()).isZero();
            assertThat(point.heldBackOffsets()).isZero();
            Deadline deadline = Deadline.after(LONG);
            backups.verify(point, RunOptions.defaults()).await(deadline).requireSuccess();
            RestorePlan plan =
                    backups.planRestore(point, ClusterState.read(admin, deadline), RestoreOptions.everything());
            backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                    .await(deadline)
                    .requireSuccess();

            List<List<ConsumerRecord<byte[], byte[]>>> records =
                    TestTopics.read(kafka.clientProperties(), admin, "sample");
            assertThat(records.get(0)).hasSize(40).allSatisfy(r -> {
                assertThat(r.key()).isEqualTo(bytes("k" + 2 * r.offset()));
                assertThat(r.value()).isEqualTo(bytes("value " + 2 * r.offset()));
                assertThat(r.timestamp()).isEqualTo(1_700_000_000_000L + 2 * r.offset());
                assertThat(r.headers().lastHeader("n").value()).isEqualTo(bytes("" + 2 * r.offset()));
            });
            assertThat(records.get(1)).hasSize(40);
            assertThat(admin.listConsumerGroupOffsets("sample-group")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition("sample", 0)))
                    .isEqualTo(new OffsetAndMetadata(11, "here"));
        }
    }

    private static void write(EmbeddedKafka kafka, Admin admin, Path directory) throws Exception {
        admin.createTopics(List.of(new NewTopic("sample", 2, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all()
                .get();
        Backups backups = Backups.in(FileStore.at(directory)).segmentSize(DataSize.ofBytes(1_024));
        RecoveryPoint full;
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                kafka.clientProperties(), "transactional.id", "sample", "compression.type", "lz4")) {
            producer.initTransactions();
            transact(producer, 0, 40);
            full = take(
                    kafka,
                    backups,
                    backups.plan(ClusterState.read(admin, Deadline.after(LONG)), Selection.topics(SAMPLE)));
            transact(producer, 40, 80);
            producer.beginTransaction();
            TestTopics.send(producer, new ProducerRecord<>("sample", 0, bytes("aborted"), bytes("aborted")));
            producer.flush();
            producer.abortTransaction();
        }
        // Record 11 of partition 0 lies behind one marker.
        admin.alterConsumerGroupOffsets(
                        "sample-group", Map.of(new TopicPartition("sample", 0), new OffsetAndMetadata(12, "here")))
                .all()
                .get();
        take(
                kafka,
                backups,
                backups.planIncremental(
                        ClusterState.read(admin, Deadline.after(LONG)),
                        Selection.topics(SAMPLE).withGroups(),
                        full));
    }

    private static void transact(KafkaProducer<byte[], byte[]> producer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (i % 20 == 0) {
                producer.beginTransaction();
            }
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>("sample", i % 2, 1_700_000_000_000L + i, bytes("k" + i), bytes("value " + i));
            record.headers().add("n", bytes("" + i));
            TestTopics.send(producer, record);
            if (i % 20 == 19) {
                producer.commitTransaction();
            }
        }
    }

    private static RecoveryPoint take(EmbeddedKafka kafka, Backups backups, BackupPlan plan) {
        return backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .recoveryPoint();
    }
}
