package io.eventbroker.backup;

import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyRing;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The README's snippets are the code of methods here, which compile. */
class ReadmeTest {
    static void snippet(
            Map<String, Object> clientProperties,
            S3AsyncClient s3,
            Admin admin,
            Admin target,
            KafkaConnection targetConnection) {
        // snippet: backup
        Deadline soon = Deadline.after(Duration.ofSeconds(30));
        Deadline tonight = Deadline.after(Duration.ofHours(6));
        RunOptions options = RunOptions.defaults();
        KafkaConnection connection = KafkaConnection.of(clientProperties);

        Backups backups = Backups.in(S3Store.bucket(s3, "kafka-backups").prefix("prod"));
        BackupPlan copy = backups.plan(
                ClusterState.read(admin, soon),
                Selection.topics(TopicPattern.glob("orders.*")).withGroups());
        RecoveryPoint point =
                backups.run(copy, connection, options).await(tonight).recoveryPoint();
        backups.verify(point, options).await(tonight).requireSuccess();

        RestorePlan restore = backups.planRestore(point, ClusterState.read(target, soon), RestoreOptions.everything());
        backups.run(restore, targetConnection, options).await(tonight).requireSuccess();
        // end
        // snippet: incremental
        RecoveryPoint last = backups.recoveryPoints().newest().orElseThrow();
        BackupPlan tonights = backups.planIncremental(
                ClusterState.read(admin, soon),
                Selection.topics(TopicPattern.glob("orders.*")).withGroups(),
                last);
        tonights.printTo(System.out); // for each partition from where on, or why all of it
        backups.run(tonights, connection, options).await(tonight).requireSuccess();

        RetentionPolicy policy = RetentionPolicy.in(ZoneId.of("Europe/Paris"))
                .keepLast(3)
                .keepDaily(14)
                .keepWeekly(8)
                .keepMonthly(12)
                .keepYoungerThan(Duration.ofDays(2));
        ExpiryPlan expiry = backups.planExpiry(policy);
        expiry.printTo(System.out); // what goes, what stays and why
        backups.run(expiry, options.allow(Deletes.atMost(20))).await(tonight).requireSuccess();
        // end
    }

    static void encryption(Path keyRing, S3AsyncClient s3, RunOptions options, Deadline tonight) {
        // snippet: encryption
        KeyRing.create(keyRing, KeyId.of("2026-11")); // Once; from then on KeyRing.rotate.

        try (KeyRing keys = KeyRing.read(keyRing);
                EncryptedStore store =
                        EncryptedStore.over(S3Store.bucket(s3, "kafka-backups").prefix("prod-encrypted"), keys)) {
            Backups backups = Backups.in(store);
            for (RecoveryPoint point : backups.recoveryPoints().readable()) {
                backups.verify(point, options).await(tonight).requireSuccess();
            }
        }
        // end
    }

    static void part(Backups backups, RecoveryPoint point, Admin target, Deadline soon) {
        // snippet: part
        RestoreOptions part = RestoreOptions.everything()
                .topics(TopicPattern.glob("orders.*"), TopicPattern.glob("payments"))
                .until(Instant.parse("2026-11-20T14:59:59.999Z"))
                .rename(topic -> TopicName.of("restored." + topic));
        RestorePlan plan = backups.planRestore(point, ClusterState.read(target, soon), part);
        plan.printTo(System.out);
        // end
    }

    static void read(Backups backups, RecoveryPoint point, Consumer<ConsumerRecord<byte[], byte[]>> audit) {
        // snippet: read
        ArchiveReader archive = backups.open(point);
        TopicPartition orders = new TopicPartition("orders.placed", 0);
        Instant afternoon = Instant.parse("2026-11-20T14:00:00Z");
        try (Stream<ConsumerRecord<byte[], byte[]>> records = archive.recordsFrom(orders, afternoon)) {
            records.limit(1_000).forEach(audit);
        }
        archive.find(orders, 4_711).ifPresent(audit);
        // end
    }

    @Test
    void showsCodeThatCompiles() {
        Readme.of(ReadmeTest.class).assertShowsEverySnippet();
    }
}
