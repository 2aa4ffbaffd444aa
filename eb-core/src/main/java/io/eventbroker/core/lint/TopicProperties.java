package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.EffectiveConfig;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.config.Setting;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What holds for topics from one place on: for all of a cluster, for those of a set, or for those that set the same
 * themselves. A rule about properties looks at each place that sets one of the keys it is about, so that a fault is reported
 * where it was made, and topics that only inherit cost nothing.
 */
final class TopicProperties {
    private static final String POLICY = "cleanup.policy";

    private final Optional<LintedCluster> cluster;
    private final EffectiveConfig inherited;
    private final Map<String, String> defaults;
    private final LintedTopics.@Nullable Alike topics;
    private final boolean ofCluster;

    private TopicProperties(
            Optional<LintedCluster> cluster,
            Map<String, String> defaults,
            LintedTopics.@Nullable Alike topics,
            boolean ofCluster) {
        this.cluster = cluster;
        this.inherited = cluster.map(known -> known.config().topics()).orElse(EffectiveConfig.empty());
        this.defaults = defaults;
        this.topics = topics;
        this.ofCluster = ofCluster;
    }

    /** Adds checks to a rule that look at every place which sets one of the keys. */
    static Rule.Builder check(Rule.Builder rule, Collection<String> keys, BiConsumer<TopicProperties, Reporter> check) {
        Set<String> about = Set.copyOf(keys);
        return rule.onClusters((cluster, report) -> ofCluster(cluster, about, place -> check.accept(place, report)))
                .onTopicSets((set, report) -> ofSet(set, about, place -> check.accept(place, report)));
    }

    private static void ofCluster(LintedCluster cluster, Set<String> keys, Consumer<TopicProperties> check) {
        TopicProperties place = new TopicProperties(Optional.of(cluster), Map.of(), null, true);
        if (keys.stream().anyMatch(place::says)) {
            check.accept(place);
        }
    }

    private static void ofSet(LintedTopics set, Set<String> keys, Consumer<TopicProperties> check) {
        Map<String, String> defaults = set.value().defaults().configs();
        if (keys.stream().anyMatch(defaults::containsKey)) {
            check.accept(new TopicProperties(set.cluster(), defaults, null, false));
        }
        for (LintedTopics.Alike alike : set.alike()) {
            if (keys.stream().anyMatch(key -> alike.configs().containsKey(key))) {
                check.accept(new TopicProperties(set.cluster(), defaults, alike, false));
            }
        }
    }

    /** The cluster that the topics live in; empty where the host decides. */
    Optional<LintedCluster> cluster() {
        return cluster;
    }

    /** Whether it is nobody's loss if these topics are. */
    boolean isDevelopment() {
        return cluster.map(LintedCluster::isDevelopment).orElse(false);
    }

    boolean isProduction() {
        return cluster.map(LintedCluster::isProduction).orElse(false);
    }

    /** Whether the key is set at this very place. */
    boolean says(String key) {
        if (topics != null) {
            return topics.configs().containsKey(key);
        }
        return ofCluster
                ? inherited
                        .find(key)
                        .filter(setting -> setting.layer() != Layer.KAFKA)
                        .isPresent()
                : defaults.containsKey(key);
    }

    /** What holds for a property; null if nobody says. */
    @Nullable
    String text(String key) {
        String found = topics == null ? null : topics.configs().get(key);
        if (found == null) {
            found = defaults.get(key);
        }
        return found != null ? found : inherited.find(key).map(Setting::value).orElse(null);
    }

    /** What holds for a property that is a whole number; empty if nobody says, or what is said is none. */
    OptionalLong number(String key) {
        return Numbers.whole(text(key));
    }

    /** Whether old records of a key are removed. */
    boolean isCompacted() {
        return hasPolicy("compact");
    }

    /** Whether records are removed by age and size. */
    boolean isDeleted() {
        return hasPolicy("delete");
    }

    private boolean hasPolicy(String policy) {
        String text = text(POLICY);
        if (text == null) {
            return policy.equals("delete"); // Kafka's default in every release
        }
        for (String part : text.split(",", -1)) {
            if (part.trim().equals(policy)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reports at the first of the keys that is set at this place, of each topic that it is set for.
     *
     * @param wrong what is wrong, after the words for whose properties these are
     */
    void report(Reporter report, String wrong, String... keys) {
        for (String key : keys) {
            if (says(key)) {
                if (topics != null) {
                    topics.topics()
                            .forEach(topic -> report.finding(
                                    topic.path("configs[" + key + "]"), "topic '" + topic.name() + "': " + wrong));
                } else if (ofCluster) {
                    report.finding(
                            ConfigTarget.TOPICS,
                            inherited.find(key).orElseThrow(),
                            "topics that do not say otherwise: " + wrong);
                } else {
                    report.finding(
                            "spec.defaults.configs[" + key + "]",
                            "topics of this set that do not say otherwise: " + wrong);
                }
                return;
            }
        }
    }
}
