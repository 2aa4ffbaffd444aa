package io.eventbroker.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.Rate;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class ReadmeTest {
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
            // snippet: moves
            ClusterState state = ClusterState.read(admin, soon, Set.of(Part.SIZES));
            PlacementPlan moves = Placement.of(state)
                    .withBrokers(added)
                    .within(Band.percent(9))
                    .plan();
            moves.printTo(out); // 412 moves, 1.31 TiB (bound 1.27 TiB, gap 3 %), 57 leader changes; broker by broker
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
    void snippetIsTheOneThatRuns() {
        Readme.of(ReadmeTest.class).assertShowsEverySnippet();
    }
}
