package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of configuration is what happens. */
class ConfigReadmeTest {
    private final Readme readme = Readme.of(ConfigReadmeTest.class);

    @TempDir
    Path folder;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void showsWhatWorks() throws Exception {
        // Given
        List<String> blocks = readme.blocks();
        Files.writeString(
                folder.resolve("kafka.yaml"), readme.blocks("ReadmeTest").get(0));
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
        readme.assertShowsCode(blocks.get(1), blocks.get(3));
    }
}
