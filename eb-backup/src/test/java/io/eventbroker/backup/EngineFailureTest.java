package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with one partition stays with it, and what cannot go on ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EngineFailureTest {
    private static final String TOPIC = "engine";
    private static final int PARTITIONS = 6;
    /** In each partition: more than one fetch brings. */
    private static final int RECORDS = 10_000;

    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final Duration STALL = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;
    private ObjectStore files;
    private int stores;

    @BeforeAll
    void start() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(2).throughProxies().start();
        admin = kafka.admin();
        create(TOPIC);
        Random random = new Random(7);
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "batch.size", "8000")) {
            for (int i = 0; i < PARTITIONS * RECORDS; i++) {
                byte[] value = new byte[200];
                random.nextBytes(value);
                TestTopics.send(producer, new ProducerRecord<>(TOPIC, i % PARTITIONS, bytes("k" + i), value));
            }
        }
    }

    private void create(String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @BeforeEach
    void newStore() {
        files = FileStore.at(directory.resolve("store" + stores++));
    }

    private static boolean isFirst(String name) {
        return name.startsWith(ArchiveNames.segment(EngineRun.SET, FIRST, 0).replaceAll("/[^/]*$", "/"));
    }

    private EngineRun run(String... more) {
        return new EngineRun(kafka.clientProperties(), more);
    }

    private void assertOthersAreWhole(EngineRun run, List<CopyEngine.Job> jobs) {
        assertThat(run.failed).containsOnlyKeys(FIRST);
        assertThat(run.done).hasSize(PARTITIONS - 1);
        assertThat(run.verify(jobs, files)).isEmpty();
        assertThat(run.segments.values())
                .allSatisfy(all -> assertThat(all.stream()
                                .mapToLong(index -> index.segment().records())
                                .sum())
                        .isEqualTo(RECORDS));
    }

    @Test
    void copiesTheOthersWhenAPartFailsForGood() {
        // Given
        ObjectStore failing = new ForwardingStore(files) {
            @Override
            protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
                return isFirst(name)
                        ? CompletableFuture.failedFuture(new EventBrokerException("no more room"))
                        : super.writePart(name, part, upload);
            }
        };
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);

            // When
            run.copy(jobs, failing, EngineRun.settings(1 << 20, PARTITIONS, STALL));

            // Then
            assertOthersAreWhole(run, jobs);
            assertThat(run.failed.get(FIRST)).hasMessageContaining("no more room");
        }
    }

    @Test
    void failsThePartitionThatAnErrorStrikes() {
        // Given
        ObjectStore failing = new ForwardingStore(files) {
            @Override
            public Upload upload(String name) {
                if (isFirst(name)) {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                }
                return super.upload(name);
            }
        };
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);

            // When
            run.copy(jobs, failing, EngineRun.settings(1 << 20, PARTITIONS, STALL));

            // Then
            assertOthersAreWhole(run, jobs);
            assertThat(run.failed.get(FIRST)).hasMessageContaining("direct buffer memory");
        }
    }

    @Test
    void stopsAPartitionWhoseSegmentCouldNotBeSealed() {
        // Given
        AtomicInteger begun = new AtomicInteger();
        ObjectStore failing = new ForwardingStore(files) {
            @Override
            public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
                return isFirst(name)
                        ? CompletableFuture.failedFuture(new EventBrokerException("no index"))
                        : super.putIfAbsent(name, content);
            }

            @Override
            public Upload upload(String name) {
                if (isFirst(name)) {
                    begun.incrementAndGet();
                }
                return super.upload(name);
            }
        };
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);

            // When
            run.copy(jobs, failing, EngineRun.settings(100_000, PARTITIONS, STALL));

            // Then
            assertOthersAreWhole(run, jobs);
            assertThat(begun).hasValue(1);
        }
    }

    @Test
    void doesNotBlameALeaderForTheWaitForASlot() {
        // Given
        ObjectStore slow = new ForwardingStore(files) {
            @Override
            protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
                return super.writePart(name, part, upload)
                        .thenRunAsync(() -> {}, CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS));
            }
        };
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);
            long start = System.nanoTime();
            AtomicBoolean once = new AtomicBoolean();
            run.onMoved = () -> {
                if (System.nanoTime() - start > 3_000_000_000L && once.compareAndSet(false, true)) {
                    kafka.proxy(0).cut();
                    kafka.proxy(1).cut();
                }
            };

            // When
            run.copy(jobs, slow, EngineRun.settings(1 << 20, 1, Duration.ofSeconds(2)));

            // Then
            assertThat(once).isTrue();
            assertThat(run.failed).isEmpty();
            assertThat(run.done).hasSize(PARTITIONS);
            assertThat(run.verify(jobs, files)).isEmpty();
        }
    }

    @Test
    void endsWhenTheExecutorTakesNoTask() {
        // Given
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);
            run.executor = task -> {
                throw new RejectedExecutionException("shut down");
            };

            // When
            run.copy(jobs, files, EngineRun.settings(1 << 20, PARTITIONS, Duration.ofSeconds(1)));

            // Then
            assertThat(run.failed)
                    .hasSize(PARTITIONS)
                    .allSatisfy((partition, failure) -> assertThat(failure)
                            .isInstanceOf(RetryableException.class)
                            .hasMessageContaining("shut down"));
        }
    }

    @Test
    void goesOnWithinTheRequestTimeoutWhenAConnectionIsHalfOpen() {
        // Given
        AtomicBoolean once = new AtomicBoolean();
        try (EngineRun run = run("request.timeout.ms", "2000")) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);
            run.onMoved = () -> {
                if (once.compareAndSet(false, true)) {
                    kafka.proxy(0).connections().forEach(c -> c.stall());
                    kafka.proxy(1).connections().forEach(c -> c.stall());
                }
            };
            long start = System.nanoTime();

            // When
            run.copy(jobs, files, EngineRun.settings(100_000, PARTITIONS, STALL));

            // Then
            assertThat(once).isTrue();
            assertThat(run.failed).isEmpty();
            assertThat(run.done).hasSize(PARTITIONS);
            assertThat(run.verify(jobs, files)).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(STALL);
        }
    }

    @Test
    void keepsCopyingWhileOneBrokerIsSilent() {
        // Given
        try (EngineRun run = run("request.timeout.ms", "2000")) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);
            kafka.proxy(1).stall();

            // When
            run.copy(jobs, files, EngineRun.settings(1 << 20, PARTITIONS, Duration.ofSeconds(4)));

            // Then
            assertThat(run.done).hasSize(PARTITIONS / 2);
            assertThat(run.failed).hasSize(PARTITIONS / 2);
            assertThat(run.failed.values()).allSatisfy(e -> assertThat(e).isInstanceOf(RetryableException.class));
            assertThat(run.verify(jobs, files)).isEmpty();
        } finally {
            kafka.proxy(1).heal();
        }
    }

    @Test
    void waitsForWhatTheStoreIsStillBusyWith() {
        // Given
        AtomicInteger underWay = new AtomicInteger();
        try (EngineRun run = run()) {
            ObjectStore slow = new ForwardingStore(files) {
                @Override
                protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
                    underWay.incrementAndGet();
                    run.cancelled = true;
                    return super.writePart(name, part, upload)
                            .thenRunAsync(
                                    underWay::decrementAndGet,
                                    CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
                }
            };

            // When
            run.copy(run.jobs(TOPIC), slow, EngineRun.settings(1 << 20, PARTITIONS, STALL));

            // Then
            assertThat(underWay).hasValue(0);
        }
    }

    @Test
    void notesWhatWasDeletedBeforeItCouldBeRead() throws Exception {
        // Given
        admin.createTopics(List.of(new NewTopic("deleted", 1, (short) 1))).all().get();
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "batch.size", "8000")) {
            for (int i = 0; i < 20_000; i++) {
                TestTopics.send(producer, new ProducerRecord<>("deleted", 0, bytes("k" + i), new byte[200]));
            }
        }
        TopicPartition partition = new TopicPartition("deleted", 0);
        AtomicBoolean once = new AtomicBoolean();
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs("deleted");
            run.onMoved = () -> {
                if (once.compareAndSet(false, true)) {
                    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(19_900)))
                            .lowWatermarks()
                            .get(partition)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
                }
            };

            // When
            run.copy(jobs, files, new CopyEngine.Settings(1 << 20, 64 << 10, 1, 64 << 10, STALL));

            // Then
            assertThat(run.done).containsExactly(partition);
            assertThat(run.verify(jobs, files)).isEmpty();
            Manifest.Partition archived = run.manifest(jobs.get(0));
            long lost = archived.segments().stream()
                    .mapToLong(Manifest.Segment::lost)
                    .sum();
            assertThat(lost).isPositive();
            assertThat(archived.records() + lost).isEqualTo(20_000);
        }
    }

    /** A copy of the topic in the store. */
    private List<Manifest.Partition> archive() {
        try (EngineRun run = run()) {
            List<CopyEngine.Job> jobs = run.jobs(TOPIC);
            run.copy(jobs, files, EngineRun.settings(200_000, PARTITIONS, STALL));
            return jobs.stream().map(run::manifest).toList();
        }
    }

    private static Manifest.Partition renamed(Manifest.Partition partition, List<Manifest.Segment> segments) {
        return new Manifest.Partition(
                partition.topic(),
                partition.topicId(),
                partition.partition(),
                partition.start(),
                partition.end(),
                partition.compacted(),
                partition.absent(),
                partition.heldBack(),
                partition.lastEpoch(),
                segments);
    }

    @Test
    void failsARestoreOfAnArchiveThatHoldsFewerRecordsThanItSays() throws Exception {
        // Given
        List<Manifest.Partition> archived = archive();
        List<Manifest.Partition> partitions = new ArrayList<>(archived);
        Manifest.Partition first = archived.get(0);
        Manifest.Segment last = first.segments().get(first.segments().size() - 1);
        // An index that counts one record more than there is, in its last batch.
        SegmentIndex.Builder wrong = new SegmentIndex.Builder(last.base());
        wrong.batch(last.base(), last.next() - 1, (int) last.bytes(), last.records() + 1, false, last.maxTimestamp());
        ByteBuffer encoded = wrong.encode(last.crc32c());
        String name = ArchiveNames.index(EngineRun.SET, FIRST, last.base());
        files.put(name, encoded).join();
        List<Manifest.Segment> segments = new ArrayList<>(first.segments());
        segments.set(
                segments.size() - 1,
                SegmentIndex.decode(EngineRun.SET, name, encoded).segment());
        partitions.set(0, renamed(first, segments));
        try (EmbeddedKafka target = EmbeddedKafka.builder().start();
                EngineRun run = new EngineRun(target.clientProperties())) {
            target.admin()
                    .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();

            // When
            run.restore(partitions, files, STALL);

            // Then
            assertThat(run.failed).containsOnlyKeys(FIRST);
            assertThat(run.failed.get(FIRST)).hasMessageContaining("ends in the archive after " + RECORDS + " records");
            assertThat(run.done).hasSize(PARTITIONS - 1);
            Map<Integer, String> expected = new HashMap<>();
            Map<Integer, String> found = new HashMap<>();
            List<String> source = TestTopics.digests(kafka.clientProperties(), admin, TOPIC);
            List<String> restored = TestTopics.digests(target.clientProperties(), target.admin(), TOPIC);
            for (int i = 0; i < PARTITIONS; i++) {
                expected.put(i, source.get(i));
                found.put(i, restored.get(i));
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void failsOnlyThePartitionThatCannotBeReadFromTheArchive() throws Exception {
        // Given
        List<Manifest.Partition> partitions = archive();
        ObjectStore failing = new ForwardingStore(files) {
            @Override
            public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
                if (isFirst(name)) {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                }
                return super.read(name, offset, into);
            }
        };
        try (EmbeddedKafka target = EmbeddedKafka.builder().start();
                EngineRun run = new EngineRun(target.clientProperties())) {
            target.admin()
                    .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();

            // When
            run.restore(partitions, failing, STALL);

            // Then
            assertThat(run.failed).containsOnlyKeys(FIRST);
            assertThat(run.done).hasSize(PARTITIONS - 1);
        }
    }
}
