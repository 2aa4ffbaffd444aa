package io.eventbroker.core.config;

import io.eventbroker.core.problem.SourceLocation;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value, who set it where, and what it overrode. */
public final class Setting {
    private final String key;
    private final String value;
    private final Layer layer;
    private final SourceLocation location;
    private final boolean sensitive;
    private final @Nullable Setting below;
    /** The property as it is written, where that is a broker's and not the topics' own; empty otherwise. */
    private final String written;

    Setting(
            String key,
            String value,
            Layer layer,
            SourceLocation location,
            boolean sensitive,
            @Nullable Setting below) {
        this(key, value, layer, location, sensitive, below, "");
    }

    private Setting(
            String key,
            String value,
            Layer layer,
            SourceLocation location,
            boolean sensitive,
            @Nullable Setting below,
            String written) {
        this.key = key;
        this.value = value;
        this.layer = layer;
        this.location = location;
        this.sensitive = sensitive;
        this.below = below;
        this.written = written;
    }

    /** What this property of brokers is for topics that say nothing: under the topics' key, in its unit. */
    Setting ofTopics(String topicKey, String topicValue, @Nullable Setting overridden) {
        String brokers = topicKey.equals(key) ? "" : key + "=" + value;
        return new Setting(topicKey, topicValue, layer, location, false, overridden, brokers);
    }

    public String key() {
        return key;
    }

    /** As written, which for {@link #sensitive()} keys should be a reference. */
    public String value() {
        return value;
    }

    /** The reference that the value is, if it is one. */
    public Optional<ConfigReference> reference() {
        return ConfigReference.parse(value);
    }

    public Layer layer() {
        return layer;
    }

    /** File and line; for Kafka's defaults and live values, the name of what they come from. */
    public SourceLocation location() {
        return location;
    }

    /** Whether the value is a secret, and not shown. */
    public boolean sensitive() {
        return sensitive;
    }

    /** What would hold if this were not set. */
    public Optional<Setting> overrode() {
        return Optional.ofNullable(below);
    }

    /** This one with everything that it overrode, over another with everything that that one overrode. */
    Setting over(Setting lower) {
        return new Setting(key, value, layer, location, sensitive, below == null ? lower : below.over(lower), written);
    }

    /** The value for people: hidden if it is a secret, unless it is only a reference to one. */
    public String shown() {
        return sensitive && reference().isEmpty() ? "[hidden]" : value.isEmpty() ? "''" : value;
    }

    /** {@code 2 ← clusters/prod.yaml:31, cluster (over 1 ← Kafka 4.3 default)}. */
    String explained() {
        StringBuilder text = new StringBuilder(where());
        Setting next = below;
        String separator = " (over ";
        while (next != null) {
            text.append(separator).append(next.where());
            separator = "; over ";
            next = next.below;
        }
        return below == null ? text.toString() : text.append(')').toString();
    }

    private String where() {
        String place = location.line() == 0 ? location.source() : location.source() + ":" + location.line();
        return shown() + " ← " + place
                + switch (layer) {
                    case KAFKA, LIVE -> "";
                    case PLATFORM -> ", platform";
                    case ENVIRONMENT -> ", environment";
                    case CLUSTER -> ", cluster";
                    case BROKER -> ", broker";
                    case TOPIC -> ", topic";
                }
                + (written.isEmpty() ? "" : ", " + written);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Setting setting
                && key.equals(setting.key)
                && value.equals(setting.value)
                && layer == setting.layer
                && location.equals(setting.location)
                && sensitive == setting.sensitive
                && written.equals(setting.written)
                && Objects.equals(below, setting.below);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, value, layer, location);
    }

    /** {@code key = 2 ← …}; secrets are hidden. */
    @Override
    public String toString() {
        return key + " = " + explained();
    }
}
