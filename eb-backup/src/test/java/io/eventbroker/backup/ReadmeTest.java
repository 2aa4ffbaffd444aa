package io.eventbroker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The README's snippet is the code of {@link #snippet}, which compiles. */
class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern BODY = Pattern.compile("// BEGIN\n(.*?)// END", Pattern.DOTALL);

    static void snippet(
            Map<String, Object> clientProperties,
            S3AsyncClient s3,
            Admin admin,
            Admin target,
            KafkaConnection targetConnection) {
        // BEGIN
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
        // END
    }

    @Test
    void showsCodeThatCompiles() throws Exception {
        String source = Files.readString(Path.of("src/test/java/io/eventbroker/backup/ReadmeTest.java"));

        assertThat(words(Files.readString(Path.of("README.md")), SNIPPET)).isEqualTo(words(source, BODY));
    }

    private static String words(String text, Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1).replaceAll("\\s+", "");
    }
}
