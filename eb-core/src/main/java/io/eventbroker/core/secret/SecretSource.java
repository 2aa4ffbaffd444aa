package io.eventbroker.core.secret;

import io.eventbroker.core.EventBrokerException;
import java.util.Map;

/** Where the host keeps its secrets. Implementations must be safe for use by several threads. */
@FunctionalInterface
public interface SecretSource {
    /**
     * Fetches a secret at the moment it is needed. The caller destroys it after use.
     *
     * @throws EventBrokerException if there is none of that name, or the source does not answer
     */
    Secret resolve(SecretRef ref);

    /** Environment variables, by {@code env:NAME}; an empty one is refused like one that is not set. */
    static SecretSource environment() {
        return environment(System.getenv());
    }

    /** Variables that the host has, by {@code env:NAME}. */
    static SecretSource environment(Map<String, String> variables) {
        return ref -> {
            String value =
                    ref.name().startsWith("env:") ? variables.get(ref.name().substring(4)) : null;
            if (value == null) {
                throw new EventBrokerException("there is no secret '" + ref.name()
                        + "' in the environment; set the variable and refer to it as env:NAME");
            }
            if (value.isEmpty()) {
                throw new EventBrokerException(
                        "the secret '" + ref.name() + "' is an empty variable; set it, or do not refer to it");
            }
            return Secret.of(value);
        };
    }

    /** A fixed set, for tests and for hosts that have read their secrets already. */
    static SecretSource of(Map<SecretRef, Secret> secrets) {
        Map<SecretRef, Secret> copy = Map.copyOf(secrets);
        return ref -> {
            Secret secret = copy.get(ref);
            if (secret == null) {
                throw new EventBrokerException("there is no secret '" + ref.name() + "' in this source");
            }
            return secret.use(Secret::of);
        };
    }
}
