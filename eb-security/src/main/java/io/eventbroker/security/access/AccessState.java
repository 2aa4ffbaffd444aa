package io.eventbroker.security.access;

import io.eventbroker.core.plan.Plan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ACLs of a cluster at one moment.
 *
 * @param clusterId Kafka's own id of the cluster
 * @param rules all of them, sorted
 */
public record AccessState(String clusterId, List<AclRule> rules) {

    public AccessState {
        rules = rules.stream().distinct().sorted().toList();
    }

    /** The state that running the plan would lead to. */
    public AccessState simulate(Plan<AccessAction> plan) {
        Set<AclRule> after = new HashSet<>(rules);
        for (AccessAction action : plan.actions()) {
            action.accept(new AccessAction.Handler<Boolean>() {
                @Override
                public Boolean grant(AccessAction.GrantAcl grant) {
                    return after.add(grant.rule());
                }

                @Override
                public Boolean revoke(AccessAction.RevokeAcl revoke) {
                    return after.remove(revoke.rule());
                }
            });
        }
        return new AccessState(clusterId, List.copyOf(after));
    }

    /** What a plan for these principals depends on: their rules, and those for everyone. */
    List<AclRule> concerning(Collection<String> principals) {
        Set<String> wanted = Set.copyOf(principals);
        return rules.stream()
                .filter(rule ->
                        wanted.contains(rule.principal()) || rule.principal().equals(AclRule.EVERYONE))
                .toList();
    }
}
