package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of configuration is what happens. */
class ConfigReadmeTest {
    private static final String BLOCK = "\n```(?:yaml|java|text)\n(.*?)```\n";

    @TempDir
    Path folder;

    private static List<String> blocks(String test) throws IOException {
        return Pattern.compile("<!-- checked by " + test + " -->" + BLOCK, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void showsWhatWorks() throws Exception {
        // Given
        List<String> blocks = blocks("ConfigReadmeTest");
        Files.writeString(folder.resolve("kafka.yaml"), blocks("ReadmeTest").get(0));
        Files.writeString(folder.resolve("layers.yaml"), blocks.get(0));
        Platform platform = Specs.standard().read(folder);
        StringBuilder out = new StringBuilder();

        // When
        ClusterConfig config = platform.config("kafka-dev");
        String why = config.brokers().explain("min.insync.replicas");
        Optional<Setting> threads = config.broker(BrokerId.of(2)).find("num.io.threads");
        EffectiveConfig placed = config.topic(TopicName.of("orders.order.placed"));

        // Then
        assertThat(platform.warnings()).isEmpty();
        assertThat(why.replace(folder + "/", "") + "\n").isEqualTo(blocks.get(2));
        assertThat(threads.map(Setting::value)).contains("16");
        assertThat(placed.find("retention.ms").map(Setting::value)).contains("604800000");
        assertThat(config.topics().find("retention.ms").map(Setting::value)).contains("86400000");
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start();
                Admin admin = kafka.admin()) {
            ConfigDrift drift = ConfigDrift.ofBrokers(config, LiveConfig.read(admin, soon()));
            Set<BrokerId> restarts = drift.restarts(); // those with a difference that no dynamic change mends
            drift.differences().forEach(difference -> out.append(difference).append('\n'));

            assertThat(restarts).isNotEmpty();
            assertThat(out).contains("broker 2 num.io.threads: 2, should be 16 ← ");
        }
        String here =
                squeezed(Files.readString(Path.of("src/test/java/io/eventbroker/core/config/ConfigReadmeTest.java")));
        assertThat(here)
                .as("the snippets are the code above")
                .contains(squeezed(blocks.get(1)), squeezed(blocks.get(3)));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
