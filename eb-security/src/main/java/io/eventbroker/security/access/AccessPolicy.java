package io.eventbroker.security.access;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may do what, as one team writes it down. The policy owns the principals that it names: their ACLs become what it
 * says, and those of all others stay as they are.
 *
 * @param name of the policy, for messages
 * @param cluster the name of the {@code Topology} that it holds for; empty where the host decides
 * @param principals each once
 */
public record AccessPolicy(@Metadata String name, Optional<String> cluster, List<PrincipalAccess> principals) {

    public AccessPolicy {
        principals = List.copyOf(principals);
        Checks checks = Checks.begin().require(!name.isBlank(), "name", "an access policy needs a name", "");
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < principals.size(); i++) {
            Integer other = first.putIfAbsent(principals.get(i).principal(), i);
            if (other != null) {
                checks.refuse(
                        "principals[" + i + "].principal",
                        "'" + principals.get(i).principal() + "' is already named by principals[" + other + "]",
                        "put its roles into one list");
            }
        }
        checks.end();
    }

    public static AccessPolicy of(String name, PrincipalAccess... principals) {
        return new AccessPolicy(name, Optional.empty(), List.of(principals));
    }

    /** Every role of every principal as ACLs, with how near they come. */
    public List<CompiledGrant> compile() {
        return principals.stream()
                .flatMap(access -> access.roles().stream().map(role -> role.compile(access.principal())))
                .toList();
    }
}
