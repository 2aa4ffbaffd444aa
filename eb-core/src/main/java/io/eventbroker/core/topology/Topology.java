package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Metadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One Kafka cluster and the services around it, as it should be.
 *
 * @param name of the cluster; its brokers are called so, and the other components begin with it
 * @param labels for people and selection
 * @param environment the name of an {@link Environment}, whose rules hold for it
 * @param namespace where its components run, unless one says otherwise
 * @param distribution whose Kafka, and which release
 * @param zones the failure domains, distinct, at least one; replicas are spread over them in this order
 * @param security who may do what
 * @param network how it is reached
 * @param monitoring how it is watched
 * @param brokers the brokers
 * @param controllers the KRaft quorum; this or {@code zooKeeper} is there, both while a migration goes on
 * @param zooKeeper the ensemble, before Kafka 4.0
 */
public record Topology(
        @Metadata String name,
        @Metadata SortedMap<String, String> labels,
        String environment,
        @Default("event-broker") String namespace,
        Distribution distribution,
        List<Zone> zones,
        @Default("{}") Security security,
        @Default("{}") Network network,
        @Default("{}") Monitoring monitoring,
        KafkaBrokers brokers,
        Optional<KRaftControllers> controllers,
        Optional<ZooKeeper> zooKeeper,
        Optional<SchemaRegistry> schemaRegistry,
        Optional<RestProxy> restProxy,
        Optional<ConnectWorkers> connect,
        Optional<KsqlDb> ksqlDb,
        Optional<ControlCenter> controlCenter,
        Optional<MirrorMaker> mirrorMaker) {

    public Topology {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        zones = List.copyOf(zones);
        Checks checks = Checks.begin().require(!zones.isEmpty(), "zones", "there must be at least one", "name a zone");
        checks.require(
                TopologyChecks.isLabel(namespace),
                "namespace",
                "'" + namespace + "' is not a DNS label",
                Component.LABEL);
        Component.checkDistinct(zones, checks);
        checkCoordination(distribution, brokers, controllers, zooKeeper, checks);
        Map<String, Component> components = keyed(
                brokers,
                zooKeeper,
                controllers,
                schemaRegistry,
                restProxy,
                connect,
                ksqlDb,
                controlCenter,
                mirrorMaker);
        new TopologyChecks(components, brokers, checks)
                .names()
                .zones(zones)
                .brokerListeners()
                .network(network)
                .security(security)
                .monitoring(monitoring)
                .controlCenter(distribution);
        checks.end();
    }

    private static void checkCoordination(
            Distribution distribution,
            KafkaBrokers brokers,
            Optional<KRaftControllers> controllers,
            Optional<ZooKeeper> zooKeeper,
            Checks checks) {
        KraftMigration migration = zooKeeper.map(ZooKeeper::migration).orElse(KraftMigration.FINISHED);
        Version last = Compatibility.ZOOKEEPER.lastKafka().orElseThrow();
        checks.require(
                        zooKeeper.isEmpty() || Compatibility.ZOOKEEPER.isIn(distribution),
                        "zooKeeper",
                        distribution + " has no ZooKeeper any more (the last was Kafka " + last.major() + "."
                                + last.minor() + ")",
                        "describe 'controllers' instead")
                .require(
                        controllers.isEmpty()
                                || !(distribution instanceof Distribution.Confluent)
                                || !distribution.version().isBefore(Compatibility.FIRST_CONFLUENT_WITH_KRAFT),
                        "controllers",
                        distribution + " does not run KRaft in production (" + Compatibility.FIRST_CONFLUENT_WITH_KRAFT
                                + " is the first that does)",
                        "use a later version, or describe 'zooKeeper'")
                .require(
                        controllers.isPresent() || zooKeeper.isPresent(),
                        "",
                        "nothing coordinates the brokers",
                        "add 'controllers'")
                .require(
                        controllers.isEmpty() || migration.needsControllers(),
                        "zooKeeper",
                        "both 'controllers' and 'zooKeeper' would coordinate the brokers",
                        "keep one, or say with zooKeeper.migration how far the migration is")
                .require(
                        controllers.isPresent() || zooKeeper.isEmpty() || !migration.needsControllers(),
                        "zooKeeper.migration",
                        "a migration needs the controllers that it leads to",
                        "describe 'controllers', or write 'not-started'");
        if (zooKeeper.isPresent() && migration.needsControllers()) {
            boolean confluent = distribution instanceof Distribution.Confluent;
            Version first = confluent ? Compatibility.FIRST_MIGRATING_CONFLUENT : Compatibility.FIRST_MIGRATING_KAFKA;
            checks.require(
                    !distribution.version().isBefore(first),
                    "zooKeeper.migration",
                    distribution + " does not migrate in production; " + first + " is the first that does",
                    "upgrade first");
        }
        controllers.ifPresent(quorum -> {
            if (quorum.firstId() < brokers.firstId() + brokers.replicas()
                    && brokers.firstId() < quorum.firstId() + quorum.replicas()) {
                checks.refuse(
                        "controllers.firstId",
                        "the ids " + quorum.firstId() + " to " + (quorum.firstId() + quorum.replicas() - 1)
                                + " overlap with those of the brokers",
                        "number the controllers from another id, such as 9990");
            }
        });
    }

    /** Brokers and controllers run the release that every check by version looks at. */
    static void checkDistributionsRelease(Workload workload, Checks checks) {
        checks.require(
                workload.version().isEmpty(),
                "version",
                "runs the distribution's release",
                "remove it, and write the release as distribution.version");
    }

    /** In the order in which they can start. */
    @SafeVarargs
    private static Map<String, Component> keyed(KafkaBrokers brokers, Optional<? extends Component>... others) {
        Map<String, Component> components = new LinkedHashMap<>();
        for (Optional<? extends Component> other : others) {
            other.filter(component -> !(component instanceof Service))
                    .ifPresent(component -> components.put(component.key(), component));
        }
        components.put(brokers.key(), brokers);
        for (Optional<? extends Component> other : others) {
            other.ifPresent(component -> components.put(component.key(), component));
        }
        return Collections.unmodifiableMap(components);
    }

    /** Every component that there is, by the key that it stands under in a file, in the order in which they can start. */
    public Map<String, Component> componentsByKey() {
        return keyed(
                brokers,
                zooKeeper,
                controllers,
                schemaRegistry,
                restProxy,
                connect,
                ksqlDb,
                controlCenter,
                mirrorMaker);
    }

    /** Every component that there is, in the order in which they can start. */
    public List<Component> components() {
        return List.copyOf(componentsByKey().values());
    }

    /** How far the cluster is on its way to KRaft; {@link KraftMigration#FINISHED} where there is no ZooKeeper. */
    public KraftMigration migration() {
        return zooKeeper.map(ZooKeeper::migration).orElse(KraftMigration.FINISHED);
    }

    /**
     * The properties of the controllers: their own, and of the brokers' what they need to know as well
     * ({@link KRaftControllers#AS_BROKERS}). Empty without controllers.
     */
    public SortedMap<String, String> controllerConfig() {
        SortedMap<String, String> config = new TreeMap<>();
        controllers.ifPresent(quorum -> {
            config.putAll(brokers.config());
            config.keySet().retainAll(KRaftControllers.AS_BROKERS);
            config.putAll(quorum.config());
        });
        return Collections.unmodifiableSortedMap(config);
    }

    /** The release that a component runs: its own, or the distribution's. */
    public Version versionOf(Component component) {
        return component.workload().version().orElse(distribution.version());
    }

    /** The zones that a component's replicas are spread over. */
    public List<Zone> zonesOf(Component component) {
        return component.workload().zones().isEmpty()
                ? zones
                : component.workload().zones();
    }

    /**
     * The zone that a replica belongs into: round robin over the component's zones, so that every zone has the same number
     * of replicas, give or take one.
     *
     * @param ordinal of the replica, from 0
     * @throws IllegalArgumentException if there is no such replica
     */
    public Zone zoneOf(Component component, int ordinal) {
        component.podName(ordinal); // refuses an ordinal that is not there
        List<Zone> spread = zonesOf(component);
        return spread.get(ordinal % spread.size());
    }

    /**
     * The zone that a broker belongs into, as {@link #zoneOf(Component, int)}.
     *
     * @throws IllegalArgumentException if no broker has the id
     */
    public Zone zoneOf(BrokerId broker) {
        return zoneOf(brokers, broker.value() - brokers.firstId());
    }

    /**
     * What each component needs of the others: brokers need what coordinates them, services need the brokers, and each
     * other where both are there. Free of cycles.
     */
    public List<Dependency> dependencies() {
        List<Dependency> all = new ArrayList<>();
        if (migration().brokersKnowControllers()) {
            controllers.ifPresent(quorum -> all.add(over(brokers, quorum)));
        }
        zooKeeper.ifPresent(ensemble -> {
            controllers.ifPresent(quorum -> all.add(over(quorum, ensemble)));
            if (migration().brokersUseZooKeeper()) {
                all.add(over(brokers, ensemble));
            }
        });
        for (Component component : components()) {
            if (component instanceof Service service) {
                all.add(new Dependency(
                        service,
                        brokers,
                        service.brokerListener().isPresent()
                                ? brokers.listener(service.brokerListener().get())
                                : brokers.internalListener()));
            }
        }
        for (Optional<? extends Service> user : List.of(restProxy, connect, ksqlDb, controlCenter)) {
            needs(user, schemaRegistry, all);
        }
        needs(ksqlDb, connect, all);
        needs(controlCenter, connect, all);
        needs(controlCenter, ksqlDb, all);
        return List.copyOf(all);
    }

    private static void needs(
            Optional<? extends Service> user, Optional<? extends Service> used, List<Dependency> dependencies) {
        user.ifPresent(from -> used.ifPresent(to -> dependencies.add(over(from, to))));
    }

    private static Dependency over(Component from, Component to) {
        return new Dependency(
                from,
                to,
                to.listeners().stream()
                        .filter(listener -> listener.exposure() == Listener.Exposure.INTERNAL)
                        .findFirst());
    }

    /**
     * The DNS name that clients from outside bootstrap a listener of the brokers with: the listener's name below
     * {@link Network#externalDomain}. Empty for an internal listener, and without a domain.
     */
    public Optional<String> externalBootstrapName(Listener listener) {
        return listener.exposure() == Listener.Exposure.EXTERNAL
                ? network.externalDomain().map(domain -> listener.name() + "." + domain)
                : Optional.empty();
    }

    /**
     * The DNS name of one broker at an external listener, such as {@code external-4.kafka.example.com}. Empty for an
     * internal listener, and without a domain.
     *
     * @throws IllegalArgumentException if no broker has the id
     */
    public Optional<String> externalName(Listener listener, BrokerId broker) {
        int ordinal = broker.value() - brokers.firstId();
        brokers.podName(ordinal); // refuses an id that is not there
        return listener.exposure() == Listener.Exposure.EXTERNAL
                ? network.externalDomain().map(domain -> listener.name() + "-" + ordinal + "." + domain)
                : Optional.empty();
    }
}
