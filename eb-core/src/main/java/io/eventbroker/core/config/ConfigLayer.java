package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Metadata;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Topology;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Properties of one layer: of the whole platform, of an environment, of a cluster, or of some of its brokers. Which of
 * these follows from what it names:
 *
 * <pre>{@code
 * kind: ConfigLayer
 * metadata: {name: production}
 * spec:
 *   environment: production            # nothing: the platform; cluster: kafka-prod; with brokerIds: [3, 4] those brokers
 *   brokers: {min.insync.replicas: 2}
 *   topics: {compression.type: producer}
 * }</pre>
 *
 * <p>Each layer wins over those before it. The {@code config} of a {@code Topology}'s components belongs to the layer of
 * the cluster; the properties in a {@code TopicSet} win over all layers.
 *
 * @param name of the document; without meaning otherwise
 * @param environment holds for the clusters of that environment
 * @param cluster holds for the {@code Topology} of that name
 * @param brokerIds holds for these brokers of the cluster only, and sets nothing but {@code brokers}
 * @param brokers properties of brokers; what the model says itself (ids, listeners, folders, …) must not be among them
 * @param controllers properties of KRaft controllers; the same holds
 * @param topics properties of every topic
 * @param zooKeeper properties of the component, as are those that follow
 */
public record ConfigLayer(
        @Metadata String name,
        Optional<String> environment,
        Optional<String> cluster,
        Set<BrokerId> brokerIds,
        @KeepsReferences SortedMap<String, String> brokers,
        @KeepsReferences SortedMap<String, String> controllers,
        @KeepsReferences SortedMap<String, String> topics,
        @KeepsReferences SortedMap<String, String> zooKeeper,
        @KeepsReferences SortedMap<String, String> schemaRegistry,
        @KeepsReferences SortedMap<String, String> restProxy,
        @KeepsReferences SortedMap<String, String> connect,
        @KeepsReferences SortedMap<String, String> ksqlDb,
        @KeepsReferences SortedMap<String, String> controlCenter,
        @KeepsReferences SortedMap<String, String> mirrorMaker) {

    public ConfigLayer {
        brokerIds = Collections.unmodifiableSet(new LinkedHashSet<>(brokerIds));
        brokers = copy(brokers);
        controllers = copy(controllers);
        topics = copy(topics);
        zooKeeper = copy(zooKeeper);
        schemaRegistry = copy(schemaRegistry);
        restProxy = copy(restProxy);
        connect = copy(connect);
        ksqlDb = copy(ksqlDb);
        controlCenter = copy(controlCenter);
        mirrorMaker = copy(mirrorMaker);
        Checks checks = Checks.begin()
                .require(
                        environment.isEmpty() || cluster.isEmpty(),
                        "environment",
                        "a layer is either an environment's or a cluster's",
                        "remove 'environment' or 'cluster'")
                .require(
                        brokerIds.isEmpty() || cluster.isPresent(),
                        "brokerIds",
                        "brokers of which cluster is not said",
                        "add 'cluster'");
        refuseModelled("brokers", brokers, checks);
        refuseModelled("controllers", controllers, checks);
        if (!brokerIds.isEmpty()) {
            refuseBeside("controllers", controllers, checks);
            refuseBeside("topics", topics, checks);
            refuseBeside("zooKeeper", zooKeeper, checks);
            refuseBeside("schemaRegistry", schemaRegistry, checks);
            refuseBeside("restProxy", restProxy, checks);
            refuseBeside("connect", connect, checks);
            refuseBeside("ksqlDb", ksqlDb, checks);
            refuseBeside("controlCenter", controlCenter, checks);
            refuseBeside("mirrorMaker", mirrorMaker, checks);
        }
        checks.end();
    }

    private static void refuseModelled(String component, SortedMap<String, String> properties, Checks checks) {
        for (String key : properties.keySet()) {
            checks.require(
                    !KafkaBrokers.isModelled(key),
                    component + "[" + key + "]",
                    "is set by the model",
                    "remove it; ids, listeners, racks and folders follow from the Topology");
        }
    }

    private static void refuseBeside(String component, SortedMap<String, String> properties, Checks checks) {
        checks.require(
                properties.isEmpty(),
                component,
                "a layer of single brokers sets nothing else",
                "move it to a layer of the cluster");
    }

    private static SortedMap<String, String> copy(SortedMap<String, String> properties) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }

    /** Which of the layers it is: platform, environment, cluster or broker. */
    public Layer layer() {
        if (!brokerIds.isEmpty()) {
            return Layer.BROKER;
        }
        return cluster.isPresent() ? Layer.CLUSTER : environment.isPresent() ? Layer.ENVIRONMENT : Layer.PLATFORM;
    }

    /** Whether it is for the cluster, or some of its brokers. */
    boolean holdsFor(Topology topology) {
        return environment.map(topology.environment()::equals).orElse(true)
                && cluster.map(topology.name()::equals).orElse(true);
    }

    /** What it sets for one of them. */
    public SortedMap<String, String> properties(ConfigTarget target) {
        return switch (target) {
            case BROKERS -> brokers;
            case CONTROLLERS -> controllers;
            case TOPICS -> topics;
            case ZOO_KEEPER -> zooKeeper;
            case SCHEMA_REGISTRY -> schemaRegistry;
            case REST_PROXY -> restProxy;
            case CONNECT -> connect;
            case KSQL_DB -> ksqlDb;
            case CONTROL_CENTER -> controlCenter;
            case MIRROR_MAKER -> mirrorMaker;
        };
    }
}
