package io.eventbroker.provisioning.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.DeletesNotAllowedException;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicDefaults;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreatePartitionsResult;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startCluster() {
        kafka = EmbeddedKafka.builder().brokers(3).start();
        admin = kafka.admin();
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        kafka.close();
    }

    static TopicSpec topic(String name, int partitions, Map<String, String> configs) {
        return new TopicSpec(
                TopicName.of(name), Optional.of(partitions), Optional.of(2), Optional.empty(), new TreeMap<>(configs));
    }

    static TopicSet set(List<TopicSpec> topics, String... retired) {
        return new TopicSet(
                "test",
                Optional.empty(),
                new TopicDefaults(Optional.empty(), Optional.empty(), new TreeMap<>()),
                topics,
                new java.util.LinkedHashSet<>(
                        Arrays.stream(retired).map(TopicName::of).toList()));
    }

    @Test
    void plansOnlyTheSetsOfTheClusterThatItKnows() {
        // Given
        Topology prod = Specs.standard()
                .read(Path.of("src/test/resources/platform.yaml"))
                .topology("kafka-prod");
        List<TopicSet> sets = List.of(
                of("kafka-prod", "here.a"), of("kafka-dr", "there.b"), set(List.of(topic("any.c", 1, Map.of()))));
        Topics topics = Topics.on(admin);
        ClusterState live = topics.read(soon());

        // When
        Plan<TopicAction> plan = topics.of(prod).plan(live, sets);

        // Then
        assertThat(plan.actions()).extracting(action -> action.topic().value()).containsExactly("any.c", "here.a");
        assertThat(plan.environment()).isEqualTo("production");
        assertThatThrownBy(() -> topics.of(prod).run(plan, RunOptions.defaults().environment("qa")))
                .isInstanceOf(PlanStaleException.class);
        assertThatThrownBy(() -> topics.plan(live, sets))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("kafka-dr, kafka-prod")
                .hasMessageContaining("Topics.on(admin).of(topology)");
        assertThat(topics.plan(live, sets.subList(0, 1)).actions()).hasSize(1);
    }

    private static TopicSet of(String cluster, String topic) {
        TopicSet any = set(List.of(topic(topic, 1, Map.of())));
        return new TopicSet(topic, Optional.of(cluster), any.defaults(), any.topics(), any.retired());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static Plan<TopicAction> plan(TopicSet set) {
        Topics topics = Topics.on(admin);
        return topics.plan(topics.read(soon()), List.of(set));
    }

    private static Report run(Plan<TopicAction> plan) {
        return Topics.on(admin).run(plan, RunOptions.defaults()).await(soon());
    }

    private static TopicState now(String topic) {
        return ClusterState.read(admin, soon()).topic(TopicName.of(topic)).orElseThrow();
    }

    @Test
    void createsGrowsAndConfiguresTopics() {
        run(plan(set(List.of(topic("grow.a", 2, Map.of("retention.ms", "1000000", "max.message.bytes", "2000000"))))))
                .requireSuccess();
        Plan<TopicAction> second =
                plan(set(List.of(topic("grow.a", 5, Map.of("retention.ms", "2000000", "segment.bytes", "1048576")))));

        assertThat(second.actions())
                .extracting(TopicAction::summary)
                .containsExactly(
                        "add partitions to topic grow.a: 2 → 5",
                        "change configuration of topic grow.a: max.message.bytes 2000000 → (inherited), retention.ms 1000000"
                                + " → 2000000, segment.bytes (inherited) → 1048576");
        assertThat(second.actions()).extracting(TopicAction::risk).containsOnly(Risk.DISRUPTIVE);
        run(second).requireSuccess();

        assertThat(now("grow.a").partitions()).hasSize(5);
        assertThat(now("grow.a").overrides())
                .containsExactlyInAnyOrderEntriesOf(Map.of("retention.ms", "2000000", "segment.bytes", "1048576"));
    }

    @Test
    void takesTheClustersDefaultsWhereTheSetIsSilent() {
        TopicSpec silent = new TopicSpec(
                TopicName.of("silent"), Optional.empty(), Optional.empty(), Optional.empty(), new TreeMap<>());

        run(plan(set(List.of(silent)))).requireSuccess();

        assertThat(now("silent").partitions()).isNotEmpty();
        assertThat(plan(set(List.of(silent))).actions()).isEmpty();
    }

    @Test
    void createsHundredsOfTopicsInOneBatch() {
        List<TopicSpec> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(topic("many.t" + i, 1, Map.of("cleanup.policy", "compact")));
        }

        Report report = run(plan(set(many)));

        report.requireSuccess();
        assertThat(report.counts()).containsExactly(Map.entry(Outcome.APPLIED, 300));
        assertThat(plan(set(many)).actions()).isEmpty();
    }

    @Test
    void deletesOnlyWhatIsRetiredAndOnlyWhenAllowed() {
        run(plan(set(List.of(topic("old.a", 1, Map.of()), topic("old.b", 1, Map.of())))))
                .requireSuccess();
        Plan<TopicAction> retire = plan(set(List.of(), "old.a"));

        assertThat(retire.actions()).extracting(TopicAction::risk).containsExactly(Risk.DESTRUCTIVE);
        assertThatThrownBy(() -> run(retire)).isInstanceOf(DeletesNotAllowedException.class);
        assertThat(now("old.a").partitions()).hasSize(1);

        Topics.on(admin)
                .run(retire, RunOptions.defaults().allow(Deletes.atMost(1)))
                .await(soon())
                .requireSuccess();
        Set<TopicName> left = ClusterState.read(admin, soon()).topics().keySet();
        assertThat(left).doesNotContain(TopicName.of("old.a")).contains(TopicName.of("old.b"));
    }

    @Test
    void saysWhatKafkaCannotDo() {
        run(plan(set(List.of(topic("fixed", 3, Map.of()))))).requireSuccess();
        TopicSpec other =
                new TopicSpec(TopicName.of("fixed"), Optional.of(2), Optional.of(3), Optional.empty(), new TreeMap<>());

        Plan<TopicAction> plan = plan(set(List.of(other)));

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.notes())
                .hasSize(2)
                .anyMatch(note -> note.contains("has 3 partitions and 2 are wanted"))
                .anyMatch(note -> note.contains("has 2 replicas and 3 are wanted"));
    }

    @Test
    void reportsEachRefusalAndAppliesTheRest() {
        Plan<TopicAction> plan = plan(set(List.of(
                topic("refused", 1, Map.of("retention.ms", "soon")),
                topic("accepted", 1, Map.of("retention.ms", "1000000")))));

        Report report = run(plan);

        assertThat(report.results())
                .extracting(r -> r.action() + " " + r.outcome())
                .containsExactly("topic/accepted/create APPLIED", "topic/refused/create FAILED");
        assertThat(report.results().get(1).detail()).contains("retention.ms").contains("soon");
        assertThatThrownBy(report::requireSuccess).hasMessageContaining("create topic refused");
    }

    /** Sends each change twice and gives the second answer, as the Admin client does when the first was lost. */
    private static final class Repeating extends ForwardingAdmin {
        Repeating() {
            super(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        }

        @Override
        public CreateTopicsResult createTopics(Collection<NewTopic> topics, CreateTopicsOptions options) {
            lose(super.createTopics(topics, options).all());
            return super.createTopics(topics, options);
        }

        @Override
        public CreatePartitionsResult createPartitions(
                Map<String, NewPartitions> totals, CreatePartitionsOptions options) {
            lose(super.createPartitions(totals, options).all());
            return super.createPartitions(totals, options);
        }

        @Override
        public DeleteTopicsResult deleteTopics(TopicCollection topics, DeleteTopicsOptions options) {
            lose(super.deleteTopics(topics, options).all());
            return super.deleteTopics(topics, options);
        }

        private static void lose(KafkaFuture<Void> answer) {
            try {
                answer.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void takesItsOwnRepeatedRequestForASuccess() {
        try (Admin repeating = new Repeating()) {
            Topics topics = Topics.on(repeating);
            for (TopicSet set : List.of(
                    set(List.of(topic("twice", 2, Map.of()))),
                    set(List.of(topic("twice", 3, Map.of()))),
                    set(List.of(), "twice"))) {
                topics.run(plan(set), RunOptions.defaults().allow(Deletes.atMost(1)))
                        .await(soon())
                        .requireSuccess();
            }
        }
    }

    @Test
    void failsToCreateATopicThatSomebodyElseMadeOtherwise() {
        try (Admin late = new ForwardingAdmin(Map.of("bootstrap.servers", kafka.bootstrapServers())) {
            @Override
            public CreateTopicsResult createTopics(Collection<NewTopic> topics, CreateTopicsOptions options) {
                Repeating.lose(super.createTopics(List.of(new NewTopic("taken", 7, (short) 1)), options)
                        .all());
                return super.createTopics(topics, options);
            }
        }) {
            Report report = Topics.on(late)
                    .run(plan(set(List.of(topic("taken", 2, Map.of())))), RunOptions.defaults())
                    .await(soon());

            assertThat(report.counts()).containsExactly(Map.entry(Outcome.FAILED, 1));
        }
    }

    @Test
    void refusesToPlanMoreReplicasThanThereAreBrokers() {
        // Given
        TopicSpec four = new TopicSpec(
                TopicName.of("wide.a"), Optional.of(1), Optional.of(4), Optional.empty(), new TreeMap<>());
        TopicSpec five = new TopicSpec(
                TopicName.of("wide.b"), Optional.of(1), Optional.of(5), Optional.empty(), new TreeMap<>());

        // When, Then
        assertThatThrownBy(() -> plan(set(List.of(four, five))))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("topic wide.a: replication factor 4 does not fit on the ")
                .hasMessageContaining("topic wide.b: replication factor 5 does not fit on the ")
                .hasMessageContaining("lower the factor");
    }

    @Test
    void refusesToStartOnceATopicOfItsScopeHasChanged() {
        TopicSet wanted = set(List.of(topic("moving", 2, Map.of())));
        Plan<TopicAction> plan = plan(wanted);
        run(plan(wanted)).requireSuccess();

        assertThatThrownBy(() -> run(plan)).isInstanceOf(PlanStaleException.class);
    }

    @Test
    void startsAlthoughTopicsOutsideItsScopeHaveChanged() {
        Plan<TopicAction> plan = plan(set(List.of(topic("inside", 1, Map.of()))));
        run(plan(set(List.of(topic("outside", 1, Map.of()))))).requireSuccess();

        run(plan).requireSuccess();
    }
}
