package io.eventbroker.core.run;

/**
 * An explicit allowance to run {@linkplain io.eventbroker.core.plan.Risk#DESTRUCTIVE destructive} actions, with a cap: a
 * plan that holds more is refused as a whole before anything happens.
 *
 * @param atMost how many, at least 0
 */
public record Deletes(int atMost) {
    public Deletes {
        if (atMost < 0) {
            throw new IllegalArgumentException("a cap on deletes must not be negative, was " + atMost);
        }
    }

    public static Deletes none() {
        return new Deletes(0);
    }

    public static Deletes atMost(int cap) {
        return new Deletes(cap);
    }
}
