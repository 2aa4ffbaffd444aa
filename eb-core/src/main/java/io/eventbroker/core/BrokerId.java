package io.eventbroker.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The id of a broker: {@code node.id}, or {@code broker.id} where ZooKeeper coordinates.
 *
 * @param value at least 0
 */
public record BrokerId(@JsonValue int value) implements Comparable<BrokerId> {
    @JsonCreator
    public BrokerId {
        if (value < 0) {
            throw new IllegalArgumentException("a broker id must not be negative, was " + value);
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
