package io.eventbroker.core.secret;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a secret at a {@link SecretSource}: what files and plans hold in place of the secret.
 *
 * @param name as the source knows it, such as {@code env:CA_PASSWORD} or {@code vault/kafka/ca}
 */
public record SecretRef(@JsonValue String name) {
    @JsonCreator
    public SecretRef {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a reference to a secret needs a name");
        }
    }
}
