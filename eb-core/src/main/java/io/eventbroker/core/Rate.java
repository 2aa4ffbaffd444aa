package io.eventbroker.core;

import java.time.Duration;

/**
 * Bytes in a second.
 *
 * @param bytesPerSecond at least 1
 */
public record Rate(long bytesPerSecond) implements Comparable<Rate> {
    public Rate {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a rate must be at least 1 byte per second, was " + bytesPerSecond);
        }
    }

    public static Rate bytesPerSecond(long bytes) {
        return new Rate(bytes);
    }

    public static Rate mebibytesPerSecond(long mebibytes) {
        return new Rate(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /** How long this rate takes for that many bytes. */
    public Duration timeFor(DataSize size) {
        return Duration.ofMillis((long) Math.ceil(size.bytes() * 1000.0 / bytesPerSecond));
    }

    @Override
    public int compareTo(Rate other) {
        return Long.compare(bytesPerSecond, other.bytesPerSecond);
    }

    @Override
    public String toString() {
        return new DataSize(bytesPerSecond).forPeople() + "/s";
    }
}
