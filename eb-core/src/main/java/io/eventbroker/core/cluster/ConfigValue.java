package io.eventbroker.core.cluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The effective value of one configuration key of a topic or broker.
 *
 * @param value null where the broker hides it (passwords) or it has none
 * @param origin where it was set
 * @param sensitive whether it is a secret; its value is null
 * @param readOnly whether the broker would refuse to change it while it runs
 * @param clusterWide of a broker's key, the value set dynamically for all brokers, if there is one, even if it does not
 *     hold on this broker
 */
public record ConfigValue(
        @Nullable String value, Origin origin, boolean sensitive, boolean readOnly, Optional<String> clusterWide) {

    /** Where a value was set; what stands above wins (Kafka's {@code ConfigEntry.ConfigSource}). */
    public enum Origin {
        /** Dynamically on this topic. */
        TOPIC,
        /** Dynamically on this broker. */
        BROKER,
        /** Dynamically for all brokers. */
        CLUSTER,
        /** In the file that the broker was started with. */
        FILE,
        /** Nowhere: Kafka's default. */
        DEFAULT
    }

    public ConfigValue {
        if (sensitive) {
            value = null;
            clusterWide = Optional.empty();
        }
    }

    /** The value of a topic's key that is set on the topic, or else Kafka's default. */
    public ConfigValue(@Nullable String value, boolean overridden) {
        this(value, overridden ? Origin.TOPIC : Origin.DEFAULT, false, false, Optional.empty());
    }

    /** True if it was set on this very topic rather than inherited or left at the default. */
    public boolean overridden() {
        return origin == Origin.TOPIC;
    }

    /** True if it was set on the running cluster rather than in a file or nowhere. */
    public boolean dynamic() {
        return origin == Origin.TOPIC || origin == Origin.BROKER || origin == Origin.CLUSTER;
    }

    /** For people; secrets are hidden. */
    @Override
    public String toString() {
        String shown = sensitive ? "[hidden]" : value == null ? "nothing" : value.isEmpty() ? "''" : value;
        return shown + " (" + origin + ")";
    }
}
