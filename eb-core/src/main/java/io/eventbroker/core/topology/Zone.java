package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.TextPattern;

/**
 * A failure domain that replicas are spread over: an availability zone, and the {@code broker.rack} of its brokers.
 *
 * @param value such as {@code us-east-1a}: 1 to 63 letters, digits, {@code .}, {@code _} or {@code -}
 */
@Description("An availability zone: 1 to 63 letters, digits, '.', '_' and '-', such as us-east-1a")
@TextPattern("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
public record Zone(String value) implements Comparable<Zone> {
    public Zone {
        if (!value.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException(
                    "'" + value
                            + "' is not a zone; use 1 to 63 letters, digits, '.', '_' or '-', with a letter or digit at both ends");
        }
    }

    @Override
    public int compareTo(Zone other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
