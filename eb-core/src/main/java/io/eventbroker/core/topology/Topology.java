package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Metadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
 * @param network how it is reached from outside
 * @param brokers the brokers
 * @param controllers the KRaft quorum; exactly one of this and {@code zooKeeper} is there
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
        KafkaBrokers brokers,
        Optional<KRaftControllers> controllers,
        Optional<ZooKeeper> zooKeeper,
        Optional<SchemaRegistry> schemaRegistry,
        Optional<RestProxy> restProxy,
        Optional<ConnectWorkers> connect,
        Optional<KsqlDb> ksqlDb,
        Optional<ControlCenter> controlCenter,
        Optional<MirrorMaker> mirrorMaker) {

    private static final Version LAST_WITH_ZOOKEEPER = Version.of(3, 9);
    private static final Version FIRST_WITH_KRAFT = Version.of(3, 3);

    public Topology {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        zones = List.copyOf(zones);
        Checks checks = Checks.begin().require(!zones.isEmpty(), "zones", "there must be at least one", "name a zone");
        for (int i = 0; i < zones.size(); i++) {
            checks.require(
                    zones.indexOf(zones.get(i)) == i,
                    "zones[" + i + "]",
                    "'" + zones.get(i) + "' is named twice",
                    "name each zone once");
        }
        Version kafka = distribution.kafka();
        checks.require(
                        zooKeeper.isEmpty() || kafka.isBefore(Version.of(4, 0)),
                        "zooKeeper",
                        distribution + " has no ZooKeeper any more (the last was Kafka " + LAST_WITH_ZOOKEEPER.major()
                                + "." + LAST_WITH_ZOOKEEPER.minor() + ")",
                        "describe 'controllers' instead")
                .require(
                        controllers.isEmpty() || !kafka.isBefore(FIRST_WITH_KRAFT),
                        "controllers",
                        distribution + " does not run KRaft in production (Kafka 3.3 is the first that does)",
                        "use a later version, or describe 'zooKeeper'")
                .require(
                        controllers.isPresent() || zooKeeper.isPresent(),
                        "",
                        "nothing coordinates the brokers",
                        "add 'controllers'")
                .require(
                        controllers.isEmpty() || zooKeeper.isEmpty(),
                        "zooKeeper",
                        "both 'controllers' and 'zooKeeper' would coordinate the brokers",
                        "keep one");
        controllers.ifPresent(quorum -> {
            if (quorum.nodeIds().stream().anyMatch(brokers.brokerIds()::contains)) {
                checks.refuse(
                        "controllers.firstId",
                        "the ids " + quorum.firstId() + " to " + (quorum.firstId() + quorum.replicas() - 1)
                                + " overlap with those of the brokers",
                        "number the controllers from another id, such as 9990");
            }
        });
        Map<String, String> named = new HashMap<>();
        for (Map.Entry<String, Component> entry : keyed(
                        brokers,
                        controllers,
                        zooKeeper,
                        schemaRegistry,
                        restProxy,
                        connect,
                        ksqlDb,
                        controlCenter,
                        mirrorMaker)
                .entrySet()) {
            Component component = entry.getValue();
            String other = named.putIfAbsent(component.namespace() + "/" + component.name(), entry.getKey());
            checks.require(
                    other == null,
                    entry.getKey() + ".name",
                    "'" + component.name() + "' is also the name of " + other,
                    "give each component its own name");
        }
        checks.end();
    }

    @SafeVarargs
    private static SortedMap<String, Component> keyed(KafkaBrokers brokers, Optional<? extends Component>... others) {
        SortedMap<String, Component> components = new TreeMap<>();
        components.put("brokers", brokers);
        for (Optional<? extends Component> other : others) {
            other.ifPresent(component -> components.put(component.accept(Keys.INSTANCE), component));
        }
        return components;
    }

    /** Every component that there is, in the order in which they can start. */
    public List<Component> components() {
        List<Component> all = new ArrayList<>();
        controllers.ifPresent(all::add);
        zooKeeper.ifPresent(all::add);
        all.add(brokers);
        schemaRegistry.ifPresent(all::add);
        restProxy.ifPresent(all::add);
        connect.ifPresent(all::add);
        ksqlDb.ifPresent(all::add);
        controlCenter.ifPresent(all::add);
        mirrorMaker.ifPresent(all::add);
        return List.copyOf(all);
    }

    /**
     * The zone that a broker belongs into: round robin over the zones in the order of the ids, so that every zone has the
     * same number of brokers, give or take one.
     *
     * @throws IllegalArgumentException if no broker has the id
     */
    public Zone zoneOf(BrokerId broker) {
        int ordinal = broker.value() - brokers.firstId();
        brokers.podName(ordinal); // refuses an id that is not there
        return zones.get(ordinal % zones.size());
    }

    /** The key that a component stands under in a file. */
    private static final class Keys implements Component.Handler<String> {
        static final Keys INSTANCE = new Keys();

        @Override
        public String kafkaBrokers(KafkaBrokers brokers) {
            return "brokers";
        }

        @Override
        public String kraftControllers(KRaftControllers controllers) {
            return "controllers";
        }

        @Override
        public String zooKeeper(ZooKeeper zooKeeper) {
            return "zooKeeper";
        }

        @Override
        public String schemaRegistry(SchemaRegistry registry) {
            return "schemaRegistry";
        }

        @Override
        public String restProxy(RestProxy proxy) {
            return "restProxy";
        }

        @Override
        public String connectWorkers(ConnectWorkers workers) {
            return "connect";
        }

        @Override
        public String ksqlDb(KsqlDb ksqlDb) {
            return "ksqlDb";
        }

        @Override
        public String controlCenter(ControlCenter controlCenter) {
            return "controlCenter";
        }

        @Override
        public String mirrorMaker(MirrorMaker mirrorMaker) {
            return "mirrorMaker";
        }
    }
}
