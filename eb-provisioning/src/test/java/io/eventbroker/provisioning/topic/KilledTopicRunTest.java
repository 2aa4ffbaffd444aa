package io.eventbroker.provisioning.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.provisioning.KilledProcesses;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they make topics; the last one goes on, and ends where one process would have. */
class KilledTopicRunTest {
    private static final Deletes DELETES = Deletes.atMost(100);
    private static final int TOPICS = 40;

    @TempDir
    Path folder;

    /** The process that is killed: the bootstrap servers, the plan's file, the journal's. */
    public static void main(String[] args) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            Plan<TopicAction> plan = Topics.PLANS.read(Files.readString(Path.of(args[1])));
            RunOptions options = RunOptions.defaults()
                    .journal(Journal.file(Path.of(args[2])))
                    .allow(DELETES);
            Topics.on(admin).run(plan, options).await(soon()).requireSuccess();
        }
    }

    @Test
    void endsWhereAnUndisturbedRunWouldHave() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(2).start();
                Admin admin = kafka.admin()) {
            Topics topics = Topics.on(admin);
            prepare(topics, "undisturbed.");
            topics.run(planFor(topics, "undisturbed."), RunOptions.defaults().allow(DELETES))
                    .await(soon())
                    .requireSuccess();
            Map<String, String> expected = stateOf(topics, "undisturbed.");
            int midRun = 0;
            // In one request for all, so a run has few moments: several runs.
            for (int run = 0; run < 2; run++) {
                String prefix = "disturbed-" + run + ".";
                prepare(topics, prefix);
                Plan<TopicAction> plan = planFor(topics, prefix);
                assertThat(plan.actions()).hasSizeGreaterThan(TOPICS);
                Path saved = Files.writeString(folder.resolve(prefix + "json"), plan.toJson());

                midRun += new KilledProcesses(KilledTopicRunTest.class, folder, new Random(run), 60)
                        .run(saved, folder.resolve(prefix + "journal"), 2, kafka.bootstrapServers());

                assertThat(stateOf(topics, prefix)).isEqualTo(expected);
                assertThat(planFor(topics, prefix).actions()).isEmpty();
            }
            assertThat(midRun).isPositive();
        }
    }

    private static Plan<TopicAction> planFor(Topics topics, String prefix) {
        return topics.plan(topics.read(soon()), List.of(wanted(prefix)));
    }

    private static void prepare(Topics topics, String prefix) {
        List<TopicSpec> before = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            if (i % 4 != 0) {
                before.add(TopicsTest.topic(prefix + i, 1, Map.of("retention.ms", "1000000")));
            }
        }
        topics.run(topics.plan(topics.read(soon()), List.of(TopicsTest.set(before))), RunOptions.defaults())
                .await(soon())
                .requireSuccess();
    }

    /** A quarter each is made, deleted, changed, and changed and grown. */
    private static TopicSet wanted(String prefix) {
        List<TopicSpec> wanted = new ArrayList<>();
        List<String> retired = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            if (i % 4 == 1) {
                retired.add(prefix + i);
            } else {
                wanted.add(TopicsTest.topic(prefix + i, i % 4 == 3 ? 3 : 1, Map.of("max.message.bytes", "2000000")));
            }
        }
        return TopicsTest.set(wanted, retired.toArray(String[]::new));
    }

    private static Map<String, String> stateOf(Topics topics, String prefix) {
        Map<String, String> state = new TreeMap<>();
        topics.read(soon()).topics().forEach((name, topic) -> {
            if (name.value().startsWith(prefix)) {
                state.put(
                        name.value().substring(prefix.length()),
                        topic.partitions().size() + "x" + topic.replicationFactor() + " " + topic.overrides());
            }
        });
        return state;
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }
}
