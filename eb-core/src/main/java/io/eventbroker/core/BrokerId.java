package io.eventbroker.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;

/**
 * The id of a broker: {@code node.id}, or {@code broker.id} where ZooKeeper coordinates.
 *
 * @param value at least 0
 */
@Description("The id of a broker, a whole number from 0, such as 3")
@Range(min = 0)
public record BrokerId(@JsonValue int value) implements Comparable<BrokerId> {
    @JsonCreator
    public BrokerId {
        if (value < 0) {
            throw new IllegalArgumentException("a broker id must not be negative, was " + value + "; write 0 or more");
        }
    }

    public static BrokerId of(int value) {
        return new BrokerId(value);
    }

    @Override
    public int compareTo(BrokerId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
