package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Batches that producers rarely make: with markers alone, of very old and future records, larger than brokers like. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddBatchesTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private EmbeddedKafka target;
    private Admin from;
    private Admin to;

    @BeforeAll
    void start() {
        source = EmbeddedKafka.builder().start();
        target = EmbeddedKafka.builder().start();
        from = source.admin();
        to = target.admin();
    }

    @AfterAll
    void stop() {
        from.close();
        to.close();
        source.close();
        target.close();
    }

    private RecoveryPoint roundTrip(String topic) throws Exception {
        Backups backups = Backups.in(FileStore.at(directory.resolve(topic)));
        ClusterState state = await().atMost(LONG)
                .until(
                        () -> ClusterState.read(from, Deadline.after(LONG)),
                        now -> now.topic(TopicName.of(topic)).isPresent());
        RecoveryPoint point = backups.run(
                        backups.plan(state, Selection.topics(TopicPattern.glob(topic))),
                        KafkaConnection.of(source.clientProperties()),
                        RunOptions.defaults())
                .await(Deadline.after(LONG))
                .recoveryPoint();
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
        RestorePlan plan =
                backups.planRestore(point, ClusterState.read(to, Deadline.after(LONG)), RestoreOptions.everything());
        backups.run(plan, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .requireSuccess();
        assertThat(TestTopics.digests(target.clientProperties(), to, topic))
                .isEqualTo(TestTopics.digests(source.clientProperties(), from, topic));
        return point;
    }

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        from.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
    }

    @Test
    void leavesOutPartitionsThatHoldMarkersAlone() throws Exception {
        // Given
        create("markers", 2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "transactional.id", "markers")) {
            producer.initTransactions();
            for (int i = 0; i < 3; i++) {
                producer.beginTransaction();
                TestTopics.send(producer, new ProducerRecord<>("markers", i % 2, null, bytes("aborted " + i)));
                producer.flush();
                producer.abortTransaction();
            }
        }

        // When
        RecoveryPoint point = roundTrip("markers");

        // Then
        assertThat(point.records()).isZero();
        assertThat(point.missingOffsets()).isZero();
        assertThat(point.manifest().partitions())
                .allSatisfy(partition -> assertThat(partition.end()).isPositive());
    }

    @Test
    void keepsTimestampsOfAnyAge() throws Exception {
        // Given
        create(
                "ages",
                1,
                Map.of("retention.ms", "-1", "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)));
        long now = System.currentTimeMillis();
        List<Long> ages = List.of(
                0L,
                1L,
                now,
                now - Duration.ofDays(30).toMillis(),
                now + Duration.ofDays(400).toMillis(),
                2L);
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "linger.ms", "500")) {
            for (long age : ages) {
                TestTopics.send(producer, new ProducerRecord<>("ages", 0, age, null, bytes("at " + age)));
            }
        }

        // When
        roundTrip("ages");

        // Then
        assertThat(TestTopics.read(target.clientProperties(), to, "ages").get(0))
                .extracting(ConsumerRecord::timestamp)
                .isEqualTo(ages);
        assertThat(TestTopics.read(source.clientProperties(), from, "ages").get(0))
                .as("all in one batch, which spans more than an int of milliseconds")
                .hasSize(ages.size());
    }

    @Test
    void restoresBatchesLargerThanTheTargetTakesByDefault() throws Exception {
        // Given
        create("large", 1, Map.of("max.message.bytes", "6000000"));
        Random random = new Random(3);
        List<byte[]> values = new ArrayList<>();
        for (int size : List.of(10, 5_000_000, 20, 3_000_000, 2_000_000)) {
            byte[] value = new byte[size];
            random.nextBytes(value);
            values.add(value);
        }
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                source.clientProperties(), "max.request.size", "6000000", "buffer.memory", "64000000")) {
            values.forEach(value -> TestTopics.send(producer, new ProducerRecord<>("large", 0, null, value)));
        }

        // When
        RecoveryPoint point = roundTrip("large");

        // Then
        assertThat(point.records()).isEqualTo(values.size());
        assertThat(point.manifest().partitions().get(0).segments().get(0).largestBatch())
                .isGreaterThan(5_000_000);
    }
}
