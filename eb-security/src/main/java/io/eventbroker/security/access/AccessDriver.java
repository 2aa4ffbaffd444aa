package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunContext;
import io.eventbroker.security.access.AccessAction.GrantAcl;
import io.eventbroker.security.access.AccessAction.RevokeAcl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Carries out changes of ACLs. */
final class AccessDriver implements ActionDriver<AccessAction> {

    /** For the requests of one batch and for their effect to show. */
    private static final Duration BATCH_WAIT = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Acls acls;
    private final Set<String> planned;

    AccessDriver(Acls acls, Plan<AccessAction> plan) {
        this.acls = acls;
        String principals = plan.facts().get(AccessPlanner.PRINCIPALS);
        if (principals == null) {
            throw new EventBrokerException("this plan does not say for which principals it was made; plan again");
        }
        this.planned = new TreeSet<>(List.of(CanonicalJson.read(principals, String[].class)));
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        Set<String> concerned = new TreeSet<>(planned);
        concerned.add(AclRule.EVERYONE);
        AccessState now = new AccessState(acls.clusterId(deadline), acls.describe(concerned, deadline));
        return AccessPlanner.basis(now, planned);
    }

    @Override
    public Set<ActionId> inPlace(List<AccessAction> actions, RunContext context) {
        return inPlace(actions, Deadline.after(BATCH_WAIT));
    }

    @Override
    public void apply(List<AccessAction> actions, RunContext context) {
        List<AclRule> grants = new ArrayList<>();
        List<AclRule> revokes = new ArrayList<>();
        for (AccessAction action : actions) {
            (isGrant(action) ? grants : revokes).add(action.rule());
        }
        Deadline deadline = Deadline.after(BATCH_WAIT);
        Map<AclRule, RuntimeException> notGranted = grants.isEmpty() ? Map.of() : acls.create(grants, deadline);
        Map<AclRule, RuntimeException> notRevoked = revokes.isEmpty() ? Map.of() : acls.delete(revokes, deadline);
        List<AccessAction> accepted = new ArrayList<>();
        for (AccessAction action : actions) {
            RuntimeException failure = (isGrant(action) ? notGranted : notRevoked).get(action.rule());
            if (failure == null) {
                accepted.add(action);
            } else {
                context.failed(action.id(), failure);
            }
        }
        awaitEffect(accepted, context, deadline);
    }

    /** The controller has answered; an authorizer is another one on each broker, and learns of it a moment later. */
    private void awaitEffect(List<AccessAction> accepted, RunContext context, Deadline deadline) {
        if (accepted.isEmpty()) {
            return;
        }
        try {
            acls.awaitSeen(
                    () -> inPlace(accepted, deadline).size() == accepted.size(),
                    () -> context.pause(LOOK_AGAIN),
                    deadline);
        } catch (DeadlineExceededException e) {
            accepted.forEach(action -> context.failed(
                    action.id(),
                    new OutcomeUnknownException(
                            "the controller accepted the change, but not every broker showed it within "
                                    + BATCH_WAIT.toSeconds() + " s; check that the brokers follow the controller",
                            e)));
        }
    }

    private Set<ActionId> inPlace(Collection<AccessAction> actions, Deadline deadline) {
        Set<String> principals =
                actions.stream().map(action -> action.rule().principal()).collect(Collectors.toSet());
        Set<AclRule> there = new HashSet<>(acls.describe(principals, deadline));
        return actions.stream()
                .filter(action -> isGrant(action) == there.contains(action.rule()))
                .map(AccessAction::id)
                .collect(Collectors.toSet());
    }

    private static boolean isGrant(AccessAction action) {
        return action.accept(new AccessAction.Handler<Boolean>() {
            @Override
            public Boolean grant(GrantAcl any) {
                return true;
            }

            @Override
            public Boolean revoke(RevokeAcl any) {
                return false;
            }
        });
    }
}
