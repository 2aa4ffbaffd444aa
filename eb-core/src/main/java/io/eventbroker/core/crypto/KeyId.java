package io.eventbroker.core.crypto;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a key that wraps data keys: not secret, and kept beside what it wraps.
 *
 * @param value 1 to 256 printable ASCII characters without a space, such as {@code 2026-11} or the ARN of a KMS key
 */
public record KeyId(@JsonValue String value) implements Comparable<KeyId> {
    private static final Pattern FORM = Pattern.compile("[!-~]{1,256}");

    @JsonCreator
    public KeyId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a key id has 1 to 256 printable ASCII characters without a space, was '" + value + "'");
        }
    }

    public static KeyId of(String value) {
        return new KeyId(value);
    }

    @Override
    public int compareTo(KeyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
