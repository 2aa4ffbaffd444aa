package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive gives the records that a consumer of the source saw, all of them or one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveReaderTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final long BASE = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;

    @BeforeAll
    void start() {
        kafka = EmbeddedKafka.builder()
                .property("log.cleaner.backoff.ms", "200")
                .property("log.retention.ms", "-1")
                .start();
        admin = kafka.admin();
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    /** Everything that a consumer sees of a record, so that two can be compared. */
    private static List<Object> seen(ConsumerRecord<byte[], byte[]> record) {
        List<Object> seen = new ArrayList<>(Arrays.asList(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                text(record.key()),
                text(record.value()),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.leaderEpoch()));
        record.headers().forEach(header -> {
            seen.add(header.key());
            seen.add(text(header.value()));
        });
        return seen;
    }

    private static String text(byte[] bytes) {
        return Arrays.toString(bytes);
    }

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
    }

    private ObjectStore store(String topic) {
        return FileStore.at(directory.resolve(topic));
    }

    private ArchiveReader backUp(String topic, ObjectStore store, int segment) {
        Deadline deadline = Deadline.after(LONG);
        Backups backups = Backups.in(store).segmentSize(DataSize.ofBytes(segment));
        BackupPlan plan = backups.plan(ClusterState.read(admin, deadline), Selection.topics(TopicPattern.glob(topic)));
        RecoveryPoint point = backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .recoveryPoint();
        return backups.open(point);
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(ArchiveReader reader, TopicPartition partition) {
        try (Stream<ConsumerRecord<byte[], byte[]>> records = reader.records(partition)) {
            return records.toList();
        }
    }

    /** Backs up, and compares every record of every partition; gives what the consumer saw. */
    private List<List<ConsumerRecord<byte[], byte[]>>> assertReadsTheSame(String topic, int segment) throws Exception {
        ArchiveReader reader = backUp(topic, store(topic), segment);
        List<List<ConsumerRecord<byte[], byte[]>>> consumed = TestTopics.read(kafka.clientProperties(), admin, topic);
        assertThat(reader.partitions()).hasSize(consumed.size());
        for (int i = 0; i < consumed.size(); i++) {
            assertThat(all(reader, new TopicPartition(topic, i)).stream().map(ArchiveReaderTest::seen))
                    .containsExactlyElementsOf(consumed.get(i).stream()
                            .map(ArchiveReaderTest::seen)
                            .toList());
        }
        return consumed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsEveryCodec(String codec) throws Exception {
        // Given
        String topic = "codec." + codec;
        create(topic, 3, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "compression.type", codec)) {
            for (int i = 0; i < 2_000; i++) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topic,
                        i % 2, // The third partition stays empty.
                        i % 7 == 0 ? 1_000L * i : BASE + i,
                        i % 3 == 0 ? null : bytes("key" + i),
                        i % 11 == 0 ? null : i % 13 == 0 ? new byte[0] : bytes("value " + "x".repeat(i % 200)));
                if (i % 5 == 0) {
                    record.headers().add("h", bytes("1")).add("h", null).add(new RecordHeader("häder", new byte[0]));
                    record.headers().add("h", bytes("1"));
                }
                TestTopics.send(producer, record);
            }
        }

        // When
        List<List<ConsumerRecord<byte[], byte[]>>> consumed = assertReadsTheSame(topic, 20_000);

        // Then
        assertThat(consumed).extracting(List::size).containsExactly(1_000, 1_000, 0);
    }

    @Test
    void readsTheTimesThatTheBrokerSet() throws Exception {
        create("append.time", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "compression.type", "lz4")) {
            for (int i = 0; i < 300; i++) {
                TestTopics.send(producer, new ProducerRecord<>("append.time", 0, 5L, bytes("k" + i), bytes("v" + i)));
            }
        }

        assertThat(assertReadsTheSame("append.time", 10_000).get(0))
                .hasSize(300)
                .allSatisfy(r -> {
                    assertThat(r.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
                    assertThat(r.timestamp()).isGreaterThan(5);
                });
    }

    @Test
    void readsWhatCompactionLeft() throws Exception {
        create(
                "compacted",
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001",
                        "delete.retention.ms", "100000000"));
        for (String codec : List.of("none", "zstd")) {
            try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                    kafka.clientProperties(), "compression.type", codec, "linger.ms", "200", "batch.size", "100000")) {
                for (int i = 0; i < 300; i++) {
                    TestTopics.send(
                            producer,
                            new ProducerRecord<>(
                                    "compacted",
                                    0,
                                    bytes("key" + (i % 2 == 0 ? i % 10 : i) + codec),
                                    i % 17 == 0 ? null : bytes(codec + i)));
                }
            }
        }
        Awaitility.await().atMost(LONG).until(() -> {
            try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(kafka.clientProperties())) {
                TestTopics.send(producer, new ProducerRecord<>("compacted", 0, bytes("roll"), bytes("roll")));
            }
            List<ConsumerRecord<byte[], byte[]>> records = TestTopics.read(kafka.clientProperties(), admin, "compacted")
                    .get(0);
            return records.size() < records.get(records.size() - 1).offset() - 200;
        });
        ArchiveReader reader = backUp("compacted", store("compacted"), 8_000);

        // The cleaner may go on meanwhile: what the archive has, it has at the offsets of then.
        TopicPartition partition = new TopicPartition("compacted", 0);
        List<ConsumerRecord<byte[], byte[]>> records = all(reader, partition);
        Map<Long, List<Object>> consumed = new HashMap<>();
        TestTopics.read(kafka.clientProperties(), admin, "compacted")
                .get(0)
                .forEach(r -> consumed.put(r.offset(), seen(r)));
        assertThat(records).hasSizeGreaterThan(200);
        assertThat(records.stream().filter(r -> consumed.containsKey(r.offset())))
                .hasSizeGreaterThan(200)
                .allSatisfy(r -> assertThat(seen(r)).isEqualTo(consumed.get(r.offset())));
        assertSeeks(reader, partition, records);
    }

    /** Every offset and every time, in gaps and beyond both ends too. */
    private static void assertSeeks(
            ArchiveReader reader, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        long end = records.get(records.size() - 1).offset() + 3;
        for (long offset = 0; offset <= end; offset++) {
            long wanted = offset;
            assertThat(reader.find(partition, offset).map(ArchiveReaderTest::seen))
                    .as("record %s", offset)
                    .isEqualTo(records.stream()
                            .filter(r -> r.offset() == wanted)
                            .findFirst()
                            .map(ArchiveReaderTest::seen));
            try (Stream<ConsumerRecord<byte[], byte[]>> rest = reader.recordsFrom(partition, offset)) {
                assertThat(rest.findFirst().map(ArchiveReaderTest::seen))
                        .as("records from %s on", offset)
                        .isEqualTo(first(records, r -> r.offset() >= wanted));
            }
        }
        List<Long> times =
                records.stream().map(ConsumerRecord::timestamp).distinct().toList();
        for (long time : times) {
            for (long around : List.of(time - 1, time, time + 1)) {
                assertThat(reader.findFirst(partition, Instant.ofEpochMilli(around))
                                .map(ArchiveReaderTest::seen))
                        .as("first at %s", around)
                        .isEqualTo(first(records, r -> r.timestamp() >= around));
            }
        }
    }

    private static Optional<List<Object>> first(
            List<ConsumerRecord<byte[], byte[]>> records, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return records.stream().filter(wanted).findFirst().map(ArchiveReaderTest::seen);
    }

    @Test
    void findsByOffsetAndByTimeAmongTransactionsAndDeletedRecords() throws Exception {
        // Given aborted records in between, timestamps out of order, and a start in the middle of a batch
        create("sought", 1, Map.of());
        TopicPartition partition = new TopicPartition("sought", 0);
        Random random = new Random(7);
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                kafka.clientProperties(), "transactional.id", "sought", "compression.type", "lz4", "linger.ms", "50")) {
            producer.initTransactions();
            for (int i = 0; i < 20; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 9; j++) {
                    long timestamp = BASE + 100L * i + random.nextInt(400);
                    TestTopics.send(
                            producer, new ProducerRecord<>("sought", 0, timestamp, bytes("k" + i), bytes("v" + j)));
                }
                producer.flush();
                if (i % 3 == 1) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                .all()
                .get();

        // When
        List<ConsumerRecord<byte[], byte[]>> records =
                assertReadsTheSame("sought", 2_000).get(0);

        // Then
        assertThat(records.get(0).offset()).isEqualTo(4);
        Backups backups = Backups.in(store("sought"));
        ArchiveReader reader = backups.open(backups.recoveryPoints().readable().get(0));
        assertSeeks(reader, partition, records);
        long time = records.get(50).timestamp();
        try (Stream<ConsumerRecord<byte[], byte[]>> rest =
                reader.recordsFrom(partition, Instant.ofEpochMilli(time).minusNanos(1))) {
            long start = first(records, r -> r.timestamp() >= time)
                    .map(r -> (long) r.get(2))
                    .orElseThrow();
            assertThat(rest.map(ConsumerRecord::offset))
                    .containsExactlyElementsOf(records.stream()
                            .map(ConsumerRecord::offset)
                            .filter(o -> o >= start)
                            .toList());
        }
        assertThat(reader.findFirst(partition, Instant.MAX)).isEmpty();
        assertThat(reader.findFirst(partition, Instant.MIN).map(ArchiveReaderTest::seen))
                .contains(seen(records.get(0)));
        assertThat(reader.recordsFrom(partition, Instant.MAX)).isEmpty();
    }

    /** Notes what is read. */
    private static final class Listening extends ForwardingStore {
        final ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
        final AtomicLong bytes = new AtomicLong();

        Listening(ObjectStore store) {
            super(store);
        }

        @Override
        public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
            names.add(name.substring(name.lastIndexOf('.')));
            bytes.addAndGet(into.remaining());
            return super.read(name, offset, into);
        }

        List<String> take() {
            List<String> taken = List.copyOf(names);
            names.clear();
            bytes.set(0);
            return taken;
        }
    }

    @Test
    void readsNoMoreThanALookupNeeds() throws Exception {
        // Given some 6 MB in three segments
        create("large", 1, Map.of());
        TopicPartition partition = new TopicPartition("large", 0);
        int records = 6_000;
        Random random = new Random(11);
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(kafka.clientProperties())) {
            for (int i = 0; i < records; i++) {
                byte[] value = new byte[1_000];
                random.nextBytes(value);
                TestTopics.send(producer, new ProducerRecord<>("large", 0, BASE + i, null, value));
            }
        }
        Listening store = new Listening(store("large"));
        ArchiveReader reader = backUp("large", store, 2_000_000);
        store.take();

        for (long offset : List.of(0L, 1L, 2_345L, 4_000L, records - 1L)) {
            // When
            assertThat(reader.find(partition, offset))
                    .map(ConsumerRecord::offset)
                    .contains(offset);

            // Then
            assertThat(store.bytes.get()).isLessThan(200_000);
            assertThat(store.take()).containsExactly(".ebindex", ".log");
            assertThat(reader.findFirst(partition, Instant.ofEpochMilli(BASE + offset)))
                    .map(ConsumerRecord::offset)
                    .contains(offset);
            assertThat(store.bytes.get()).isLessThan(200_000);
            assertThat(store.take()).containsExactly(".ebindex", ".log");
        }
        assertThat(reader.find(partition, records)).isEmpty();
        assertThat(reader.findFirst(partition, Instant.ofEpochMilli(BASE + records)))
                .isEmpty();
        assertThat(reader.recordsFrom(partition, records)).isEmpty();
        assertThat(store.take()).isEmpty();
        try (Stream<ConsumerRecord<byte[], byte[]>> rest = reader.recordsFrom(partition, 3_000)) {
            assertThat(store.take()).isEmpty();
            assertThat(rest.limit(10).map(ConsumerRecord::offset))
                    .hasSize(10)
                    .first()
                    .isEqualTo(3_000L);
            assertThat(store.take().size()).isLessThan(4);
        }
    }

    @Test
    void staysClosedInTheMiddleOfABatch() throws Exception {
        create("closed", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "compression.type", "zstd", "linger.ms", "200")) {
            for (int i = 0; i < 500; i++) {
                TestTopics.send(producer, new ProducerRecord<>("closed", 0, bytes("k" + i), bytes("v" + i)));
            }
        }
        ArchiveReader reader = backUp("closed", store("closed"), 100_000);
        Stream<ConsumerRecord<byte[], byte[]>> records = reader.records(new TopicPartition("closed", 0));
        Iterator<ConsumerRecord<byte[], byte[]>> iterator = records.iterator();
        assertThat(iterator.next().offset()).isZero();

        records.close();
        records.close();

        List<Long> rest = new ArrayList<>();
        iterator.forEachRemaining(r -> rest.add(r.offset()));
        assertThat(rest).hasSizeLessThan(2);
    }

    @Test
    void namesTheObjectAndTheByteOfDamage() throws Exception {
        // Given
        create("damaged", 1, Map.of());
        TopicPartition partition = new TopicPartition("damaged", 0);
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(kafka.clientProperties())) {
            for (int i = 0; i < 10; i++) {
                TestTopics.send(producer, new ProducerRecord<>("damaged", 0, bytes("k" + i), bytes("v" + i)));
                producer.flush();
            }
        }
        ArchiveReader reader = backUp("damaged", store("damaged"), 100_000);
        Path segment = find("damaged", ".log");
        byte[] good = Files.readAllBytes(segment);
        int batch = good.length / 10;
        byte[] bad = good.clone();
        bad[5 * batch + 70] ^= 1;
        Files.write(segment, bad);

        // When, Then
        List<Long> read = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (Stream<ConsumerRecord<byte[], byte[]>> records = reader.records(partition)) {
                        records.forEach(r -> read.add(r.offset()));
                    }
                })
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("data/damaged/0/00000000000000000000.log is damaged at byte " + 5 * batch + " ");
        assertThat(read).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThatThrownBy(() -> reader.find(partition, 7))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("00000000000000000000.log is damaged at byte " + 5 * batch + " ");

        Files.delete(segment);
        assertThatThrownBy(() -> reader.find(partition, 7))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("00000000000000000000.log");
        Files.write(segment, good);
        assertThat(reader.find(partition, 7)).isPresent();
        Path index = find("damaged", ".ebindex");
        byte[] short1 = Arrays.copyOf(Files.readAllBytes(index), 50);
        Files.write(index, short1);
        assertThatThrownBy(() -> reader.find(partition, 7))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("00000000000000000000.ebindex");
    }

    private Path find(String topic, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(topic))) {
            return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
        }
    }

    @Test
    void saysWhichPartitionsThereAre() throws Exception {
        create("known", 2, Map.of());
        ArchiveReader reader = backUp("known", store("known"), 100_000);

        assertThat(reader.partitions()).containsExactly(new TopicPartition("known", 0), new TopicPartition("known", 1));
        assertThat(reader.records(new TopicPartition("known", 1))).isEmpty();
        assertThat(reader.find(new TopicPartition("known", 1), 0)).isEmpty();
        assertThatThrownBy(() -> reader.records(new TopicPartition("known", 2)))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("partition known-2 is not in recovery point");
    }
}
