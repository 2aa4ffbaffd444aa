package io.eventbroker.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.BrokerMetadata;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.metrics.RunMetrics;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.secret.SecretRef;
import io.eventbroker.core.secret.SecretSource;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's snippets on the kernel, and sees to it that they are the same as here. */
class KernelReadmeTest {
    @TempDir
    Path dir;

    private final StringBuilder out = new StringBuilder();

    // snippet: soon
    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }
    // end

    @Test
    void snippetsRun() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                Admin admin = kafka.admin()) {
            Sha256 approved = planned(admin);
            MeterRegistry registry = new SimpleMeterRegistry();
            ran(admin, registry, approved);
            assertThat(out).contains("produce quota of alice: 1000000 bytes/s", "Run quotas-", "1 applied");
            assertThat(registry.get("eb.run.actions")
                            .tag("outcome", "applied")
                            .counter()
                            .count())
                    .isEqualTo(1);

            assertThat(Quotas.plan(kafka.clusterId(), Quotas.read(admin, soon()), Map.of("alice", 1_000_000L)))
                    .as("a second plan")
                    .matches(Plan::isEmpty);
            compared(admin);
            assertThat(out).contains("  added: produce quota of bob: 2000000 bytes/s (disruptive)");
            state(admin);
        }
        secrets();
    }

    private Sha256 planned(Admin admin) throws IOException {
        String clusterId = ClusterState.read(admin, soon(), Set.of()).clusterId();
        // snippet: plan
        SortedMap<String, Long> live = Quotas.read(admin, soon());
        Plan<SetQuota> plan = Quotas.plan(clusterId, live, Map.of("alice", 1_000_000L));

        plan.printTo(out); // what, why, at what risk, with what obstacles
        Files.writeString(dir.resolve("quotas.plan.json"), plan.toJson());
        Sha256 approved = plan.hash(); // what an approval signs
        // end
        return approved;
    }

    private void ran(Admin admin, MeterRegistry registry, Sha256 approved) throws IOException {
        // snippet: run
        Plan<SetQuota> plan = Quotas.PLANS.read(Files.readString(dir.resolve("quotas.plan.json")));
        if (!plan.hash().equals(approved)) {
            throw new EventBrokerException("this is not the plan that was approved");
        }
        RunOptions options = RunOptions.defaults()
                .journal(Journal.file(dir.resolve("quotas.journal"))) // one per plan
                .listener(RunMetrics.to(registry))
                .environment("production") // refuses a plan made for another
                .allow(Deletes.atMost(2)); // destructive actions; none without this
        Run<Report> run = Quotas.run(admin, plan, options); // returns at once
        Report report = run.await(soon()); // or run.completion(), run.progress(), run.cancel()
        report.printTo(out);
        report.requireSuccess();
        // end
        assertThatThrownBy(() -> Quotas.run(admin, plan, options.environment("qa")))
                .isInstanceOf(PlanStaleException.class);
        RunOptions again = RunOptions.defaults().journal(Journal.file(dir.resolve("quotas.journal")));
        assertThat(Quotas.run(admin, plan, again).await(soon()).counts())
                .as("a resume of what was finished")
                .isEqualTo(Map.of(Outcome.APPLIED, 1));
    }

    private void compared(Admin admin) throws IOException {
        String clusterId = ClusterState.read(admin, soon(), Set.of()).clusterId();
        Plan<SetQuota> approved = Quotas.PLANS.read(Files.readString(dir.resolve("quotas.plan.json")));
        // snippet: compare
        Plan<SetQuota> now = Quotas.plan(clusterId, Quotas.read(admin, soon()), Map.of("bob", 2_000_000L));
        out.append(now.changesSince(approved)); // a line a difference; sameActions() if there is none that matters
        // end
        assertThat(now.changesSince(approved).sameActions()).isFalse();
    }

    private void state(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("paid", 1, (short) 1))).all().get();
        admin.alterConsumerGroupOffsets("billing", Map.of(new TopicPartition("paid", 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        // snippet: state
        ClusterState state = ClusterState.read(admin, soon()); // or only some parts, or only some topics
        state.gaps()
                .forEach(gap -> out.append(gap).append('\n')); // what the client may not read, and the right it lacks
        SortedMap<TopicPartition, Long> lags = state.groups().get("billing").lags();
        state.requireWhole(Part.CONFIGS, Part.ACLS); // or a NotReadException that says why not

        Files.writeString(dir.resolve("before.json"), state.toJson()); // canonical; no secret in it
        ClusterState before = ClusterState.fromJson(Files.readString(dir.resolve("before.json")));
        before.diff(ClusterState.read(admin, soon())).printTo(out); // by kind, summed up if there is much

        ClusterState then = state.simulate()
                .createTopic(TopicName.of("orders"), 6, 1, Map.of("retention.ms", "604800000"))
                .state();
        // end
        assertThat(lags).containsEntry(new TopicPartition("paid", 0), 0L);
        assertThat(before).isEqualTo(state);
        assertThat(state.topics()).doesNotContainKey(TopicName.of("orders"));
        assertThat(then.topic(TopicName.of("orders")).orElseThrow().partitions())
                .hasSize(6);
    }

    private void secrets() {
        SecretRef ref = new SecretRef("env:PATH");
        // snippet: secret
        try (Secret password = SecretSource.environment().resolve(ref)) { // destroyed at the end
            int length = password.use(chars -> chars.length); // a copy, overwritten after the call
            assertThat(length).isPositive();
            assertThat(password).hasToString("Secret[hidden]");
        }
        // end
    }

    // snippet: quotas
    /** Gives a user a produce quota, in bytes per second. */
    record SetQuota(String user, long bytesPerSecond) implements Action {
        @Override
        public ActionId id() {
            return ActionId.of("quota/" + user);
        }

        @Override
        public String summary() {
            return "produce quota of " + user + ": " + bytesPerSecond + " bytes/s";
        }

        @Override
        public Risk risk() {
            return Risk.DISRUPTIVE;
        }
    }

    static final class Quotas implements ActionDriver<SetQuota> {
        static final PlanType<SetQuota> PLANS = PlanType.named("quotas", SetQuota.class)
                .action("set-quota", SetQuota.class)
                .build();
        private static final String KEY = "producer_byte_rate";

        private final Admin admin;

        private Quotas(Admin admin) {
            this.admin = admin;
        }

        static SortedMap<String, Long> read(Admin admin, Deadline deadline) {
            ClientQuotaFilter users =
                    ClientQuotaFilter.containsOnly(List.of(ClientQuotaFilterComponent.ofEntityType("user")));
            SortedMap<String, Long> quotas = new TreeMap<>();
            AdminCalls.read(admin.describeClientQuotas(users).entities(), "read quotas", deadline)
                    .forEach((entity, values) -> {
                        String user = entity.entries().get("user");
                        if (user != null && values.containsKey(KEY)) {
                            quotas.put(user, values.get(KEY).longValue());
                        }
                    });
            return quotas;
        }

        /** Pure: the basis says what was read, so that a plan cannot run against anything else. */
        static Plan<SetQuota> plan(String clusterId, SortedMap<String, Long> live, Map<String, Long> wanted) {
            ActionPlan.Builder<SetQuota> plan =
                    ActionPlan.of(PLANS, PlanBasis.of(clusterId, live)).environment("production");
            new TreeMap<>(wanted).forEach((user, quota) -> {
                if (!quota.equals(live.get(user))) {
                    plan.action(new SetQuota(user, quota));
                }
            });
            return plan.build();
        }

        static Run<Report> run(Admin admin, Plan<SetQuota> plan, RunOptions options) {
            return PlanRunner.start(plan, new Quotas(admin), options);
        }

        @Override
        public PlanBasis readBasis(Deadline deadline) {
            String clusterId = AdminCalls.read(admin.describeCluster().clusterId(), "name the cluster", deadline);
            return PlanBasis.of(clusterId, read(admin, deadline));
        }

        @Override
        public Set<ActionId> inPlace(List<SetQuota> actions, RunContext context) {
            SortedMap<String, Long> live = read(admin, Deadline.after(Duration.ofSeconds(30)));
            return actions.stream()
                    .filter(action -> Long.valueOf(action.bytesPerSecond()).equals(live.get(action.user())))
                    .map(SetQuota::id)
                    .collect(Collectors.toSet());
        }

        @Override
        public void apply(List<SetQuota> actions, RunContext context) { // one request for all of them
            List<ClientQuotaAlteration> changes = actions.stream()
                    .map(action -> new ClientQuotaAlteration(
                            new ClientQuotaEntity(Map.of("user", action.user())),
                            List.of(new ClientQuotaAlteration.Op(KEY, (double) action.bytesPerSecond()))))
                    .toList();
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            AdminCalls.change(admin.alterClientQuotas(changes).all(), "set quotas", deadline);
            // The controller has answered; the brokers learn of it a moment later.
            BrokerMetadata.of(admin)
                    .awaitSeen(
                            () -> inPlace(actions, context).size() == actions.size(),
                            () -> context.pause(Duration.ofMillis(20)),
                            deadline);
        }
    }
    // end

    @Test
    void readmeShowsWhatRuns() {
        Readme.of(KernelReadmeTest.class).assertShowsEverySnippet();
    }
}
