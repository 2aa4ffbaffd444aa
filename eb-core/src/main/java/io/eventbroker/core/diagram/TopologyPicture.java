package io.eventbroker.core.diagram;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.ConnectWorkers;
import io.eventbroker.core.topology.ControlCenter;
import io.eventbroker.core.topology.Dependency;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.KsqlDb;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.MirrorMaker;
import io.eventbroker.core.topology.Network;
import io.eventbroker.core.topology.RestProxy;
import io.eventbroker.core.topology.SchemaRegistry;
import io.eventbroker.core.topology.Service;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import io.eventbroker.core.topology.ZooKeeper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One cluster as boxes and arrows. */
final class TopologyPicture {
    /** With more brokers in a zone, a single box stands for all of them. */
    static final int BROKERS_IN_A_ZONE = 12;

    private static final String PRODUCERS = "producers";
    private static final String CONSUMERS = "consumers";

    private final Topology topology;
    private final KafkaBrokers brokers;
    private final List<Arrow> arrows = new ArrayList<>();

    TopologyPicture(Topology topology) {
        this.topology = topology;
        this.brokers = topology.brokers();
    }

    Picture draw() {
        List<Box> boxes = new ArrayList<>();
        boxes.add(Box.of(CONSUMERS, Box.Look.CLIENT, "Consumer applications"));
        boxes.add(Box.of(PRODUCERS, Box.Look.CLIENT, "Producer applications"));
        boxes.addAll(ways());
        boxes.add(cluster());
        dependencies();
        return new Picture(boxes, arrows);
    }

    // What clients pass.

    private List<Box> ways() {
        List<Box> ways = new ArrayList<>();
        Network network = topology.network();
        Optional<String> mesh = network.mesh().map(any -> "mesh");
        for (int i = 0; i < network.gateways().size(); i++) {
            Network.Gateway gateway = network.gateways().get(i);
            String id = "gateway" + i;
            ways.add(Box.of(
                    id,
                    Box.Look.GATEWAY,
                    purpose(gateway) + (gateway.firewall() ? " with firewall" : ""),
                    gateway.name()));
            if (gateway.purpose() == Network.Purpose.SSO) {
                // people, not applications, come this way
                String operators = "operators" + i;
                ways.add(ways.size() - 1, Box.of(operators, Box.Look.CLIENT, "Operators"));
                arrow(operators, id);
            } else {
                arrow(CONSUMERS, id);
                arrow(PRODUCERS, id);
            }
            gateway.to().stream().sorted().forEach(key -> arrow(id, key));
            mesh.filter(other -> gateway.purpose() != Network.Purpose.SSO)
                    .ifPresent(other -> arrows.add(Arrow.of(id, other, Arrow.Style.BOTH_WAYS)));
        }
        network.mesh()
                .ifPresent(found -> ways.add(Box.of(
                        "mesh",
                        Box.Look.GATEWAY,
                        found.mutualTls() ? "Service mesh, mutual TLS" : "Service mesh",
                        found.name())));
        boolean external = false;
        for (int i = 0; i < brokers.listeners().size(); i++) {
            Listener listener = brokers.listeners().get(i);
            if (listener.exposure() == Listener.Exposure.EXTERNAL) {
                String id = "access" + i;
                List<String> lines = new ArrayList<>(List.of(words(network.access())));
                topology.externalBootstrapName(listener).ifPresent(lines::add);
                ways.add(new Box(id, Box.Look.GATEWAY, lines, List.of()));
                arrow(CONSUMERS, id);
                arrow(PRODUCERS, id);
                arrow(id, listener(i));
                external = true;
            }
        }
        int inside = internal();
        if (mesh.isPresent()) {
            arrow(PRODUCERS, "mesh");
            arrow(CONSUMERS, "mesh");
            if (inside >= 0) {
                arrow("mesh", listener(inside));
            }
        } else if (!external && inside >= 0) {
            arrow(PRODUCERS, listener(inside));
            arrow(CONSUMERS, listener(inside));
        }
        return ways;
    }

    private int internal() {
        return brokers.internalListener().map(brokers.listeners()::indexOf).orElse(-1);
    }

    private static String purpose(Network.Gateway gateway) {
        return switch (gateway.purpose()) {
            case API -> "API gateway";
            case SSO -> "Single sign-on";
            case INGRESS -> "Ingress";
        };
    }

    private static String words(Network.Access access) {
        return switch (access) {
            case INTERNAL_ONLY -> "Internal";
            case LOAD_BALANCER -> "Load balancer";
            case PRIVATE_LINK -> "Private link";
            case INGRESS -> "Ingress";
        };
    }

    // What runs.

    private Box cluster() {
        List<Box> inside = new ArrayList<>();
        for (Component component : topology.components()) {
            if (component instanceof Service) {
                inside.add(service(component));
            }
        }
        inside.add(Box.of(brokers.key(), Box.Look.BROKERS, "Kafka brokers", brokers.name())
                .holding(brokerBoxes(topology, "", listenerBoxes(), arrows)));
        for (Component component : topology.components()) {
            if (component instanceof KRaftControllers || component instanceof ZooKeeper) {
                inside.add(service(component));
            }
        }
        return Box.of(
                        "cluster",
                        Box.Look.CLUSTER,
                        "Cluster " + topology.name(),
                        topology.distribution() + ", " + topology.environment())
                .holding(inside);
    }

    private Box service(Component component) {
        List<String> lines = new ArrayList<>();
        lines.add(component.accept(Titles.INSTANCE));
        lines.add(component.name() + " × " + component.replicas());
        component.listeners().forEach(listener -> lines.add(described(listener)));
        String used = topology.dependencies().stream()
                .filter(dependency -> dependency.from().equals(component) && dependency.to() instanceof Service)
                .map(dependency -> dependency.to().accept(Titles.INSTANCE))
                .collect(Collectors.joining(", "));
        if (!used.isEmpty()) {
            // arrows between services would put them below each other, and nobody would find the brokers
            lines.add("uses " + used);
        }
        lines.add("zones "
                + String.join(
                        ", ",
                        topology.zonesOf(component).stream().map(Zone::value).toList()));
        return new Box(
                component.key(), component instanceof Service ? Box.Look.SERVICE : Box.Look.QUORUM, lines, List.of());
    }

    private List<Box> listenerBoxes() {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < brokers.listeners().size(); i++) {
            Listener listener = brokers.listeners().get(i);
            boxes.add(Box.of(
                    listener(i),
                    Box.Look.LISTENER,
                    "Listener " + listener.name() + " :" + listener.port(),
                    protocol(listener)));
        }
        return boxes;
    }

    /** The zones with their brokers, below the boxes that stand above them. */
    static List<Box> brokerBoxes(Topology topology, String prefix, List<Box> above, List<Arrow> arrows) {
        KafkaBrokers brokers = topology.brokers();
        Map<Zone, List<String>> byZone = new LinkedHashMap<>();
        topology.zonesOf(brokers).forEach(zone -> byZone.put(zone, new ArrayList<>()));
        for (int ordinal = 0; ordinal < brokers.replicas(); ordinal++) {
            List<String> pods = byZone.get(topology.zoneOf(brokers, ordinal));
            if (pods != null) {
                pods.add(brokers.podName(ordinal));
            }
        }
        List<Box> boxes = new ArrayList<>(above);
        int number = 0;
        for (Map.Entry<Zone, List<String>> zone : byZone.entrySet()) {
            List<Box> pods = pods(prefix + "zone" + number, zone.getValue());
            boxes.add(Box.of(
                            prefix + "zone" + number,
                            Box.Look.ZONE,
                            "Zone " + zone.getKey().value())
                    .holding(pods));
            // listeners stand in a row above the zones, and brokers below each other
            List<String> column = new ArrayList<>();
            if (!above.isEmpty()) {
                column.add(above.get(number * above.size() / byZone.size()).id());
            }
            pods.forEach(pod -> column.add(pod.id()));
            for (int i = 0; i + 1 < column.size(); i++) {
                arrows.add(Arrow.of(column.get(i), column.get(i + 1), Arrow.Style.ABOVE));
            }
            number++;
        }
        return boxes;
    }

    private static List<Box> pods(String zone, List<String> names) {
        if (names.size() > BROKERS_IN_A_ZONE) {
            return List.of(Box.of(
                    zone + "brokers",
                    Box.Look.BROKER,
                    names.get(0) + " … " + names.get(names.size() - 1),
                    names.size() + " brokers"));
        }
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            boxes.add(Box.of(zone + "broker" + i, Box.Look.BROKER, names.get(i)));
        }
        return boxes;
    }

    // Who connects to whom.

    private void dependencies() {
        for (Dependency dependency : topology.dependencies()) {
            if (dependency.from() == brokers) {
                // all of them connect; what coordinates them stands below the lowest
                arrows.add(Arrow.of(brokers.key(), dependency.to().key(), Arrow.Style.CONNECTS, "metadata"));
                arrows.add(Arrow.of(lowestBroker(), dependency.to().key(), Arrow.Style.ABOVE));
            } else if (dependency.to() == brokers) {
                arrow(
                        dependency.from().key(),
                        dependency
                                .over()
                                .map(over -> listener(brokers.listeners().indexOf(over)))
                                .orElse(brokers.key()));
            } else if (!(dependency.from() instanceof Service)) {
                arrow(dependency.from().key(), dependency.to().key());
            }
        }
    }

    private String lowestBroker() {
        int zones = topology.zonesOf(brokers).size();
        int inFirst = (brokers.replicas() + zones - 1) / zones;
        return "zone0" + (inFirst > BROKERS_IN_A_ZONE ? "brokers" : "broker" + (inFirst - 1));
    }

    private void arrow(String from, String to) {
        arrows.add(Arrow.of(from, to, Arrow.Style.CONNECTS));
    }

    private static String listener(int index) {
        return "listener" + index;
    }

    private static String described(Listener listener) {
        return ":" + listener.port() + " " + (listener.tls() ? "TLS" : "no TLS") + authentication(listener);
    }

    private static String protocol(Listener listener) {
        return listener.exposure().name().toLowerCase(Locale.ROOT) + ", " + listener.securityProtocol()
                + authentication(listener);
    }

    private static String authentication(Listener listener) {
        return listener.authentication() == Listener.Authentication.NONE
                ? ""
                : ", "
                        + listener.authentication()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-');
    }

    /** What people call a component. */
    private static final class Titles implements Component.Handler<String> {
        static final Titles INSTANCE = new Titles();

        @Override
        public String kafkaBrokers(KafkaBrokers brokers) {
            return "Kafka brokers";
        }

        @Override
        public String kraftControllers(KRaftControllers controllers) {
            return "KRaft controllers";
        }

        @Override
        public String zooKeeper(ZooKeeper zooKeeper) {
            return "ZooKeeper";
        }

        @Override
        public String schemaRegistry(SchemaRegistry registry) {
            return "Schema Registry";
        }

        @Override
        public String restProxy(RestProxy proxy) {
            return "REST Proxy";
        }

        @Override
        public String connectWorkers(ConnectWorkers workers) {
            return "Kafka Connect";
        }

        @Override
        public String ksqlDb(KsqlDb ksqlDb) {
            return "ksqlDB";
        }

        @Override
        public String controlCenter(ControlCenter controlCenter) {
            return "Control Center";
        }

        @Override
        public String mirrorMaker(MirrorMaker mirrorMaker) {
            return "MirrorMaker 2";
        }
    }
}
