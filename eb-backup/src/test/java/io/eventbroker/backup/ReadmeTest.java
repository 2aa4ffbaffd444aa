package io.eventbroker.backup;

import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyRing;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The README's snippet is the code of {@link #snippet}, which compiles. */
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

    @Test
    void showsCodeThatCompiles() {
        Readme.of(ReadmeTest.class).assertShowsEverySnippet();
    }
}
