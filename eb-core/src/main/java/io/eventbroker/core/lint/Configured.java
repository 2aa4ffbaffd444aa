package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.EffectiveConfig;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.config.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A value that holds for a component, as rules read it. What layers of single brokers say is looked at too, each place
 * once, however many brokers it is for. Layers may speak of components that a cluster does not have; those are passed over.
 */
record Configured(ConfigTarget target, Setting setting) {

    /** What holds for a key of the brokers: for all of them, and where single ones differ; Kafka's defaults too. */
    static Collection<Configured> ofBrokers(LintedCluster cluster, String key) {
        return of(cluster, ConfigTarget.BROKERS, key);
    }

    /** As {@link #ofBrokers}, and what holds for the controllers. */
    static List<Configured> ofServers(LintedCluster cluster, String key) {
        List<Configured> found = new ArrayList<>(ofBrokers(cluster, key));
        found.addAll(of(cluster, ConfigTarget.CONTROLLERS, key));
        return found;
    }

    /** What holds for a key of a component; Kafka's defaults too. */
    static Collection<Configured> of(LintedCluster cluster, ConfigTarget target, String key) {
        Map<Setting, Configured> found = new LinkedHashMap<>();
        for (EffectiveConfig config : configs(cluster, target)) {
            config.find(key).ifPresent(setting -> found.putIfAbsent(setting, new Configured(target, setting)));
        }
        return found.values();
    }

    /** What files say of keys of a component. */
    static Collection<Configured> written(LintedCluster cluster, ConfigTarget target, Predicate<String> keys) {
        Map<Setting, Configured> found = new LinkedHashMap<>();
        for (EffectiveConfig config : configs(cluster, target)) {
            for (Setting setting : config.settings()) {
                if (setting.layer() != Layer.KAFKA && keys.test(setting.key())) {
                    found.putIfAbsent(setting, new Configured(target, setting));
                }
            }
        }
        return found.values();
    }

    /** What files say of keys, whichever component they are for. */
    static List<Configured> written(LintedCluster cluster, Predicate<String> keys) {
        List<Configured> all = new ArrayList<>();
        for (ConfigTarget target : ConfigTarget.values()) {
            if (target != ConfigTarget.TOPICS) {
                all.addAll(written(cluster, target, keys));
            }
        }
        return all;
    }

    /** Brokers without a layer of their own share one. */
    private static List<EffectiveConfig> configs(LintedCluster cluster, ConfigTarget target) {
        if (!cluster.topology().componentsByKey().containsKey(target.key())) {
            return List.of();
        }
        List<EffectiveConfig> configs = new ArrayList<>(List.of(cluster.config().component(target)));
        if (target == ConfigTarget.BROKERS) {
            Set<EffectiveConfig> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            seen.addAll(configs);
            cluster.config().eachBroker().values().stream().filter(seen::add).forEach(configs::add);
        }
        return configs;
    }

    String key() {
        return setting.key();
    }

    String value() {
        return setting.value().trim();
    }

    boolean isWritten() {
        return setting.layer() != Layer.KAFKA;
    }

    /** Whether it says that, in upper or lower case. */
    boolean says(String word) {
        return value().equalsIgnoreCase(word);
    }

    /** Empty for what is not a whole number, such as a reference. */
    OptionalLong number() {
        return Numbers.whole(value());
    }

    /** Its items, if commas separate them. */
    List<String> items() {
        return Arrays.stream(value().split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** {@code key=value}, and whether nobody said so. */
    @Override
    public String toString() {
        return key() + "=" + (setting.sensitive() ? setting.shown() : value()) + (isWritten() ? "" : " (the default)");
    }

    void report(Reporter report, String message) {
        report.finding(target, setting, message);
    }

    void report(Reporter report, String message, String remedy) {
        report.finding(target, setting, message, remedy);
    }

    /** The key ends like this, behind whatever prefix a component gives it. */
    static Predicate<String> endsWith(String key) {
        String behindPrefix = "." + key;
        return found -> found.equals(key) || found.endsWith(behindPrefix);
    }

    /** The number that holds for a key of the brokers before their own layers. */
    static OptionalLong numberOfBrokers(LintedCluster cluster, String key) {
        return cluster.config()
                .brokers()
                .find(key)
                .map(setting -> Numbers.whole(setting.value()))
                .orElse(OptionalLong.empty());
    }
}
