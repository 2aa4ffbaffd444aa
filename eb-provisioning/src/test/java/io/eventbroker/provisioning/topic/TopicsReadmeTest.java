package io.eventbroker.provisioning.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.provisioning.verify.SyntheticResult;
import io.eventbroker.provisioning.verify.SyntheticTransaction;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's snippets on Kafka, and sees to it that they are the same as here. */
class TopicsReadmeTest {
    private final Readme readme = Readme.of(TopicsReadmeTest.class);

    @TempDir
    Path dir;

    private final StringBuilder out = new StringBuilder();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void snippetsRun() throws Exception {
        Files.copy(Path.of("src/test/resources/platform.yaml"), dir.resolve("platform.yaml"));
        Files.writeString(dir.resolve("topics.yaml"), readme.blocks().get(0));
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start();
                Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("orders.order.legacy", 1, (short) 3)))
                    .all()
                    .get();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Topics.on(admin)
                            .read(soon())
                            .topic(TopicName.of("orders.order.legacy"))
                            .isPresent());
            topics(admin);
            transaction(kafka.clientProperties());
        }
        assertThat(out)
                .contains(
                        "+ create topic orders.order.placed with 12 partitions, 3 replicas",
                        "- delete topic orders.order.legacy with all its records")
                .contains("200 records produced, consumed and compared");
    }

    private void topics(Admin admin) {
        // snippet: topics
        Platform platform = Specs.standard().read(dir);
        Topics topics = Topics.on(admin);
        ClusterState live = topics.read(soon());
        Plan<TopicAction> plan = topics.plan(live, platform.all(TopicSets.KIND));
        plan.printTo(out);
        RunOptions options = RunOptions.defaults()
                .journal(Journal.file(dir.resolve("topics.journal")))
                .allow(Deletes.atMost(1)); // without this, a plan that deletes does not start
        topics.run(plan, options).await(soon()).requireSuccess();
        // end
        assertThat(topics.plan(topics.read(soon()), platform.all(TopicSets.KIND)))
                .matches(Plan::isEmpty);
        assertThat(Topics.simulate(live, plan).topic(TopicName.of("orders.order.placed")))
                .isPresent();
    }

    private void transaction(Map<String, Object> clientProperties) {
        // snippet: transaction
        SyntheticTransaction transaction = SyntheticTransaction.with(clientProperties);
        SyntheticResult result = transaction.run(TopicName.of("platform.synthetic.probe"), 200, soon());
        out.append(result); // … records produced, consumed and compared; latency … median, … p99, … slowest
        // end
        assertThat(result.records()).isEqualTo(200);
    }

    @Test
    void readmeShowsWhatRuns() {
        readme.assertShowsSnippets("topics", "transaction");
    }
}
