package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The properties of one cluster, each with the layer, file and line that it comes from and what it overrode.
 *
 * <pre>{@code
 * ClusterConfig config = ClusterConfig.of(platform, "kafka-prod");
 * config.broker(BrokerId.of(0)).explain("min.insync.replicas");
 * // 2 ← clusters/kafka-prod.yaml:31, cluster (over 1 ← environments/production.yaml:12, environment; over 1 ← …)
 * }</pre>
 *
 * <p>From the bottom: Kafka's defaults for the cluster's release, where it is catalogued; the {@link ConfigLayer}s of the
 * platform; of the cluster's environment; of the cluster, with the {@code config} in its {@code Topology}; of single
 * brokers. Beneath the layers of topics lies what the brokers set for all topics, such as {@code log.retention.hours};
 * above them the {@code TopicSet}s. Of what the {@code Topology} says of brokers and controllers in its own words
 * ({@link KafkaBrokers#isModelled}: ids, listeners, racks, folders, quorum) nothing is among theirs, not even Kafka's
 * default, for that does not hold; other components have properties of the same names, such as Connect its
 * {@code listeners}, which are theirs to set. Immutable.
 */
public final class ClusterConfig {
    private final ConfigCatalogue catalogue;
    private final List<ConfigSource> sources;
    private final List<Document<TopicSet>> topicSets;
    private final Map<ConfigTarget, EffectiveConfig> effective;
    private final SortedMap<BrokerId, EffectiveConfig> brokers;
    /** Made when the first topic is asked for: there may be ten thousand. */
    private volatile @Nullable Map<TopicName, List<ConfigSource>> topics;

    private ClusterConfig(Document<Topology> cluster, List<ConfigSource> sources, List<Document<TopicSet>> topicSets) {
        this.catalogue = catalogue(cluster);
        this.sources = sources;
        this.topicSets = topicSets;
        List<BrokerId> ids = cluster.value().brokers().brokerIds();
        this.effective = new EnumMap<>(ConfigTarget.class);
        for (ConfigTarget target : ConfigTarget.values()) {
            EffectiveConfig config = target.scope().map(catalogue::defaults).orElse(EffectiveConfig.empty());
            if (target == ConfigTarget.BROKERS || target == ConfigTarget.CONTROLLERS) {
                config = config.withoutModelled();
            }
            if (target == ConfigTarget.TOPICS) {
                config = config.overriddenBy(ofBrokersForTopics()); // brokers come first in the enum
            }
            if (target == ConfigTarget.CONTROLLERS) {
                config = config.overriddenBy(ofBrokersForControllers());
            }
            for (ConfigSource source : sources) {
                if (source.target() == target && source.brokers().isEmpty()) {
                    config = config.overriddenBy(layer(source));
                }
            }
            effective.put(target, config);
        }
        SortedMap<BrokerId, EffectiveConfig> each = new TreeMap<>();
        ids.forEach(id -> each.put(id, brokers()));
        for (ConfigSource source : sources) {
            if (!source.brokers().isEmpty()) {
                EffectiveConfig own = layer(source);
                source.brokers().forEach(id -> each.computeIfPresent(id, (broker, config) -> config.overriddenBy(own)));
            }
        }
        this.brokers = Collections.unmodifiableSortedMap(each);
    }

    /**
     * The properties of a cluster of the platform.
     *
     * @throws EventBrokerException if no such Topology was read; the message names those that were
     */
    public static ClusterConfig of(Documents platform, String cluster) {
        return of(
                platform,
                platform.find(Topologies.KIND, cluster)
                        .orElseThrow(
                                () -> new EventBrokerException("no Topology '" + cluster + "' was read; there are: "
                                        + platform.documents(Topologies.KIND).stream()
                                                .map(Document::name)
                                                .collect(Collectors.joining(", ")))));
    }

    private static ClusterConfig of(Documents platform, Document<Topology> cluster) {
        return new ClusterConfig(
                cluster, ConfigSource.of(platform, cluster), ConfigSource.topicSets(platform, cluster));
    }

    static ConfigCatalogue catalogue(Document<Topology> cluster) {
        return ConfigCatalogue.of(cluster.value().distribution().kafka());
    }

    /** What each described topic is given by its set and by itself. */
    private Map<TopicName, List<ConfigSource>> topicLayers() {
        Map<TopicName, List<ConfigSource>> known = topics;
        if (known == null) { // two threads may both make it, with the same result
            known = new HashMap<>();
            for (Document<TopicSet> set : topicSets) {
                ConfigSource defaults = ConfigSource.ofAll(set);
                List<TopicSpec> specs = set.value().topics();
                for (int i = 0; i < specs.size(); i++) {
                    known.put(specs.get(i).name(), List.of(defaults, ConfigSource.ofOne(set, i)));
                }
            }
            topics = known;
        }
        return known;
    }

    private EffectiveConfig layer(ConfigSource source) {
        if (source.properties().isEmpty()) {
            return EffectiveConfig.empty();
        }
        EffectiveConfig.Builder layer = EffectiveConfig.builder(source.layer());
        source.properties()
                .forEach((key, value) -> layer.set(
                        key,
                        value,
                        source.document().locate(source.path(key)),
                        PropertyChecks.isSensitive(catalogue, source.target(), key)));
        return layer.build();
    }

    /** What controllers need to know as the brokers do. */
    private EffectiveConfig ofBrokersForControllers() {
        EffectiveConfig.Builder layer = EffectiveConfig.builder(Layer.CLUSTER);
        KRaftControllers.AS_BROKERS.stream()
                .flatMap(key -> brokers().find(key).stream())
                .filter(setting -> setting.layer() != Layer.KAFKA)
                .forEach(setting -> layer.add(new Setting(
                        setting.key(),
                        setting.value(),
                        setting.layer(),
                        setting.location(),
                        setting.sensitive(),
                        null)));
        return layer.build();
    }

    /** What the brokers set that holds for topics which say nothing, in the topics' own words. */
    private EffectiveConfig ofBrokersForTopics() {
        EffectiveConfig.Builder layer = EffectiveConfig.builder(Layer.CLUSTER);
        for (ConfigKey key : catalogue.keys(ConfigScope.TOPIC).values()) {
            List<Setting> ofBrokers = new ArrayList<>(); // the one that holds, then what it overrode
            for (String name : key.brokerKeys()) {
                Setting setting = brokers().find(name).orElse(null);
                while (setting != null && setting.layer() != Layer.KAFKA) {
                    ofBrokers.add(setting);
                    setting = setting.overrode().orElse(null);
                }
            }
            Setting below = null;
            for (int i = ofBrokers.size() - 1; i >= 0; i--) {
                Setting setting = ofBrokers.get(i);
                below = setting.ofTopics(key.name(), TopicWords.value(setting.key(), setting.value(), key), below);
            }
            if (below != null) {
                layer.add(below);
            }
        }
        return layer.build();
    }

    /** What Kafka says about the keys, for the cluster's release. */
    public ConfigCatalogue catalogue() {
        return catalogue;
    }

    /** What holds for every broker that has no layer of its own. */
    public EffectiveConfig brokers() {
        return component(ConfigTarget.BROKERS);
    }

    /**
     * What holds for one broker.
     *
     * @throws IllegalArgumentException if the cluster has no such broker
     */
    public EffectiveConfig broker(BrokerId id) {
        EffectiveConfig found = brokers.get(id);
        if (found == null) {
            throw new IllegalArgumentException("the cluster has the brokers " + brokers.keySet() + ", not " + id);
        }
        return found;
    }

    /** The brokers of the cluster, each with what holds for it; those without a layer of their own share one. */
    public SortedMap<BrokerId, EffectiveConfig> eachBroker() {
        return brokers;
    }

    /** What holds for a component, or for topics and brokers before their own layer. */
    public EffectiveConfig component(ConfigTarget target) {
        return effective.getOrDefault(target, EffectiveConfig.empty());
    }

    /** What holds for a topic that no {@code TopicSet} describes. */
    public EffectiveConfig topics() {
        return component(ConfigTarget.TOPICS);
    }

    /** What holds for a topic, described or not. */
    public EffectiveConfig topic(TopicName name) {
        EffectiveConfig config = topics();
        for (ConfigSource source : topicLayers().getOrDefault(name, List.of())) {
            config = config.overriddenBy(layer(source));
        }
        return config;
    }

    /** The topics that {@code TopicSet}s describe. */
    SortedSet<TopicName> describedTopics() {
        return new TreeSet<>(topicLayers().keySet());
    }

    /** Whether a layer sets a key for topics themselves, and not only for the brokers that they inherit it from. */
    boolean setsForTopics(String key) {
        return sources.stream()
                .anyMatch(source -> source.target() == ConfigTarget.TOPICS
                        && source.properties().containsKey(key));
    }

    /**
     * What is wrong with the properties, in every layer. What Kafka would refuse when it starts is an error: values of
     * the wrong type, out of range or not allowed; so are secrets that stand in a file, and keys that two documents of
     * one layer set. Keys that the release does not have, and deprecated ones, are for lint to find.
     */
    public Problems problems() {
        Findings findings = new Findings();
        PropertyChecks.check(catalogue, sources, topicSets, findings);
        return findings.problems();
    }
}
