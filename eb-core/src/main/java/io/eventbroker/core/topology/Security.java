package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import java.util.Set;

/**
 * Who may do what, as intent; the rules themselves are eb-security's.
 *
 * @param authorization how rights are decided
 * @param superUsers principals that may do everything, such as {@code User:CN=admin}
 */
public record Security(@Default("acl") Authorization authorization, Set<String> superUsers) {
    /** How rights are decided. */
    public enum Authorization {
        /** Anyone may do anything. */
        NONE,
        /** Kafka's access control lists. */
        ACL,
        /** Confluent's role bindings, which need its metadata service. */
        RBAC
    }

    public Security {
        superUsers = Set.copyOf(superUsers);
        Checks checks = Checks.begin();
        for (String user : superUsers) {
            checks.require(
                    user.matches("[A-Za-z]+:.+"),
                    "superUsers",
                    "'" + user + "' is not a principal",
                    "write a type and a name, such as User:CN=admin");
        }
        checks.end();
    }
}
