package io.eventbroker.testkit.fault;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How bytes are held up, by direction. What holds is asked before every write, so a change acts at once. */
final class Faults {
    private final Map<Direction, Long> delayNanos = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> bytesPerSecond = new EnumMap<>(Direction.class);
    private final Map<Direction, Boolean> stalled = new EnumMap<>(Direction.class);

    synchronized void delay(Direction direction, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay must not be negative, was " + delay);
        }
        delayNanos.put(direction, delay.toNanos());
    }

    synchronized void throttle(Direction direction, long rate) {
        if (rate < 1) {
            throw new IllegalArgumentException(
                    "a throttle must let at least 1 byte/s pass, was " + rate + "; use stall() to let nothing pass");
        }
        bytesPerSecond.put(direction, rate);
    }

    synchronized void stall(Direction direction) {
        stalled.put(direction, true);
    }

    synchronized void heal() {
        delayNanos.clear();
        bytesPerSecond.clear();
        stalled.clear();
    }

    synchronized long delayNanos(Direction direction) {
        return delayNanos.getOrDefault(direction, 0L);
    }

    synchronized long bytesPerSecond(Direction direction) {
        return bytesPerSecond.getOrDefault(direction, Long.MAX_VALUE);
    }

    synchronized boolean stalled(Direction direction) {
        return stalled.getOrDefault(direction, false);
    }
}
