package io.eventbroker.scaling;

/**
 * How far from its fair share a broker may be before a plan moves anything for it.
 *
 * @param percent of the fair share, to either side; 1 to 100
 */
public record Band(int percent) {
    public Band {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("a band is 1 to 100 percent wide to either side, was " + percent);
        }
    }

    public static Band percent(int percent) {
        return new Band(percent);
    }

    /** The least bytes that are within the band. */
    long lowest(double fair) {
        return (long) Math.ceil(fair * (100 - percent) / 100);
    }

    /** The most bytes that are within the band. */
    long highest(double fair) {
        return (long) Math.floor(fair * (100 + percent) / 100);
    }

    /** The least of whole things that is within the band; never more than the fair share rounded down. */
    int fewest(double fair) {
        return (int) Math.min((long) Math.floor(fair), lowest(fair));
    }

    /** The most of whole things that is within the band; never less than the fair share rounded up. */
    int most(double fair) {
        return (int) Math.max((long) Math.ceil(fair), highest(fair));
    }

    @Override
    public String toString() {
        return "±" + percent + " %";
    }
}
