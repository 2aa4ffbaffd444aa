package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ConfigValue;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.config.ConfigDifference.Kind;
import io.eventbroker.core.config.LiveConfig.Origin;
import io.eventbroker.core.config.LiveConfig.Value;
import io.eventbroker.core.topology.KafkaBrokers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a running cluster is not as the files say. Values are compared by what they mean to Kafka, not by how they are
 * written: {@code "1, 2"} and {@code 1,2} are the same list. What the model says itself (ids, listeners, racks, folders)
 * is not compared.
 *
 * @param differences by broker or topic, then by key
 * @param notes what could not be compared, and what else a reader must know
 */
public record ConfigDrift(List<ConfigDifference> differences, List<String> notes) {
    public ConfigDrift {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /** The drift of the brokers that are alive. */
    public static ConfigDrift ofBrokers(ClusterConfig config, LiveConfig live) {
        return ofBrokers(config, live, key -> true);
    }

    /**
     * The drift of the brokers that are alive, in some of the keys: what another tool writes into the brokers' own files
     * and is described nowhere can be left out.
     */
    public static ConfigDrift ofBrokers(ClusterConfig config, LiveConfig live, Predicate<String> keys) {
        Comparison comparison = new Comparison(config, ConfigScope.BROKER);
        SortedMap<BrokerId, EffectiveConfig> wanted = config.eachBroker();
        live.brokers().forEach((id, values) -> {
            EffectiveConfig own = wanted.get(id);
            if (own == null) {
                comparison.notes.add("broker " + id + " is in no file and was not compared");
            } else {
                comparison.broker(id, own, values, keys.and(key -> !KafkaBrokers.isModelled(key)));
            }
        });
        wanted.keySet().stream()
                .filter(id -> !live.brokers().containsKey(id))
                .forEach(id -> comparison.notes.add("broker " + id + " is not alive and was not compared"));
        return comparison.drift();
    }

    /**
     * The drift of all topics but Kafka's own, from a state that was read with {@link ClusterState.Part#CONFIGS}. What a
     * topic inherits from its broker is compared with what it should inherit.
     *
     * @throws IllegalArgumentException if the state holds topics without configurations
     */
    public static ConfigDrift ofTopics(ClusterConfig config, ClusterState live) {
        Comparison comparison = new Comparison(config, ConfigScope.TOPIC);
        live.topics().forEach((name, topic) -> {
            if (!topic.hasConfigs()) {
                throw new IllegalArgumentException(
                        "the state holds no configuration of topic '" + name + "'; read it with Part.CONFIGS");
            }
            if (!name.isInternal()) {
                comparison.topic(name, config.topic(name), topic);
            }
        });
        return comparison.drift();
    }

    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /** The brokers that must restart before everything is as the files say, in the order of their ids. */
    public Set<BrokerId> restarts() {
        NavigableSet<BrokerId> ids = new TreeSet<>();
        for (ConfigDifference difference : differences) {
            if (difference.updateMode().needsRestart()) {
                difference.broker().ifPresent(ids::add);
            }
        }
        return Collections.unmodifiableSet(ids);
    }

    /** A line a difference, then the notes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        differences.forEach(difference -> text.append(difference).append('\n'));
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    /** Gathers differences. Belongs to one thread. */
    private static final class Comparison {
        private final ConfigCatalogue catalogue;
        private final ConfigScope scope;
        private final List<ConfigDifference> differences = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final NavigableSet<String> hidden = new TreeSet<>();

        Comparison(ClusterConfig config, ConfigScope scope) {
            this.catalogue = config.catalogue();
            this.scope = scope;
            catalogue.note().ifPresent(notes::add);
        }

        void broker(BrokerId id, EffectiveConfig wanted, SortedMap<String, Value> live, Predicate<String> keys) {
            SortedMap<String, ConfigDifference> found = new TreeMap<>();
            for (Setting setting : wanted.settings()) {
                if (setting.layer() != Layer.KAFKA && keys.test(setting.key())) {
                    Value value = live.get(setting.key());
                    if (hides(setting, value != null && value.sensitive())) {
                        hidden.add(setting.key());
                    } else if (value == null || value.text() == null || differs(setting, value.text())) {
                        found.put(
                                setting.key(),
                                difference(
                                        id,
                                        setting.key(),
                                        Kind.CHANGED,
                                        value == null ? "nothing" : value.shown(),
                                        Optional.of(setting),
                                        mode(setting.key(), value)));
                    }
                }
            }
            live.forEach((key, value) -> {
                Optional<Setting> setting = wanted.find(key);
                boolean described = setting.isPresent() && setting.get().layer() != Layer.KAFKA;
                if (!described && value.origin() != Origin.DEFAULT && keys.test(key)) {
                    found.put(
                            key,
                            difference(
                                    id,
                                    key,
                                    value.origin() == Origin.FILE ? Kind.UNDESCRIBED : Kind.STRAY,
                                    value.shown(),
                                    setting,
                                    // what was set dynamically can be unset the same way
                                    value.origin() == Origin.FILE ? mode(key, value) : dynamicMode(key, value)));
                }
            });
            differences.addAll(found.values());
        }

        void topic(TopicName name, EffectiveConfig wanted, TopicState live) {
            SortedMap<String, ConfigDifference> found = new TreeMap<>();
            live.configs().forEach((key, value) -> {
                Optional<Setting> setting = wanted.find(key);
                boolean described = setting.isPresent() && setting.get().layer() != Layer.KAFKA;
                if (described && hides(setting.get(), false)) {
                    hidden.add(key);
                } else if (described ? differs(setting.get(), text(value)) : value.overridden()) {
                    found.put(
                            key,
                            new ConfigDifference(
                                    Optional.empty(),
                                    Optional.of(name),
                                    key,
                                    described ? Kind.CHANGED : Kind.STRAY,
                                    catalogue.isSensitive(scope, key) ? "[hidden]" : text(value),
                                    setting,
                                    UpdateMode.PER_TOPIC));
                }
            });
            differences.addAll(found.values());
        }

        private static String text(ConfigValue value) {
            return value.value() == null ? "" : value.value();
        }

        /** Secrets cannot be read back, and what a reference stands for is not known here. */
        private static boolean hides(Setting setting, boolean sensitive) {
            return sensitive || setting.sensitive() || ConfigReference.isIn(setting.value());
        }

        private boolean differs(Setting setting, String live) {
            return catalogue
                    .find(scope, setting.key())
                    .map(key -> !key.normalised(setting.value()).equals(key.normalised(live)))
                    .orElseGet(() -> !setting.value().trim().equals(live.trim()));
        }

        /** As catalogued; for keys that are not, as the broker says. */
        private UpdateMode mode(String key, @Nullable Value value) {
            return catalogue
                    .find(scope, key)
                    .map(ConfigKey::updateMode)
                    .orElse(value == null || value.readOnly() ? UpdateMode.READ_ONLY : UpdateMode.PER_BROKER);
        }

        private UpdateMode dynamicMode(String key, Value value) {
            return value.origin() == Origin.CLUSTER || mode(key, value) == UpdateMode.CLUSTER_WIDE
                    ? UpdateMode.CLUSTER_WIDE
                    : UpdateMode.PER_BROKER;
        }

        private static ConfigDifference difference(
                BrokerId id, String key, Kind kind, String found, Optional<Setting> wanted, UpdateMode mode) {
            return new ConfigDifference(Optional.of(id), Optional.empty(), key, kind, found, wanted, mode);
        }

        ConfigDrift drift() {
            if (!hidden.isEmpty()) {
                notes.add("not compared, because their values are secrets or references: " + String.join(", ", hidden));
            }
            return new ConfigDrift(differences, notes);
        }
    }
}
