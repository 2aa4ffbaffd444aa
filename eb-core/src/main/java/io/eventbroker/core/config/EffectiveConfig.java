package io.eventbroker.core.config;

import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topology.KafkaBrokers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What holds after all layers were laid over each other, and why. A single layer is one too, so that layers combine:
 * {@code a.overriddenBy(b).overriddenBy(c)} equals {@code a.overriddenBy(b.overriddenBy(c))}. The empty one changes
 * nothing on either side.
 *
 * <p>Combining costs a pass over both, and shares what does not change: a thousand brokers over the same layers hold
 * those once.
 */
public final class EffectiveConfig {
    private static final int MISSPELT = 2; // letters; keys that are set and unset often differ in no more than a word
    private static final EffectiveConfig EMPTY = new EffectiveConfig(new String[0], new Setting[0], false);

    private final String[] keys; // sorted; shared between configurations with the same keys
    private final Setting[] settings;
    /** Whether the Topology says some keys in its own words; only {@link #explain} asks. */
    private final boolean modelled;

    private EffectiveConfig(String[] keys, Setting[] settings, boolean modelled) {
        this.keys = keys;
        this.settings = settings;
        this.modelled = modelled;
    }

    /** Nothing is set. */
    public static EffectiveConfig empty() {
        return EMPTY;
    }

    /**
     * A layer of values that come from one place.
     *
     * @param sensitive tells which keys hold secrets
     */
    public static EffectiveConfig of(
            Layer layer, SourceLocation location, Map<String, String> values, Predicate<String> sensitive) {
        Builder builder = builder(layer);
        values.forEach((key, value) -> builder.set(key, value, location, sensitive.test(key)));
        return builder.build();
    }

    static Builder builder(Layer layer) {
        return new Builder(layer);
    }

    /** Gathers a layer; what is set later wins. */
    static final class Builder {
        private final Layer layer;
        private final SortedMap<String, Setting> settings = new TreeMap<>();

        private Builder(Layer layer) {
            this.layer = layer;
        }

        Builder set(String key, String value, SourceLocation location, boolean sensitive) {
            settings.put(key, new Setting(key, value, layer, location, sensitive, null));
            return this;
        }

        Builder add(Setting setting) {
            settings.put(setting.key(), setting);
            return this;
        }

        EffectiveConfig build() {
            return settings.isEmpty()
                    ? EMPTY
                    : new EffectiveConfig(
                            settings.keySet().toArray(String[]::new),
                            settings.values().toArray(Setting[]::new),
                            false);
        }
    }

    /** This with another laid over it: the other's values win and remember what they overrode. */
    public EffectiveConfig overriddenBy(EffectiveConfig above) {
        boolean either = modelled || above.modelled;
        if (above.keys.length == 0) {
            return modelled == either ? this : new EffectiveConfig(keys, settings, either);
        }
        if (keys.length == 0) {
            return above.modelled == either ? above : new EffectiveConfig(above.keys, above.settings, either);
        }
        String[] mergedKeys = new String[keys.length + above.keys.length];
        Setting[] merged = new Setting[mergedKeys.length];
        int mine = 0;
        int theirs = 0;
        int size = 0;
        while (mine < keys.length && theirs < above.keys.length) {
            String key = keys[mine];
            String other = above.keys[theirs];
            int order = key.equals(other) ? 0 : key.compareTo(other); // equal ones are often the very same object
            mergedKeys[size] = order <= 0 ? key : other;
            if (order < 0) {
                merged[size] = settings[mine++];
            } else if (order > 0) {
                merged[size] = above.settings[theirs++];
            } else {
                merged[size] = above.settings[theirs++].over(settings[mine++]);
            }
            size++;
        }
        size = rest(keys, settings, mine, mergedKeys, merged, size);
        size = rest(above.keys, above.settings, theirs, mergedKeys, merged, size);
        String[] names =
                size == keys.length ? keys : size == above.keys.length ? above.keys : Arrays.copyOf(mergedKeys, size);
        return new EffectiveConfig(names, size == merged.length ? merged : Arrays.copyOf(merged, size), either);
    }

    private static int rest(
            String[] keys, Setting[] settings, int from, String[] mergedKeys, Setting[] merged, int size) {
        int count = keys.length - from;
        System.arraycopy(keys, from, mergedKeys, size, count);
        System.arraycopy(settings, from, merged, size, count);
        return size + count;
    }

    /** This for brokers or controllers: without the keys that the Topology says in its own words. */
    EffectiveConfig withoutModelled() {
        Builder rest = new Builder(Layer.KAFKA);
        for (Setting setting : settings) {
            if (!KafkaBrokers.isModelled(setting.key())) {
                rest.add(setting);
            }
        }
        EffectiveConfig built = rest.build();
        return new EffectiveConfig(built.keys, built.settings, true);
    }

    /** What holds for a key; empty if nothing is set and Kafka has no default. */
    public Optional<Setting> find(String key) {
        int position = Arrays.binarySearch(keys, key);
        return position < 0 ? Optional.empty() : Optional.of(settings[position]);
    }

    /**
     * What holds for a key and why, for people: {@code 2 ← clusters/prod.yaml:31, cluster (over 1 ←
     * environments/production.yaml:12, environment; over 1 ← Kafka 4.3 default)}. Secrets are hidden. Of a
     * key that is not set but spelt nearly as one that is, it asks whether that one was meant; of one of brokers and
     * controllers that the topology says in its own words ({@link KafkaBrokers#isModelled}), it says so.
     */
    public String explain(String key) {
        return find(key)
                .map(Setting::explained)
                .orElseGet(() -> modelled && KafkaBrokers.isModelled(key)
                        ? "not a property here; it follows from the Topology (ids, listeners, zones, volumes, quorum)"
                        : "not set"
                                + Nearest.to(key, Arrays.asList(keys), MISSPELT)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(""));
    }

    /** Everything, by key. */
    public List<Setting> settings() {
        return Collections.unmodifiableList(Arrays.asList(settings));
    }

    /** What files set, without Kafka's defaults and without what is only set on the running cluster, by key. */
    public SortedMap<String, String> written() {
        SortedMap<String, String> written = new TreeMap<>();
        for (Setting setting : settings) {
            if (setting.layer() != Layer.KAFKA && setting.layer() != Layer.LIVE) {
                written.put(setting.key(), setting.value());
            }
        }
        return Collections.unmodifiableSortedMap(written);
    }

    public int size() {
        return keys.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EffectiveConfig config
                && Arrays.equals(keys, config.keys)
                && Arrays.equals(settings, config.settings);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(settings);
    }

    /** A line a key; secrets are hidden. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Setting setting : settings) {
            text.append(setting).append('\n');
        }
        return text.toString();
    }
}
