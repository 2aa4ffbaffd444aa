package io.eventbroker.security.access;

import java.util.ArrayList;
import java.util.List;

/**
 * The ACLs that stand for a role, and how near they come to it.
 *
 * @param principal whose role
 * @param role which
 * @param rules the ACLs
 * @param overGrants what they allow beyond the role, one sentence each
 * @param underGrants what of the role they do not allow, with the reason
 */
public record CompiledGrant(
        String principal, Role role, List<AclRule> rules, List<String> overGrants, List<String> underGrants) {

    public CompiledGrant {
        rules = rules.stream().sorted().toList();
        overGrants = List.copyOf(overGrants);
        underGrants = List.copyOf(underGrants);
    }

    /** Whether the ACLs allow exactly what the role does. */
    public boolean isExact() {
        return overGrants.isEmpty() && underGrants.isEmpty();
    }

    /** What a reader must know before approving; empty if exact. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        overGrants.forEach(more -> remarks.add(principal + " as " + role + " gets more than the role: " + more));
        underGrants.forEach(less -> remarks.add(principal + " as " + role + " gets less than the role: " + less));
        return remarks;
    }
}
