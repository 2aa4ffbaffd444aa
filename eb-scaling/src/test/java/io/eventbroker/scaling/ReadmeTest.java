package io.eventbroker.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.Rate;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path THIS = Path.of("src/test/java/io/eventbroker/scaling/ReadmeTest.java");

    @Test
    void snippetRuns() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(1).start();
                Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("orders", 6, (short) 1)))
                    .all()
                    .get();
            BrokerId added = BrokerId.of(kafka.addBroker());
            StringBuilder out = new StringBuilder();
            Deadline soon = Deadline.after(Duration.ofSeconds(60));
            Deadline tonight = soon;
            RunOptions options = RunOptions.defaults();
            // snippet
            ClusterState state = ClusterState.read(admin, soon, Set.of(Part.SIZES));
            PlacementPlan moves = Placement.of(state)
                    .withBrokers(added)
                    .within(Band.percent(9))
                    .plan();
            moves.printTo(out);
            Reassignment.on(admin)
                    .throttledAt(Rate.mebibytesPerSecond(80))
                    .run(moves, options)
                    .await(tonight)
                    .requireSuccess();
            // end
            assertThat(moves.actions()).hasSize(3);
            assertThat(out.toString()).contains("3 moves");
        }
    }

    @Test
    void snippetIsTheOneThatRuns() throws Exception {
        String readme = Files.readString(README);
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String shown = readme.substring(start, readme.indexOf("```", start))
                .replaceAll("(?m)//.*$", "")
                .replace("System.out", "out");
        String source = Files.readAllLines(THIS).stream()
                .dropWhile(line -> !line.trim().equals("// snippet"))
                .skip(1)
                .takeWhile(line -> !line.trim().equals("// end"))
                .collect(Collectors.joining("\n"));
        assertThat(shown.replaceAll("\\s", "")).isEqualTo(source.replaceAll("\\s", ""));
    }
}
