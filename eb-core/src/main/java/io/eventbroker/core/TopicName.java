package io.eventbroker.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.TextPattern;
import java.util.regex.Pattern;

/**
 * The name of a Kafka topic: 1 to 249 of letters, digits, {@code .}, {@code _} and {@code -}; not {@code .} or
 * {@code ..} (Kafka's {@code org.apache.kafka.common.internals.Topic}).
 */
@Description("The name of a topic: 1 to 249 letters, digits, '.', '_' and '-', such as orders.order.placed")
@TextPattern("[a-zA-Z0-9._-]{1,249}")
public record TopicName(@JsonValue String value) implements Comparable<TopicName> {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    @JsonCreator
    public TopicName {
        if (!LEGAL.matcher(value).matches() || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException(
                    "'" + value
                            + "' is not a topic name; use 1 to 249 letters, digits, '.', '_' or '-', and not '.' or '..' alone");
        }
    }

    public static TopicName of(String value) {
        return new TopicName(value);
    }

    /** True for the topics that Kafka itself keeps: {@code __consumer_offsets} and the like. */
    public boolean isInternal() {
        return value.startsWith("__");
    }

    @Override
    public int compareTo(TopicName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
