package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * above them the {@code TopicSet}s. Immutable.
 */
public final class ClusterConfig {
    private final ConfigCatalogue catalogue;
    private final List<Source> sources;
    private final List<Document<TopicSet>> topicSets;
    private final Map<ConfigTarget, EffectiveConfig> effective;
    private final SortedMap<BrokerId, EffectiveConfig> brokers;
    /** Made when the first topic is asked for: there may be ten thousand. */
    private volatile @Nullable Map<TopicName, List<Source>> topics;

    /**
     * Properties at one place in one document.
     *
     * @param brokers whom a layer of single brokers is for; empty for all
     */
    private record Source(
            Document<?> document,
            String path,
            Layer layer,
            ConfigTarget target,
            List<BrokerId> brokers,
            SortedMap<String, String> properties) {
        String path(String key) {
            return path + "[" + key + "]";
        }
    }

    private ClusterConfig(Document<Topology> cluster, List<Source> sources, List<Document<TopicSet>> topicSets) {
        this.catalogue = catalogue(cluster);
        this.sources = sources;
        this.topicSets = topicSets;
        List<BrokerId> ids = cluster.value().brokers().brokerIds();
        this.effective = new EnumMap<>(ConfigTarget.class);
        for (ConfigTarget target : ConfigTarget.values()) {
            EffectiveConfig config = target.scope().map(catalogue::defaults).orElse(EffectiveConfig.empty());
            if (target == ConfigTarget.TOPICS) {
                config = config.overriddenBy(ofBrokersForTopics()); // brokers come first in the enum
            }
            if (target == ConfigTarget.CONTROLLERS) {
                config = config.overriddenBy(ofBrokersForControllers());
            }
            for (Source source : sources) {
                if (source.target() == target && source.brokers().isEmpty()) {
                    config = config.overriddenBy(layer(source));
                }
            }
            effective.put(target, config);
        }
        SortedMap<BrokerId, EffectiveConfig> each = new TreeMap<>();
        ids.forEach(id -> each.put(id, brokers()));
        for (Source source : sources) {
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
        return new ClusterConfig(cluster, sources(platform, cluster), topicSets(platform, cluster));
    }

    private static ConfigCatalogue catalogue(Document<Topology> cluster) {
        return ConfigCatalogue.of(cluster.value().distribution().kafka());
    }

    private static List<Source> sources(Documents platform, Document<Topology> cluster) {
        Topology topology = cluster.value();
        List<Source> sources = new ArrayList<>();
        layers(platform, Layer.PLATFORM, layer -> true, sources);
        layers(
                platform,
                Layer.ENVIRONMENT,
                layer -> layer.environment().equals(Optional.of(topology.environment())),
                sources);
        component(cluster, ConfigTarget.BROKERS, Optional.of(topology.brokers()), sources);
        component(cluster, ConfigTarget.CONTROLLERS, topology.controllers(), sources);
        component(cluster, ConfigTarget.ZOO_KEEPER, topology.zooKeeper(), sources);
        component(cluster, ConfigTarget.SCHEMA_REGISTRY, topology.schemaRegistry(), sources);
        component(cluster, ConfigTarget.REST_PROXY, topology.restProxy(), sources);
        component(cluster, ConfigTarget.CONNECT, topology.connect(), sources);
        component(cluster, ConfigTarget.KSQL_DB, topology.ksqlDb(), sources);
        component(cluster, ConfigTarget.CONTROL_CENTER, topology.controlCenter(), sources);
        component(cluster, ConfigTarget.MIRROR_MAKER, topology.mirrorMaker(), sources);
        Optional<String> name = Optional.of(topology.name());
        layers(platform, Layer.CLUSTER, layer -> layer.cluster().equals(name), sources);
        layers(platform, Layer.BROKER, layer -> layer.cluster().equals(name), sources);
        return List.copyOf(sources);
    }

    private static List<Document<TopicSet>> topicSets(Documents platform, Document<Topology> cluster) {
        Optional<String> name = Optional.of(cluster.name());
        return platform.documents(TopicSets.KIND).stream()
                .filter(set -> set.value().cluster().equals(name))
                .toList();
    }

    private static void layers(
            Documents platform, Layer layer, java.util.function.Predicate<ConfigLayer> wanted, List<Source> sources) {
        for (Document<ConfigLayer> document : platform.documents(ConfigLayers.KIND)) {
            ConfigLayer value = document.value();
            if (value.layer() == layer && wanted.test(value)) {
                for (ConfigTarget target : ConfigTarget.values()) {
                    add(
                            new Source(
                                    document,
                                    "spec." + target.key(),
                                    layer,
                                    target,
                                    List.copyOf(value.brokerIds()),
                                    value.properties(target)),
                            sources);
                }
            }
        }
    }

    private static void component(
            Document<Topology> cluster,
            ConfigTarget target,
            Optional<? extends Component> component,
            List<Source> sources) {
        component.ifPresent(present -> add(
                new Source(
                        cluster,
                        "spec." + target.key() + ".config",
                        Layer.CLUSTER,
                        target,
                        List.of(),
                        present.config()),
                sources));
    }

    private static Source ofAll(Document<TopicSet> set) {
        return new Source(
                set,
                "spec.defaults.configs",
                Layer.TOPIC,
                ConfigTarget.TOPICS,
                List.of(),
                set.value().defaults().configs());
    }

    private static Source ofOne(Document<TopicSet> set, int topic) {
        return new Source(
                set,
                "spec.topics[" + topic + "].configs",
                Layer.TOPIC,
                ConfigTarget.TOPICS,
                List.of(),
                set.value().topics().get(topic).configs());
    }

    /** What each described topic is given by its set and by itself. */
    private Map<TopicName, List<Source>> topicLayers() {
        Map<TopicName, List<Source>> known = topics;
        if (known == null) { // two threads may both make it, with the same result
            known = new HashMap<>();
            for (Document<TopicSet> set : topicSets) {
                Source defaults = ofAll(set);
                List<TopicSpec> specs = set.value().topics();
                for (int i = 0; i < specs.size(); i++) {
                    known.put(specs.get(i).name(), List.of(defaults, ofOne(set, i)));
                }
            }
            topics = known;
        }
        return known;
    }

    private static void add(Source source, List<Source> sources) {
        if (!source.properties().isEmpty()) {
            sources.add(source);
        }
    }

    private EffectiveConfig layer(Source source) {
        if (source.properties().isEmpty()) {
            return EffectiveConfig.empty();
        }
        EffectiveConfig.Builder layer = EffectiveConfig.builder(source.layer());
        source.properties()
                .forEach((key, value) -> layer.set(
                        key,
                        value,
                        source.document().locate(source.path(key)),
                        isSensitive(catalogue, source.target(), key)));
        return layer.build();
    }

    private static boolean isSensitive(ConfigCatalogue catalogue, ConfigTarget target, String key) {
        // components without definitions of their own embed Kafka's clients
        return catalogue.isSensitive(target.scope().orElse(ConfigScope.CONSUMER), key);
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
        catalogue
                .keys(ConfigScope.TOPIC)
                .values()
                .forEach(key -> key.brokerKeys().stream()
                        .flatMap(name -> brokers().find(name).stream())
                        .filter(setting -> setting.layer() != Layer.KAFKA)
                        .findFirst()
                        .ifPresent(setting -> layer.add(new Setting(
                                key.name(),
                                inMillis(setting, key),
                                setting.layer(),
                                setting.location(),
                                false,
                                null))));
        return layer.build();
    }

    /** Brokers may count hours or minutes where topics count milliseconds. */
    private static String inMillis(Setting setting, ConfigKey key) {
        long factor =
                setting.key().endsWith(".hours") ? 3_600_000 : setting.key().endsWith(".minutes") ? 60_000 : 1;
        if (factor == 1 || !key.name().endsWith(".ms") || !setting.value().matches("\\s*[0-9]{1,10}\\s*")) {
            return setting.value();
        }
        return Long.toString(Long.parseLong(setting.value().trim()) * factor);
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
        for (Source source : topicLayers().getOrDefault(name, List.of())) {
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
        check(catalogue, sources, topicSets, findings);
        return findings.problems();
    }

    /** Adds what is wrong with the properties of a cluster, without laying them over each other. */
    static void check(Documents platform, Document<Topology> cluster, Findings findings) {
        check(catalogue(cluster), sources(platform, cluster), topicSets(platform, cluster), findings);
    }

    private static void check(
            ConfigCatalogue catalogue, List<Source> sources, List<Document<TopicSet>> topicSets, Findings findings) {
        Map<String, Source> first = new HashMap<>();
        for (Source source : sources) {
            source.properties().forEach((key, value) -> {
                check(Known.of(catalogue, source.target(), key), source, key, value, findings);
                checkOnce(source, key, first, findings);
            });
        }
        Map<String, Known> known = new HashMap<>();
        for (Document<TopicSet> set : topicSets) {
            check(catalogue, known, ofAll(set), findings);
            List<TopicSpec> topics = set.value().topics();
            Set<SortedMap<String, String>> sound = new HashSet<>(); // of ten thousand topics, most say what others say
            for (int i = 0; i < topics.size(); i++) {
                SortedMap<String, String> configs = topics.get(i).configs();
                if (sound.add(configs) && !check(catalogue, known, ofOne(set, i), findings)) {
                    sound.remove(configs);
                }
            }
        }
    }

    /** Whether the properties of topics are sound. */
    private static boolean check(
            ConfigCatalogue catalogue, Map<String, Known> known, Source source, Findings findings) {
        boolean sound = true;
        for (Map.Entry<String, String> entry : source.properties().entrySet()) {
            String key = entry.getKey();
            Known what = known.computeIfAbsent(key, any -> Known.of(catalogue, source.target(), key));
            sound &= check(what, source, key, entry.getValue(), findings);
        }
        return sound;
    }

    private static void checkOnce(Source source, String key, Map<String, Source> first, Findings findings) {
        List<String> places = source.brokers().isEmpty()
                ? List.of("")
                : source.brokers().stream().map(BrokerId::toString).toList();
        for (String broker : places) {
            Source other = first.putIfAbsent(source.layer() + " " + source.target() + " " + broker + " " + key, source);
            if (other != null) {
                findings.error(
                        source.document(),
                        source.path(key),
                        "'" + key + "' is already set in the same layer, at "
                                + other.document().locate(other.path(key)),
                        "keep one of the two");
                return;
            }
        }
    }

    /** What the catalogue says of a key: looked up once, for the same few keys stand in ten thousand topics. */
    private record Known(boolean sensitive, Optional<ConfigKey> key) {
        static Known of(ConfigCatalogue catalogue, ConfigTarget target, String key) {
            return new Known(
                    isSensitive(catalogue, target, key), target.scope().flatMap(scope -> catalogue.find(scope, key)));
        }
    }

    private static boolean check(Known known, Source source, String key, String value, Findings findings) {
        if (known.sensitive() && !value.isEmpty() && !ConfigReference.isIn(value)) {
            findings.error(
                    source.document(),
                    source.path(key),
                    "'" + key + "' is a secret and must not stand in a file",
                    "write a reference such as ${secret:NAME/KEY}");
            return false;
        }
        Optional<Violation> wrong = known.key().flatMap(catalogued -> catalogued.check(value));
        wrong.ifPresent(found -> findings.error(source.document(), source.path(key), found.message(), found.remedy()));
        return wrong.isEmpty();
    }
}
