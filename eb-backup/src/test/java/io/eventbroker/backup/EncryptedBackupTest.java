package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.backup.store.TestKeys;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.crypto.UnknownKeyException;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Backups in an encrypted store: the same as in any other, and of no use without the keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncryptedBackupTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String TOPIC = "confidential";
    private static final int RECORDS = 4_000;

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private Admin from;

    @BeforeAll
    void start() throws Exception {
        source = EmbeddedKafka.builder().start();
        from = source.admin();
        from.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
            for (int i = 0; i < RECORDS; i++) {
                TestTopics.send(
                        producer, new ProducerRecord<>(TOPIC, i % 3, bytes("k" + i), bytes("the secret value " + i)));
            }
        }
        from.alterConsumerGroupOffsets("secret-group", Map.of(new TopicPartition(TOPIC, 1), new OffsetAndMetadata(17)))
                .all()
                .get();
    }

    @AfterAll
    void stop() {
        source.close();
    }

    private static Backups backups(ObjectStore store) {
        return Backups.in(store).segmentSize(DataSize.ofBytes(10_000));
    }

    private BackupPlan plan(Backups backups) {
        return backups.plan(
                ClusterState.read(from, Deadline.after(LONG)),
                Selection.topics(TopicPattern.glob(TOPIC)).withGroups());
    }

    private BackupReport run(Backups backups, BackupPlan plan, RunOptions options) {
        return backups.run(plan, KafkaConnection.of(source.clientProperties()), options)
                .await(Deadline.after(LONG));
    }

    private RecoveryPoint backUp(Backups backups) {
        return run(backups, plan(backups), RunOptions.defaults()).recoveryPoint();
    }

    private static void verify(Backups backups, RecoveryPoint point) {
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void assertRestored(Backups backups, RecoveryPoint point) throws Exception {
        try (EmbeddedKafka target = EmbeddedKafka.builder().start();
                Admin to = target.admin()) {
            RestorePlan restore = backups.planRestore(
                    point, ClusterState.read(to, Deadline.after(LONG)), RestoreOptions.everything());
            backups.run(restore, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();

            assertThat(TestTopics.digests(target.clientProperties(), to, TOPIC))
                    .isEqualTo(TestTopics.digests(source.clientProperties(), from, TOPIC));
            assertThat(to.listConsumerGroupOffsets("secret-group")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(TOPIC, 1))
                            .offset())
                    .isEqualTo(17);
        }
    }

    @Test
    void restoresWhatItHasEncrypted() throws Exception {
        Path folder = directory.resolve("restored");
        try (EncryptedStore store = EncryptedStore.over(FileStore.at(folder), TestKeys.ring("2026-11"))) {
            Backups backups = backups(store);
            RecoveryPoint point = backUp(backups);

            assertThat(point.records()).isEqualTo(RECORDS);
            verify(backups, point);
            assertThat(files(folder.resolve("sets")))
                    .hasSizeGreaterThan(20)
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .startsWith("EBEN")
                            .doesNotContain("secret"));
            assertRestored(backups, point);
        }
    }

    @Test
    void encryptsInABusyBucket() {
        try (EmbeddedObjectStore s3 = EmbeddedObjectStore.start();
                EncryptedStore store = EncryptedStore.over(
                        S3Store.bucket(s3.asyncClient(), s3.bucket()).prefix("prod"), TestKeys.ring("2026-11"))) {
            Backups backups = backups(store);
            s3.faults().refuseFraction(0.1, 42);
            RecoveryPoint point = backUp(backups);
            verify(backups, point);

            assertThat(s3.faults().count()).isPositive();
            assertThat(backups.recoveryPoints().readable()).hasSize(1);
        }
    }

    @Test
    void keepsOldBackupsReadableAfterAKeyWasRotated() throws Exception {
        Path folder = directory.resolve("rotated");
        RecoveryPoint before;
        RecoveryPoint after;
        try (EncryptedStore store = EncryptedStore.over(FileStore.at(folder), TestKeys.ring("2026-11"))) {
            before = backUp(backups(store));
        }
        try (EncryptedStore store = EncryptedStore.over(FileStore.at(folder), TestKeys.ring("2027-05", "2026-11"))) {
            Backups backups = backups(store);
            after = backUp(backups);
            verify(backups, before);
            verify(backups, after);
            assertRestored(backups, before);
        }
        try (EncryptedStore store = EncryptedStore.over(FileStore.at(folder), TestKeys.ring("2027-05"))) {
            Backups backups = backups(store);
            RecoveryPoints points = backups.recoveryPoints();

            assertThat(points.readable()).extracting(RecoveryPoint::id).containsExactly(after.id());
            verify(backups, after);
            assertThat(points.unreadable()).containsOnlyKeys(before.id());
            assertThat(points.unreadable().get(before.id()))
                    .isInstanceOf(UnknownKeyException.class)
                    .hasMessageContainingAll("sets/" + before.id() + "/", "'2026-11'", "put it back");
            assertThat(failure(backups.verify(before, RunOptions.defaults()).await(Deadline.after(LONG))))
                    .contains("'2026-11'", "put it back");
        }
    }

    private static String failure(Report report) {
        assertThat(report.succeeded()).isFalse();
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        return text.toString();
    }

    @Test
    void saysWhenTheOtherKindOfStoreIsNeeded() {
        FileStore encryptedBelow = FileStore.at(directory.resolve("encrypted"));
        FileStore plain = FileStore.at(directory.resolve("plain"));
        try (EncryptedStore encrypted = EncryptedStore.over(encryptedBelow, TestKeys.ring("2026-11"));
                EncryptedStore overPlain = EncryptedStore.over(plain, TestKeys.ring("2026-11"))) {
            RecoveryPoint secret = backUp(backups(encrypted));
            RecoveryPoint open = backUp(backups(plain));

            assertThat(backups(encryptedBelow).recoveryPoints().unreadable().get(secret.id()))
                    .hasMessageContainingAll("is encrypted", "EncryptedStore.over");
            assertThat(backups(overPlain).recoveryPoints().unreadable().get(open.id()))
                    .hasMessageContainingAll("is not encrypted", "without EncryptedStore");
            assertThat(failure(backups(encryptedBelow)
                            .verify(secret, RunOptions.defaults())
                            .await(Deadline.after(LONG))))
                    .contains("is encrypted");
            assertThat(failure(backups(overPlain)
                            .verify(open, RunOptions.defaults())
                            .await(Deadline.after(LONG))))
                    .contains("is not encrypted");
        }
    }

    /** Refuses segments after the first few. */
    private static final class FullStore extends ForwardingStore {
        private final AtomicInteger left = new AtomicInteger(3);

        FullStore(ObjectStore store) {
            super(store);
        }

        @Override
        public CompletableFuture<Void> put(String name, ByteBuffer content) {
            return name.endsWith(".log") && left.getAndDecrement() <= 0
                    ? CompletableFuture.failedFuture(new EventBrokerException("the disk is full"))
                    : super.put(name, content);
        }
    }

    @Test
    void goesOnWithABackupThatWasInterruptedButNotWithoutEncryption() throws Exception {
        Path folder = directory.resolve("interrupted");
        RunOptions options = RunOptions.defaults().journal(Journal.file(directory.resolve("interrupted.journal")));
        FileStore below = FileStore.at(folder);
        try (EncryptedStore full = EncryptedStore.over(new FullStore(below), TestKeys.ring("2026-11"));
                EncryptedStore store = EncryptedStore.over(below, TestKeys.ring("2027-05", "2026-11"))) {
            BackupPlan plan = plan(backups(full));
            assertThat(failure(run(backups(full), plan, options))).contains("the disk is full");
            List<Path> left = files(folder);
            assertThat(left).anyMatch(file -> file.toString().endsWith(".ebindex"));

            assertThat(failure(run(backups(below), plan, options))).contains("cut.json is encrypted");
            assertThat(files(folder)).isEqualTo(left);

            RecoveryPoint point = run(backups(store), plan, options).recoveryPoint();
            assertThat(point.records()).isEqualTo(RECORDS);
            verify(backups(store), point);
        }
    }
}
