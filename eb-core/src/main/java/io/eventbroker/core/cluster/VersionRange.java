package io.eventbroker.core.cluster;

/**
 * Versions of a feature, both ends included.
 *
 * @param min at least 0
 * @param max not below {@code min}
 */
public record VersionRange(int min, int max) {
    public VersionRange {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException(
                    "a range of versions must be 0 or more, ascending, was " + min + " to " + max);
        }
    }

    @Override
    public String toString() {
        return min == max ? Integer.toString(min) : min + "–" + max;
    }
}
