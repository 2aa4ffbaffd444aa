package io.eventbroker.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.ActionResult;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

/** What a run does when the cluster does not do as it is told. */
class AccessDriverTest {

    private static final String ORDERS = "User:CN=orders-service";
    private static final AclRule OLD = AclRule.allow(ORDERS, AclOperation.WRITE, AccessResource.topic("orders.placed"));
    private static final AclRule UNRELATED = AclRule.allow(ORDERS, AclOperation.READ, AccessResource.group("g"));
    private static final AclRule NEW =
            AclRule.allow(ORDERS, AclOperation.WRITE, AccessResource.topicsStartingWith("orders."));

    /** Answers each request to create as the test says; null lets it through. */
    private static final class StubbornAcls implements Acls {
        private final TreeSet<AclRule> rules = new TreeSet<>(List.of(OLD, UNRELATED));
        private final List<Function<StubbornAcls, RuntimeException>> answers = new ArrayList<>();
        private int creates;
        private int lagging;

        @Override
        public String clusterId(Deadline deadline) {
            return "stubborn";
        }

        @Override
        public synchronized List<AclRule> describe(Deadline deadline) {
            return List.copyOf(rules);
        }

        @Override
        public List<AclRule> describe(Collection<String> principals, Deadline deadline) {
            return describe(deadline);
        }

        @Override
        public synchronized Map<AclRule, RuntimeException> create(List<AclRule> wanted, Deadline deadline) {
            creates++;
            Map<AclRule, RuntimeException> failures = new HashMap<>();
            if (!answers.isEmpty()) {
                RuntimeException answer = answers.remove(0).apply(this);
                wanted.forEach(rule -> failures.put(rule, answer));
            } else {
                rules.addAll(wanted);
            }
            return failures;
        }

        @Override
        public synchronized Map<AclRule, RuntimeException> delete(List<AclRule> unwanted, Deadline deadline) {
            rules.removeAll(unwanted);
            return Map.of();
        }

        @Override
        public void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline) {
            assertThat(seen.getAsBoolean()).isTrue();
            if (lagging-- > 0) {
                throw new DeadlineExceededException("one broker still goes by older rules");
            }
        }
    }

    private final StubbornAcls acls = new StubbornAcls();

    @Test
    void keepsWhatAFailedGrantWasToReplace() {
        acls.answers.add(any -> new EventBrokerException("refused"));

        Report report = run();

        assertThat(report.results())
                .extracting(ActionResult::outcome)
                .containsExactly(Outcome.FAILED, Outcome.NOT_REACHED, Outcome.APPLIED);
        assertThat(acls.rules).containsExactly(OLD);
    }

    @Test
    void triesAgainWhatIsLikelyToPass() {
        acls.answers.add(any -> new RetryableException("the controller moves"));

        run().requireSuccess();

        assertThat(acls.creates).isEqualTo(2);
        assertThat(acls.rules).containsExactly(NEW);
    }

    @Test
    void looksBeforeItRepeatsWhatMayHaveHappened() {
        acls.answers.add(self -> {
            self.rules.add(NEW);
            return new OutcomeUnknownException("the answer was lost");
        });

        run().requireSuccess();

        assertThat(acls.creates).isEqualTo(1);
        assertThat(acls.rules).containsExactly(NEW);
    }

    @Test
    void doesNotTakeTheFirstBrokersWordForAll() {
        acls.lagging = 1;

        Report report = run();

        // The run then looks again, and says that it had to.
        report.requireSuccess();
        assertThat(report.results()).extracting(ActionResult::detail).contains("begun earlier and found in place");
    }

    private Report run() {
        AccessControl access = new AccessWorld(acls, List.of()).access;
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        Plan<AccessAction> plan = access.plan(
                access.read(deadline),
                List.of(AccessPolicy.of(
                        "orders",
                        PrincipalAccess.of(
                                ORDERS,
                                RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders."))))));
        return access.run(plan, RunOptions.defaults().allow(Deletes.atMost(2))).await(deadline);
    }
}
