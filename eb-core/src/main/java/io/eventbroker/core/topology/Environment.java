package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Metadata;
import io.eventbroker.core.kind.Range;
import java.util.Optional;

/**
 * What kind of environment a cluster stands in, and the scale that it demands. Five are standard
 * ({@link Environments#standard()}); a file may define more, or define one of the five anew:
 *
 * <pre>{@code
 * kind: Environment
 * metadata: {name: laptop}
 * spec: {purpose: Runs in one process, minBrokers: 1, maxBrokers: 3, minZones: 1}
 * }</pre>
 *
 * @param name such as {@code production}
 * @param purpose for people
 * @param minBrokers at least 1
 * @param maxBrokers empty for no maximum
 * @param minZones at least 1
 * @param geoReplicated whether it is kept in step with another region
 */
public record Environment(
        @Metadata String name,
        @Default("''") String purpose,

        @Range(min = 1) @Description("The least number of brokers")
        int minBrokers,

        @Range(min = 1) @Description("The largest number of brokers, at least minBrokers; absent for no maximum")
        Optional<Integer> maxBrokers,

        @Range(min = 1) @Description("The least number of zones")
        int minZones,

        @Default("false") boolean geoReplicated) {

    public Environment {
        Checks.begin()
                .require(minBrokers >= 1, "minBrokers", "must be at least 1, was " + minBrokers, "write 1 or more")
                .require(
                        maxBrokers.isEmpty() || maxBrokers.get() >= minBrokers,
                        "maxBrokers",
                        "the maximum of " + maxBrokers.orElse(0) + " is below the minimum of " + minBrokers,
                        "raise maxBrokers or lower minBrokers")
                .require(minZones >= 1, "minZones", "must be at least 1, was " + minZones, "write 1 or more")
                .end();
    }

    /** {@code 3}, {@code 3 to 6} or {@code 12 or more}. */
    String brokersInWords() {

        if (maxBrokers.isEmpty()) {
            return minBrokers + " or more";
        }
        return maxBrokers.get() == minBrokers ? Integer.toString(minBrokers) : minBrokers + " to " + maxBrokers.get();
    }
}
