package io.eventbroker.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The laws on ACLs in memory, which show their changes late now and then as brokers do. */
class AccessPlanLawsTest extends PlanLaws<AccessWorld, AccessAction> {

    /** A controller, and a broker that follows it by one look. */
    private static final class LateAcls implements Acls {
        private final TreeSet<AclRule> controller = new TreeSet<>();
        private List<AclRule> broker = List.of();

        LateAcls(List<AclRule> rules) {
            controller.addAll(rules);
            broker = rules;
        }

        @Override
        public String clusterId(Deadline deadline) {
            return "in-memory";
        }

        @Override
        public synchronized List<AclRule> describe(Deadline deadline) {
            List<AclRule> shown = broker;
            broker = List.copyOf(controller);
            return ThreadLocalRandom.current().nextBoolean() || shown.equals(broker) ? broker : shown;
        }

        @Override
        public List<AclRule> describe(Collection<String> principals, Deadline deadline) {
            return describe(deadline).stream()
                    .filter(rule -> principals.contains(rule.principal()))
                    .toList();
        }

        @Override
        public synchronized Map<AclRule, RuntimeException> create(List<AclRule> rules, Deadline deadline) {
            controller.addAll(rules);
            return Map.of();
        }

        @Override
        public synchronized Map<AclRule, RuntimeException> delete(List<AclRule> rules, Deadline deadline) {
            controller.removeAll(rules);
            return Map.of();
        }

        @Override
        public void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline) {
            while (!seen.getAsBoolean()) {
                pause.run();
            }
        }
    }

    @Override
    protected AccessWorld world(int seed) {
        return new AccessWorld(new LateAcls(AccessWorld.randomRules(seed)), AccessWorld.randomPolicies(seed));
    }

    @Override
    protected Plan<AccessAction> plan(AccessWorld world) {
        return world.plan();
    }

    @Override
    protected Plan<AccessAction> planAfterSimulating(AccessWorld world, Plan<AccessAction> plan) {
        return world.access.plan(world.read().simulate(plan), world.policies);
    }

    @Override
    protected Run<? extends Report> run(AccessWorld world, Plan<AccessAction> plan, RunOptions options) {
        return world.access.run(plan, options);
    }

    @Override
    protected Object state(AccessWorld world) {
        world.read();
        return world.read();
    }

    @Override
    protected void disturb(AccessWorld world) {
        world.acls.create(
                List.of(AclRule.allow("User:CN=p1", AclOperation.DELETE, AccessResource.topic("new"))),
                Deadline.after(Duration.ofSeconds(1)));
        world.read();
    }

    @Override
    protected int seeds() {
        return 100;
    }

    @TestFactory
    Stream<DynamicTest> leavesOthersAndDenialsAsTheyWere() {
        return Stream.iterate(1, seed -> seed + 1)
                .limit(100)
                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    AccessWorld world = world(seed);
                    Plan<AccessAction> plan = world.plan();

                    assertThat(plan.actions())
                            .allMatch(action -> !action.rule().principal().equals("User:CN=p0"))
                            .allMatch(action -> action.rule().allows());
                }));
    }

    @TestFactory
    Stream<DynamicTest> nobodyLosesForAMomentWhatTheyKeep() {
        return Stream.iterate(1, seed -> seed + 1)
                .limit(100)
                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    AccessWorld world = world(seed);
                    AccessState before = world.read();
                    Plan<AccessAction> plan = world.plan();
                    AccessState after = before.simulate(plan);
                    TreeSet<AclRule> now = new TreeSet<>(before.rules());

                    for (AccessAction action : plan.actions()) {
                        if (now.contains(action.rule())) {
                            now.remove(action.rule());
                        } else {
                            now.add(action.rule());
                        }
                        for (AclRule rule : before.rules()) {
                            if (after.rules().stream().anyMatch(rule::isCoveredBy)) {
                                assertThat(now).as("%s, for %s", action, rule).anyMatch(rule::isCoveredBy);
                            }
                        }
                    }
                }));
    }
}
