package io.eventbroker.security.access;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Who may do what, as one team writes it down. The policy owns the principals that it names: their ACLs become what it
 * says, and those of all others stay as they are.
 *
 * @param name of the policy, for messages
 * @param principals each once
 */
public record AccessPolicy(String name, List<PrincipalAccess> principals) {

    public AccessPolicy {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an access policy needs a name");
        }
        principals = List.copyOf(principals);
        List<String> twice = principals.stream()
                .collect(Collectors.groupingBy(PrincipalAccess::principal, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(e -> e.getValue() > 1)
                .map(e -> e.getKey())
                .sorted()
                .toList();
        if (!twice.isEmpty()) {
            throw new IllegalArgumentException(
                    "access policy '" + name + "': names " + twice + " more than once; put its roles into one list");
        }
    }

    public static AccessPolicy of(String name, PrincipalAccess... principals) {
        return new AccessPolicy(name, List.of(principals));
    }

    /** Every role of every principal as ACLs, with how near they come. */
    public List<CompiledGrant> compile() {
        return principals.stream()
                .flatMap(access -> access.roles().stream().map(role -> role.compile(access.principal())))
                .toList();
    }
}
