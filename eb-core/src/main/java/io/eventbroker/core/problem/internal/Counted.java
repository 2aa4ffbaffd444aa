package io.eventbroker.core.problem.internal;

/** So many of something, in words. */
public final class Counted {
    private Counted() {}

    /** {@code 1 broker}, {@code 2 brokers}. */
    public static String of(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
