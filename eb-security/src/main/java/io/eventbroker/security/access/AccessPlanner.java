package io.eventbroker.security.access;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.security.access.AccessAction.GrantAcl;
import io.eventbroker.security.access.AccessAction.RevokeAcl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what policies ask for with what there is. */
final class AccessPlanner {

    /** The fact that names the principals planned for: with it a run knows what the plan was made from. */
    static final String PRINCIPALS = "principals";

    private final AccessState state;
    private final String environment;
    /** The principals that the policies own. */
    private final SortedSet<String> owned = new TreeSet<>();
    /** What is asked for, with the roles that do. */
    private final SortedMap<AclRule, SortedSet<String>> wanted = new TreeMap<>();

    private final Map<String, List<AclRule>> wantedOf = new HashMap<>();
    private final SortedSet<String> remarks = new TreeSet<>();

    AccessPlanner(
            AccessState state, Collection<AccessPolicy> policies, Set<String> protectedPrincipals, String environment) {
        this.state = state;
        this.environment = environment;
        for (AccessPolicy policy : policies) {
            for (PrincipalAccess access : policy.principals()) {
                if (protectedPrincipals.contains(access.principal())) {
                    throw new EventBrokerException("access policy '" + policy.name() + "': " + access.principal()
                            + " is protected, as a super user or one of the platform's own; remove it from the policy");
                }
                owned.add(access.principal());
            }
            for (CompiledGrant grant : policy.compile()) {
                String why = grant.role() + " in policy " + policy.name();
                grant.rules()
                        .forEach(rule -> wanted.computeIfAbsent(rule, any -> new TreeSet<>())
                                .add(why));
                remarks.addAll(grant.remarks());
            }
        }
        wanted.keySet()
                .forEach(rule -> wantedOf.computeIfAbsent(rule.principal(), any -> new ArrayList<>())
                        .add(rule));
    }

    Plan<AccessAction> plan() {
        ActionPlan.Builder<AccessAction> plan = begin();
        Map<String, List<GrantAcl>> grants = addGrants(plan);
        for (AclRule rule : unwanted()) {
            List<ActionId> after = grants.getOrDefault(rule.principal(), List.of()).stream()
                    .filter(grant -> grant.rule().resource().overlaps(rule.resource()))
                    .map(GrantAcl::id)
                    .toList();
            plan.action(new RevokeAcl(rule, whyUnwanted(rule), after));
        }
        return plan.build();
    }

    Plan<AccessAction> planGrants() {
        ActionPlan.Builder<AccessAction> plan = begin();
        addGrants(plan);
        unwanted()
                .forEach(rule -> plan.note(rule.principal() + " keeps " + rule.right() + ", which no policy asks for"));
        return plan.build();
    }

    private ActionPlan.Builder<AccessAction> begin() {
        ActionPlan.Builder<AccessAction> plan = ActionPlan.of(AccessControl.PLANS, basis(state, owned))
                .environment(environment)
                .fact(PRINCIPALS, CanonicalJson.write(owned));
        remarks.forEach(plan::note);
        denials().forEach(plan::note);
        return plan;
    }

    /** The part of the state that a plan for these principals has read. */
    static PlanBasis basis(AccessState state, Collection<String> principals) {
        return PlanBasis.of(state.clusterId(), state.concerning(principals));
    }

    private Map<String, List<GrantAcl>> addGrants(ActionPlan.Builder<AccessAction> plan) {
        Set<AclRule> there = Set.copyOf(state.rules());
        Map<String, List<GrantAcl>> grants = new HashMap<>();
        wanted.forEach((rule, why) -> {
            if (!there.contains(rule)) {
                GrantAcl grant = new GrantAcl(rule, String.join(", ", why));
                plan.action(grant);
                grants.computeIfAbsent(rule.principal(), any -> new ArrayList<>())
                        .add(grant);
            }
        });
        return grants;
    }

    private List<AclRule> unwanted() {
        return state.rules().stream()
                .filter(rule -> owned.contains(rule.principal())
                        && rule.allows()
                        && !rule.isUnknown()
                        && !wanted.containsKey(rule))
                .toList();
    }

    private String whyUnwanted(AclRule rule) {
        return wantedOf.getOrDefault(rule.principal(), List.of()).stream()
                .filter(rule::isCoveredBy)
                .findFirst()
                .map(kept -> "no policy asks for it; still allowed by " + kept.right())
                .orElse("no policy asks for it; clients that use it are cut off");
    }

    /** Policies have no denials: to lift one would give rights that nobody asked for, so they stay and are named. */
    private List<String> denials() {
        List<String> notes = new ArrayList<>();
        for (AclRule rule : state.rules()) {
            if (owned.contains(rule.principal()) && rule.isUnknown()) {
                notes.add(rule.principal() + " has an ACL on " + rule.resource().inWords()
                        + " of a kind that this version does not know; it stays");
            } else if (!rule.allows() && concernsWanted(rule)) {
                notes.add(rule.principal() + " has " + rule.right()
                        + ", which wins over what the policies allow and stays");
            }
        }
        return notes;
    }

    private boolean concernsWanted(AclRule denial) {
        if (owned.contains(denial.principal())) {
            return true;
        }
        return denial.principal().equals(AclRule.EVERYONE)
                && wanted.keySet().stream().anyMatch(rule -> rule.resource().overlaps(denial.resource()));
    }
}
