package io.eventbroker.backup;

import java.time.Instant;

/** Instants as the milliseconds that records have. */
final class Timestamps {
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private Timestamps() {}

    /** The last millisecond at or before; the first or last one that there is for what is beyond. */
    static long floor(Instant time) {
        if (time.isBefore(FIRST)) {
            return Long.MIN_VALUE;
        }
        return time.isAfter(LAST) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    /** The first millisecond at or after; the first or last one that there is for what is beyond. */
    static long ceiling(Instant time) {
        long millis = floor(time);
        return millis < Long.MAX_VALUE && Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
    }
}
