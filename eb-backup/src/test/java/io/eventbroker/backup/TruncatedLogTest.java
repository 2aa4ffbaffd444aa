package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An unclean leader election takes records away that are in the archive, and others are written in their place. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TruncatedLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("refilled", 0);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;

    private void produce(int records, String value) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "acks", "1", "linger.ms", "0", "batch.size", "0")) {
            for (int i = 0; i < records; i++) {
                TestTopics.send(producer, new ProducerRecord<>("refilled", 0, bytes("k"), bytes(value + i)));
            }
        }
    }

    private int leader() throws Exception {
        var leader = admin.describeTopics(List.of("refilled"))
                .allTopicNames()
                .get()
                .get("refilled")
                .partitions()
                .get(0)
                .leader();
        return leader == null ? -1 : leader.id();
    }

    private int inSync() throws Exception {
        return admin.describeTopics(List.of("refilled"))
                .allTopicNames()
                .get()
                .get("refilled")
                .partitions()
                .get(0)
                .isr()
                .size();
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Writes 200 records, of which the broker that leads afterwards has had the first 100. */
    private void loseRecords(Step whileAllAreThere) throws Exception {
        admin = kafka.admin();
        admin.createTopics(List.of(new NewTopic("refilled", Map.of(0, List.of(0, 1)))
                        .configs(Map.of("unclean.leader.election.enable", "true", "min.insync.replicas", "1"))))
                .all()
                .get();
        produce(100, "both have it ");
        await().atMost(LONG).until(() -> inSync() == 2);
        kafka.stopBroker(1);
        await().atMost(LONG).until(() -> inSync() == 1);
        produce(100, "one has it ");
        whileAllAreThere.run();
        kafka.stopBroker(0);
        kafka.startBroker(1);
        await().atMost(LONG).until(() -> leader() == 1);
    }

    @Test
    void noticesThatTheLogWasTruncatedAndWrittenAnew() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(2).separateControllers(1).start();
        try (EmbeddedKafka closing = kafka;
                EngineRun first = new EngineRun(closing.clientProperties());
                EngineRun second = new EngineRun(closing.clientProperties())) {
            // Given
            ObjectStore store = FileStore.at(directory);
            List<CopyEngine.Job> jobs = new ArrayList<>();
            loseRecords(() -> {
                jobs.addAll(first.jobs("refilled"));
                first.copy(jobs, store, EngineRun.settings(1 << 20, 1, LONG));
            });
            List<SealedSegment> archived = first.segments.get(PARTITION);
            assertThat(archived.get(archived.size() - 1).segment().next()).isEqualTo(200);
            produce(300, "others in their place ");

            // When
            CopyEngine.Job rest = new CopyEngine.Job(PARTITION, jobs.get(0).topicId(), 0, 400, 0, List.of());
            second.copy(List.of(rest), Map.of(PARTITION, archived), store, EngineRun.settings(1 << 20, 1, LONG));

            // Then
            assertThat(second.failed).containsOnlyKeys(PARTITION);
            assertThat(second.failed.get(PARTITION))
                    .hasMessageContaining("its log was truncated")
                    .hasMessageContaining("offset 200");
        }
    }

    private BackupReport backUp(Backups backups, Optional<RecoveryPoint> parent) {
        Deadline deadline = Deadline.after(LONG);
        ClusterState state = ClusterState.read(admin, deadline, EnumSet.noneOf(ClusterState.Part.class));
        Selection selection = Selection.topics(TopicPattern.glob("refilled"));
        BackupPlan plan = parent.isPresent()
                ? backups.planIncremental(state, selection, parent.get())
                : backups.plan(state, selection);
        return backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                .await(deadline);
    }

    @Test
    void goesOnFromNoBackupOfALogThatWasTruncatedSince() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(2).separateControllers(1).start();
        try (EmbeddedKafka closing = kafka) {
            // Given
            assertThat(closing.brokers()).hasSize(2);
            Backups backups = Backups.in(FileStore.at(directory));
            List<RecoveryPoint> full = new ArrayList<>();
            loseRecords(() -> full.add(backUp(backups, Optional.empty()).recoveryPoint()));
            RecoveryPoint parent = full.get(0);
            assertThat(parent.records()).isEqualTo(200);
            assertThat(parent.manifest().partitions().get(0).lastEpoch()).isNotNegative();

            // When the log ends before the backup does, and when it has grown past that with other records
            BackupReport shorter = backUp(backups, Optional.of(parent));
            produce(300, "others in their place ");
            BackupReport longer = backUp(backups, Optional.of(parent));
            BackupReport whole = backUp(backups, Optional.empty());

            // Then
            assertThat(shorter.recoveryPoint().records()).isEqualTo(100);
            assertThat(text(shorter)).contains("copied whole", "ends at offset 100", "it was truncated");
            assertThat(longer.succeeded()).isFalse();
            assertThat(text(longer)).contains("before offset 200", "its log was truncated", "make a full backup");
            assertThat(whole.recoveryPoint().records()).isEqualTo(400);
        }
    }

    private static String text(BackupReport report) {
        return report.results().toString();
    }
}
