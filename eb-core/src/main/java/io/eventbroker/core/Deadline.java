package io.eventbroker.core;

import java.time.Duration;

/**
 * A point in monotonic time after which a caller no longer wants to wait. Unlike a time-out it can be handed down
 * through several calls without growing: each takes what is left.
 */
public final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    /**
     * A deadline that far from now.
     *
     * @throws IllegalArgumentException if {@code wait} is negative or more than a year
     */
    public static Deadline after(Duration wait) {
        if (wait.isNegative() || wait.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a deadline must lie between now and a year from now, was " + wait);
        }
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    /** What is left in whole milliseconds, at least 1 until the deadline has passed: fit for Kafka's time-outs. */
    public int remainingMillis() {
        long nanos = atNanos - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, 1 + (nanos - 1) / 1_000_000);
    }

    public boolean hasPassed() {
        return atNanos - System.nanoTime() <= 0;
    }

    /** The earlier of this deadline and one that far from now. */
    public Deadline atMost(Duration wait) {
        Deadline other = after(wait);
        return other.atNanos - atNanos < 0 ? other : this;
    }

    /**
     * Does nothing until the deadline has passed.
     *
     * @param what what the caller waits for, to complete "gave up waiting for …"
     * @throws DeadlineExceededException if the deadline has passed
     */
    public void check(String what) {
        if (hasPassed()) {
            throw new DeadlineExceededException("gave up waiting for " + what + ": the deadline has passed");
        }
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }
}
