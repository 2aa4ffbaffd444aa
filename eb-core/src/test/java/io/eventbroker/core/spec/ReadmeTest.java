package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeTest {
    private final Readme readme = Readme.of(ReadmeTest.class);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = readme.blocks();
        Files.writeString(folder.resolve("kafka.yaml"), blocks.get(0));

        // When
        Platform platform = Specs.standard().read(folder);
        Topology dev = platform.topology("kafka-dev");
        List<String> names = dev.brokers().hostNames(BrokerId.of(0)); // kafka-dev-0, kafka-dev-0.kafka-dev, ...
        TopicSpec placed = platform.one(TopicSets.KIND, "orders").wanted().get(TopicName.of("orders.order.placed"));

        // Then
        assertThat(names).startsWith("kafka-dev-0", "kafka-dev-0.kafka-dev");
        assertThat(placed.partitions()).contains(12);
        assertThat(platform.warnings()).isEmpty();
        readme.assertShowsCode(blocks.get(1));
    }

    @Test
    void showsMistakesAsTheyAreReported() throws IOException {
        List<String> blocks = readme.blocks();
        String wrong = blocks.get(0).replaceFirst("replicas: 3", "replicas: 2").replace("zones:", "zone:");

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("platform/kafka.yaml", wrong));

        assertThat(refused.problems() + "\n").isEqualTo(blocks.get(2));
    }
}
