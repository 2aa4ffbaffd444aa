package io.eventbroker.core.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names an action within its plan, by what it does to what: {@code topic/orders.placed/create}. Planning the same change
 * again gives the same id, so two plans can be compared.
 */
public record ActionId(@JsonValue String value) implements Comparable<ActionId> {
    @JsonCreator
    public ActionId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an action needs an id");
        }
    }

    public static ActionId of(String value) {
        return new ActionId(value);
    }

    @Override
    public int compareTo(ActionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
