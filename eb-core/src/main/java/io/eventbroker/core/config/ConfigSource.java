package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * Properties at one place in one document.
 *
 * @param brokers whom a layer of single brokers is for; empty for all
 */
record ConfigSource(
        Document<?> document,
        String path,
        Layer layer,
        ConfigTarget target,
        List<BrokerId> brokers,
        SortedMap<String, String> properties) {
    String path(String key) {
        return path + "[" + key + "]";
    }

    /** What is set for a cluster, in the order of the layers, without that of topics. */
    static List<ConfigSource> of(Documents platform, Document<Topology> cluster) {
        Topology topology = cluster.value();
        List<ConfigSource> sources = new ArrayList<>();
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

    private static void layers(
            Documents platform, Layer layer, Predicate<ConfigLayer> wanted, List<ConfigSource> sources) {
        for (Document<ConfigLayer> document : platform.documents(ConfigLayers.KIND)) {
            if (document.value().layer() == layer && wanted.test(document.value())) {
                layer(document, sources);
            }
        }
    }

    private static void layer(Document<ConfigLayer> document, List<ConfigSource> sources) {
        ConfigLayer value = document.value();
        for (ConfigTarget target : ConfigTarget.values()) {
            add(
                    new ConfigSource(
                            document,
                            "spec." + target.key(),
                            value.layer(),
                            target,
                            List.copyOf(value.brokerIds()),
                            value.properties(target)),
                    sources);
        }
    }

    /**
     * What is set for clusters that are not among the documents, because they cannot be read or are described elsewhere:
     * layers, those for the same clusters together.
     */
    static Collection<List<ConfigSource>> ofAbsentClusters(Documents platform) {
        List<Topology> there = platform.documents(Topologies.KIND).stream()
                .map(Document::value)
                .toList();
        Map<String, List<ConfigSource>> groups = new LinkedHashMap<>();
        for (Document<ConfigLayer> document : platform.documents(ConfigLayers.KIND)) {
            ConfigLayer value = document.value();
            if (there.stream().noneMatch(value::holdsFor)) {
                String whose = value.environment() + " " + value.cluster();
                layer(document, groups.computeIfAbsent(whose, missing -> new ArrayList<>()));
            }
        }
        return groups.values();
    }

    private static void component(
            Document<Topology> cluster,
            ConfigTarget target,
            Optional<? extends Component> component,
            List<ConfigSource> sources) {
        component.ifPresent(present -> add(
                new ConfigSource(
                        cluster,
                        "spec." + target.key() + ".config",
                        Layer.CLUSTER,
                        target,
                        List.of(),
                        present.config()),
                sources));
    }

    /** The sets of topics of a cluster. */
    static List<Document<TopicSet>> topicSets(Documents platform, Document<Topology> cluster) {
        Optional<String> name = Optional.of(cluster.name());
        return platform.documents(TopicSets.KIND).stream()
                .filter(set -> set.value().cluster().equals(name))
                .toList();
    }

    /** The sets of topics that name a cluster which is not among the documents. */
    static List<Document<TopicSet>> topicSetsOfAbsentClusters(Documents platform) {
        return platform.documents(TopicSets.KIND).stream()
                .filter(set -> set.value()
                        .cluster()
                        .filter(name -> platform.find(Topologies.KIND, name).isEmpty())
                        .isPresent())
                .toList();
    }

    /** What a set gives to all of its topics. */
    static ConfigSource ofAll(Document<TopicSet> set) {
        return new ConfigSource(
                set,
                "spec.defaults.configs",
                Layer.TOPIC,
                ConfigTarget.TOPICS,
                List.of(),
                set.value().defaults().configs());
    }

    /** What one of its topics says itself. */
    static ConfigSource ofOne(Document<TopicSet> set, int topic) {
        return new ConfigSource(
                set,
                "spec.topics[" + topic + "].configs",
                Layer.TOPIC,
                ConfigTarget.TOPICS,
                List.of(),
                set.value().topics().get(topic).configs());
    }

    private static void add(ConfigSource source, List<ConfigSource> sources) {
        if (!source.properties().isEmpty()) {
            sources.add(source);
        }
    }
}
