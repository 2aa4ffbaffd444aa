package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
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

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Acls acls;
    private final Set<String> planned;

    AccessDriver(Acls acls, Plan<AccessAction> plan) {
        this.acls = acls;
        String principals = plan.facts().get(AccessPlanner.PRINCIPALS);
        if (principals == null) {
            throw new IllegalArgumentException("this plan does not say for which principals it was made; plan again");
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
        for (AccessAction hidden : awaitEffect(accepted, deadline)) {
            context.failed(
                    hidden.id(),
                    new OutcomeUnknownException("the controller accepted the change, but no broker showed it within "
                            + BATCH_WAIT.toSeconds() + " s; check that the brokers follow the controller"));
        }
    }

    /** Waits until a broker shows every change, and gives back those that it does not show by the deadline. */
    private List<AccessAction> awaitEffect(List<AccessAction> actions, Deadline deadline) {
        List<AccessAction> open = actions;
        Duration pause = FIRST_PAUSE;
        while (!open.isEmpty()) {
            Set<ActionId> shown = inPlace(open, deadline);
            open = open.stream().filter(action -> !shown.contains(action.id())).toList();
            if (open.isEmpty() || deadline.remaining().compareTo(LONGEST_PAUSE) < 0) {
                break;
            }
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return open;
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
        return action.handle(new AccessAction.Handler<Boolean>() {
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

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("interrupted while waiting for ACLs to take effect", e);
        }
    }
}
