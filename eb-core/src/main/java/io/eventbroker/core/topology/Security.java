package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may do what, as intent; the rules themselves are eb-security's.
 *
 * @param authorization how rights are decided
 * @param superUsers principals that may do everything, such as {@code User:CN=admin}
 * @param protocols the security protocols that the listeners of brokers and controllers may speak; empty for any
 * @param minimumTls the oldest version of TLS that listeners accept: {@code 1.2} or {@code 1.3}
 * @param principals who each component is when it connects to the brokers, by the component's key, such as
 *     {@code schemaRegistry: User:CN=registry}
 */
public record Security(
        @Default("acl") Authorization authorization,
        Set<String> superUsers,
        Set<Protocol> protocols,

        @Description("The oldest TLS that listeners accept: '1.2' or '1.3', in quotes") @Default("'1.3'")
        String minimumTls,

        SortedMap<String, String> principals) {

    /** How rights are decided. */
    public enum Authorization {
        /** Anyone may do anything. */
        NONE,
        /** Kafka's access control lists. */
        ACL,
        /** Confluent's role bindings, which need its metadata service. */
        RBAC
    }

    /** Kafka's security protocols ({@code org.apache.kafka.common.security.auth.SecurityProtocol}). */
    public enum Protocol {
        PLAINTEXT,
        SSL,
        SASL_PLAINTEXT,
        SASL_SSL
    }

    public Security {
        List<String> users = List.copyOf(superUsers); // in the order of the file, to name the one that is wrong
        superUsers = Set.copyOf(superUsers);
        protocols = Set.copyOf(protocols);
        principals = Collections.unmodifiableSortedMap(new TreeMap<>(principals));
        Checks checks = Checks.begin();
        for (int i = 0; i < users.size(); i++) {
            checks.require(
                    isPrincipal(users.get(i)),
                    "superUsers[" + i + "]",
                    "'" + users.get(i) + "' is not a principal",
                    FORM);
        }
        for (Map.Entry<String, String> principal : principals.entrySet()) {
            checks.require(
                    isPrincipal(principal.getValue()),
                    "principals." + principal.getKey(),
                    "'" + principal.getValue() + "' is not a principal",
                    FORM);
        }
        checks.require(
                        minimumTls.equals("1.2") || minimumTls.equals("1.3"),
                        "minimumTls",
                        "'" + minimumTls + "' is not a version of TLS that is safe to use",
                        "write '1.2' or '1.3'")
                .end();
    }

    private static final String FORM = "write a type and a name, such as User:CN=admin";

    private static boolean isPrincipal(String text) {
        return text.matches("[A-Za-z]+:.+");
    }
}
