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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
     * The drift of all topics but Kafka's own, from a state that was read with {@link ClusterState.Part#CONFIGS}: what
     * they set themselves, and what files set for topics. What a topic inherits from its broker, and files set for brokers
     * alone, is the drift of the brokers.
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
                comparison.topic(config, name, topic);
            }
        });
        String missing = config.describedTopics().stream()
                .filter(name -> !live.topics().containsKey(name))
                .map(TopicName::value)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            comparison.notes.add("described, but not on the cluster or not read: " + missing);
        }
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

    /** A line a difference, one for all brokers that differ in the same way; then the notes. */
    @Override
    public String toString() {
        Map<ConfigDifference, List<String>> alike = new LinkedHashMap<>();
        differences.forEach(one -> alike.computeIfAbsent(one.ofNoBroker(), missing -> new ArrayList<>())
                .addAll(one.broker().map(BrokerId::toString).stream().toList()));
        StringBuilder text = new StringBuilder();
        alike.forEach((one, ids) -> {
            String brokers = ids.isEmpty() ? "" : (ids.size() == 1 ? "broker " : "brokers ") + String.join(", ", ids);
            text.append(one.text(brokers)).append('\n');
        });
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
        private final NavigableSet<String> same = new TreeSet<>();
        private int sameValues;

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
                                        overrides(setting, value) ? Kind.OVERRIDDEN : Kind.CHANGED,
                                        value == null ? "nothing" : value.shown(),
                                        Optional.of(setting),
                                        mode(setting, value)));
                    }
                }
            }
            live.forEach((key, value) -> {
                Optional<Setting> setting = wanted.find(key);
                boolean described = setting.isPresent() && setting.get().layer() != Layer.KAFKA;
                if (described || value.origin() == Origin.DEFAULT || !keys.test(key)) {
                    return;
                }
                if (setting.isPresent()
                        && !value.sensitive()
                        && value.text() != null
                        && !differs(setting.get(), value.text())) {
                    makesNoDifference(key);
                } else {
                    found.put(
                            key,
                            difference(
                                    id,
                                    key,
                                    value.origin() == Origin.FILE ? Kind.UNDESCRIBED : Kind.STRAY,
                                    value.shown(),
                                    setting,
                                    // what was set dynamically can be unset the same way
                                    value.origin() == Origin.FILE ? mode(key, value) : dynamicMode(value)));
                }
            });
            differences.addAll(found.values());
        }

        void topic(ClusterConfig config, TopicName name, TopicState live) {
            EffectiveConfig wanted = config.topic(name);
            SortedMap<String, ConfigDifference> found = new TreeMap<>();
            live.configs().forEach((key, value) -> {
                Optional<Setting> setting = wanted.find(key);
                boolean described =
                        setting.isPresent() && (setting.get().layer() == Layer.TOPIC || config.setsForTopics(key));
                if (!described && !value.overridden()) {
                    return; // as its broker has it
                }
                if (setting.isPresent() && hides(setting.get(), false)) {
                    hidden.add(key);
                } else if (setting.isPresent() && !differs(setting.get(), text(value))) {
                    if (!described) {
                        makesNoDifference(key);
                    }
                } else {
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

        private void makesNoDifference(String key) {
            same.add(key);
            sameValues++;
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

        /** Whether a broker's own dynamic value stands over the one that should hold on all brokers. */
        private boolean overrides(Setting setting, @Nullable Value value) {
            return value != null
                    && value.origin() == Origin.BROKER
                    && setting.layer() != Layer.BROKER
                    && mode(setting.key(), value) == UpdateMode.CLUSTER_WIDE;
        }

        /** What should hold on a single broker, and what only that broker has, is not changed for all. */
        private UpdateMode mode(Setting setting, @Nullable Value value) {
            UpdateMode mode = mode(setting.key(), value);
            boolean single = setting.layer() == Layer.BROKER || overrides(setting, value);
            return single && mode == UpdateMode.CLUSTER_WIDE ? UpdateMode.PER_BROKER : mode;
        }

        /** As catalogued; for keys that are not, as the broker says. */
        private UpdateMode mode(String key, @Nullable Value value) {
            return catalogue
                    .find(scope, key)
                    .map(ConfigKey::updateMode)
                    .orElse(value == null || value.readOnly() ? UpdateMode.READ_ONLY : UpdateMode.PER_BROKER);
        }

        /** A value is removed where it was set, whatever else its key allows. */
        private static UpdateMode dynamicMode(Value value) {
            return value.origin() == Origin.CLUSTER ? UpdateMode.CLUSTER_WIDE : UpdateMode.PER_BROKER;
        }

        private static ConfigDifference difference(
                BrokerId id, String key, Kind kind, String found, Optional<Setting> wanted, UpdateMode mode) {
            return new ConfigDifference(Optional.of(id), Optional.empty(), key, kind, found, wanted, mode);
        }

        ConfigDrift drift() {
            if (!hidden.isEmpty()) {
                notes.add("not compared, because their values are secrets or references: " + String.join(", ", hidden));
            }
            if (sameValues > 0) {
                notes.add("no difference, because they are in no file but are what holds without them: " + sameValues
                        + (sameValues == 1 ? " value of " : " values of ") + String.join(", ", same));
            }
            return new ConfigDrift(differences, notes);
        }
    }
}
