package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The laws on a real controller and three brokers, any of which may answer; each world starts by clearing what the one before left. */
class AccessLawsOnKafkaTest extends PlanLaws<AccessWorld, AccessAction> {

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(3).authorizer().start();
        admin = kafka.admin();
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Override
    protected AccessWorld world(int seed) {
        List<AclRule> rules = AccessWorld.randomRules(seed);
        AdminAcls acls = new AdminAcls(admin);
        try {
            admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
        acls.create(rules, soon());
        AccessWorld world = new AccessWorld(acls, AccessWorld.randomPolicies(seed));
        awaitSeen(acls, () -> world.read().rules().equals(rules));
        return world;
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
        return world.read();
    }

    @Override
    protected void disturb(AccessWorld world) {
        AclRule rule = AclRule.allow("User:CN=p1", AclOperation.DELETE, AccessResource.topic("new"));
        world.acls.create(List.of(rule), soon());
        awaitSeen(world.acls, () -> world.read().rules().contains(rule));
    }

    private static void awaitSeen(Acls acls, BooleanSupplier seen) {
        acls.awaitSeen(seen, () -> LockSupport.parkNanos(5_000_000), soon());
    }

    @Override
    protected int seeds() {
        return 5;
    }

    @Override
    protected int seedsToKill() {
        return 2;
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}
