package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The oldest brokers that are supported and the newest, as source and as target of the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaVersionsTest {
    private static final String CLASS_PATH = Objects.requireNonNull(System.getProperty("eb.kafka39.classpath"));
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    @TempDir
    Path directory;

    private EmbeddedKafka oldest;
    private EmbeddedKafka newest;

    @BeforeAll
    void start() {
        oldest = EmbeddedKafka.builder()
                .classPath(CLASS_PATH)
                .metadataVersion("3.9-IV0")
                .start();
        newest = EmbeddedKafka.builder().start();
    }

    @AfterAll
    void stop() {
        oldest.close();
        newest.close();
    }

    private EmbeddedKafka kafka(String version) {
        return version.equals("3.9") ? oldest : newest;
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"3.9, 4.3", "4.3, 3.9"})
    void carriesEverythingFromOneToTheOther(String from, String to) throws Exception {
        String topic = "from." + from;
        String group = "readers-of-" + from;
        EmbeddedKafka source = kafka(from);
        EmbeddedKafka target = kafka(to);
        try (Admin admin = source.admin();
                Admin other = target.admin()) {
            // Given
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1).configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            for (String codec : CODECS) {
                produce(source, topic, codec);
            }
            produceInTransactions(source, topic);
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(700)))
                    .all()
                    .get();

            // When
            Backups backups = Backups.in(FileStore.at(directory.resolve(from))).segmentSize(DataSize.ofBytes(100_000));
            ClusterState state = await().atMost(LONG)
                    .until(
                            () -> ClusterState.read(admin, Deadline.after(LONG)),
                            now -> now.topic(TopicName.of(topic)).isPresent());
            RecoveryPoint point = backups.run(
                            backups.plan(
                                    state,
                                    Selection.topics(TopicPattern.glob(topic)).withGroups()),
                            KafkaConnection.of(source.clientProperties()),
                            RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .recoveryPoint();
            backups.verify(point, RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();
            RestorePlan plan = backups.planRestore(
                    point, ClusterState.read(other, Deadline.after(LONG)), RestoreOptions.everything());
            backups.run(plan, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();

            // Then
            assertThat(TestTopics.digests(target.clientProperties(), other, topic))
                    .isEqualTo(TestTopics.digests(source.clientProperties(), admin, topic));
            assertThat(other.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(topic, 0))
                            .offset())
                    .isEqualTo(700); // Nothing before it was left out.
            assertThat(ClusterState.read(other, Deadline.after(LONG))
                            .topic(TopicName.of(topic))
                            .orElseThrow()
                            .overrides())
                    .containsExactly(Map.entry("retention.ms", "-1"));
        }
    }

    private static void produce(EmbeddedKafka kafka, String topic, String codec) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "compression.type", codec)) {
            for (int i = 0; i < 2_000; i++) {
                TestTopics.send(
                        producer,
                        new ProducerRecord<>(
                                topic,
                                i % 2,
                                1_600_000_000_000L + i,
                                i % 7 == 0 ? null : bytes("key " + i),
                                i % 11 == 0 ? null : bytes(codec + " value " + i),
                                List.of(new RecordHeader("n", bytes("" + i)), new RecordHeader("n", null))));
            }
        }
    }

    private static void produceInTransactions(EmbeddedKafka kafka, String topic) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "transactional.id", topic)) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 10; transaction++) {
                producer.beginTransaction();
                for (int i = 0; i < 20; i++) {
                    TestTopics.send(
                            producer, new ProducerRecord<>(topic, i % 2, null, bytes("transaction " + transaction)));
                }
                producer.flush();
                if (transaction % 3 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }
}
