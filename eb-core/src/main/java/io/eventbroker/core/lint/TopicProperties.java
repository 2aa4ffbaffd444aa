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
 * What holds for topics from one place on: for all of a cluster, for those of a set, or for a single one. A rule about
 * properties looks at each place that sets one of the keys it is about, so that a fault is reported where it was made, and
 * topics that only inherit cost nothing.
 */
final class TopicProperties {
    private static final String POLICY = "cleanup.policy";

    private final Optional<LintedCluster> cluster;
    private final EffectiveConfig inherited;
    private final Map<String, String> defaults;
    private final Map<String, String> own;
    private final LintedTopics.@Nullable Topic topic;
    private final boolean ofCluster;

    private TopicProperties(
            Optional<LintedCluster> cluster,
            Map<String, String> defaults,
            LintedTopics.@Nullable Topic topic,
            boolean ofCluster) {
        this.cluster = cluster;
        this.inherited = cluster.map(known -> known.config().topics()).orElse(EffectiveConfig.empty());
        this.defaults = defaults;
        this.topic = topic;
        this.own = topic == null ? Map.of() : topic.spec().configs();
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
        for (LintedTopics.Topic topic : set.topicsThatSet(keys)) {
            check.accept(new TopicProperties(set.cluster(), defaults, topic, false));
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

    /** The topic, if it is one. */
    Optional<LintedTopics.Topic> topic() {
        return Optional.ofNullable(topic);
    }

    /** Whether the key is set at this very place. */
    boolean says(String key) {
        if (topic != null) {
            return own.containsKey(key);
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
        String found = own.get(key);
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

    /** Whose properties these are, for a message: {@code topic 'orders.order.placed'}. */
    String who() {
        if (topic != null) {
            return "topic '" + topic.name() + "'";
        }
        return ofCluster ? "topics that do not say otherwise" : "topics of this set that do not say otherwise";
    }

    /** Reports at the first of the keys that is set at this place. */
    void report(Reporter report, String message, String... keys) {
        for (String key : keys) {
            if (says(key)) {
                if (ofCluster) {
                    report.finding(ConfigTarget.TOPICS, inherited.find(key).orElseThrow(), message);
                } else {
                    report.finding(
                            topic == null ? "spec.defaults.configs[" + key + "]" : topic.path("configs[" + key + "]"),
                            message);
                }
                return;
            }
        }
    }
}
