package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeTest {
    private static final Pattern CHECKED =
            Pattern.compile("<!-- checked by ReadmeTest -->\n```(?:yaml|java|text)\n(.*?)```\n", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = CHECKED.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
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
        String here = squeezed(Files.readString(Path.of("src/test/java/io/eventbroker/core/spec/ReadmeTest.java")));
        assertThat(here).as("the snippet is the code above").contains(squeezed(blocks.get(1)));
    }

    @Test
    void showsMistakesAsTheyAreReported() throws IOException {
        List<String> blocks = CHECKED.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        String wrong = blocks.get(0).replaceFirst("replicas: 3", "replicas: 2").replace("zones:", "zone:");

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("platform/kafka.yaml", wrong));

        assertThat(refused.problems() + "\n").isEqualTo(blocks.get(2));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
