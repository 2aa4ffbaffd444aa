package io.eventbroker.core.topology;

import io.eventbroker.core.DataSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Valid values from a seed, of every form that the records know. */
public final class TopologyGenerator {
    /** The environment that they all stand in. */
    static final Environment ANY = new Environment("any", "", 1, Optional.empty(), 1, false);

    private static final List<KraftMigration> RUNNING = List.of(
            KraftMigration.NOT_STARTED,
            KraftMigration.CONTROLLERS_STARTED,
            KraftMigration.BROKERS_REGISTERED,
            KraftMigration.DUAL_WRITE);

    private final Random random;
    private List<Zone> zones = List.of();
    private List<Listener> brokerListeners = List.of();

    public TopologyGenerator(long seed) {
        this.random = new Random(seed);
    }

    public Topology topology(String name) {
        return topology(name, true);
    }

    /** With a MirrorMaker, so that flows may end there. */
    Topology cluster(String name) {
        Topology any = topology(name, false);
        return any.mirrorMaker().isPresent() ? any : cluster(name);
    }

    private Topology topology(String name, boolean mayMigrate) {
        zones = zones("zone-", 1 + random.nextInt(4));
        brokerListeners = listeners(true, 1 + random.nextInt(3), 9092);
        String namespace = random.nextBoolean() ? "event-broker" : word();
        boolean old = mayMigrate && random.nextBoolean();
        boolean confluent = random.nextBoolean();
        Version version = version(confluent, old);
        Distribution distribution = confluent ? new Distribution.Confluent(version) : new Distribution.Apache(version);
        KafkaBrokers brokers = new KafkaBrokers(
                random.nextBoolean() ? name : word(),
                workload(namespace, 1 + random.nextInt(9), true, Optional.empty()),
                random.nextInt(3),
                brokerListeners);
        KraftMigration migration = old ? any(RUNNING) : KraftMigration.FINISHED;
        Network network = network();
        Optional<SchemaRegistry> registry = maybe(() -> new SchemaRegistry(
                name + "-schema-registry", workload(namespace), listeners(false, 1, 8081), brokerListener()));
        Optional<RestProxy> rest =
                network.gateways().isEmpty() ? maybe(() -> rest(name, namespace)) : Optional.of(rest(name, namespace));
        return new Topology(
                name,
                map(this::word, this::text),
                "any",
                namespace,
                distribution,
                zones,
                security(),
                network,
                monitoring(),
                brokers,
                migration.needsControllers() ? Optional.of(controllers(name, namespace)) : Optional.empty(),
                migration.needsZooKeeper() ? Optional.of(zooKeeper(name, namespace, migration)) : Optional.empty(),
                registry,
                rest,
                maybe(() ->
                        new ConnectWorkers(word(), workload(namespace), listeners(false, 2, 8083), brokerListener())),
                maybe(() ->
                        new KsqlDb(name + "-ksqldb", workload(namespace), listeners(false, 1, 8088), brokerListener())),
                maybe(() -> new ControlCenter(
                        name + "-control-center",
                        workload(namespace, 1, random.nextBoolean(), Optional.of(Version.of(2, 9))),
                        listeners(false, 1, 9021),
                        brokerListener())),
                maybe(() -> new MirrorMaker(
                        name + "-mirror-maker",
                        workload(namespace),
                        random.nextBoolean() ? List.of() : listeners(false, 1, 8084),
                        brokerListener())));
    }

    private RestProxy rest(String name, String namespace) {
        return new RestProxy(name + "-rest-proxy", workload(namespace), listeners(false, 1, 8082), brokerListener());
    }

    private KRaftControllers controllers(String name, String namespace) {
        return new KRaftControllers(
                name + "-controller",
                workload(namespace, 1 + 2 * random.nextInt(3), true, Optional.empty()),
                100 + random.nextInt(9900),
                listeners(false, 1, 9074).get(0));
    }

    private ZooKeeper zooKeeper(String name, String namespace, KraftMigration migration) {
        return new ZooKeeper(
                name + "-zookeeper",
                workload(namespace, 1 + 2 * random.nextInt(3), true, maybe(() -> Version.of(3, 8))),
                listeners(false, 1, 2181),
                migration);
    }

    private Version version(boolean confluent, boolean old) {
        int minor = old ? 7 + random.nextInt(3) : random.nextInt(4);
        return new Version((old ? 3 : 4) + (confluent ? 4 : 0), minor, random.nextInt(5));
    }

    private Workload workload(String namespace) {
        return workload(namespace, 1 + random.nextInt(5), random.nextBoolean(), maybe(() -> Version.of(3, 9)));
    }

    private Workload workload(String namespace, int replicas, boolean stored, Optional<Version> version) {
        int heap = 1 + random.nextInt(16);
        return new Workload(
                random.nextInt(4) == 0 ? word() : namespace,
                replicas,
                version,
                new Image("registry.example.com/team/" + word() + ":" + random.nextInt(9), maybe(() -> "init:1")),
                new Resources(
                        new Resources.Amount(new Cpu(1 + random.nextInt(4000)), DataSize.ofGibibytes(heap + 1)),
                        new Resources.Amount(new Cpu(4000 + random.nextInt(4000)), DataSize.ofGibibytes(heap + 9))),
                new Jvm(
                        new Jvm.Heap(DataSize.ofMebibytes(512), DataSize.ofGibibytes(heap)),
                        random.nextBoolean() ? List.of() : List.of("-XX:+UseG1GC", "-Dtext=" + text().trim())),
                stored ? Optional.of(new Storage(volume(), maybe(this::volume))) : Optional.empty(),
                random.nextInt(3) == 0 ? zones.subList(0, 1 + random.nextInt(zones.size())) : List.of(),
                map(() -> "x." + word(), this::text));
    }

    private Storage.Volume volume() {
        int size = 1 + random.nextInt(1000);
        return new Storage.Volume(
                DataSize.ofGibibytes(size),
                maybe(this::word),
                maybe(() -> new Storage.Expansion(
                        1 + random.nextInt(99), 1 + random.nextInt(100), DataSize.ofGibibytes(size + 1L))));
    }

    private List<Listener> listeners(boolean kafka, int count, int port) {
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean tls = random.nextInt(4) > 0;
            List<Listener.Authentication> possible = new ArrayList<>(List.of(Listener.Authentication.NONE));
            if (tls) {
                possible.add(Listener.Authentication.MTLS);
                possible.add(Listener.Authentication.PLAIN);
                possible.add(Listener.Authentication.OAUTHBEARER);
            }
            if (kafka) {
                possible.add(Listener.Authentication.SCRAM_SHA_256);
                possible.add(Listener.Authentication.SCRAM_SHA_512);
            }
            listeners.add(new Listener(
                    "l" + i + (random.nextBoolean() ? "" : "-x"),
                    port + 1000 * i,
                    any(List.of(Listener.Exposure.values())),
                    tls,
                    any(possible)));
        }
        return List.copyOf(listeners);
    }

    private Optional<String> brokerListener() {
        return maybe(() -> any(brokerListeners).name());
    }

    private Network network() {
        return new Network(
                maybe(() -> word() + ".example.com"),
                any(List.of(Network.Access.LOAD_BALANCER, Network.Access.PRIVATE_LINK, Network.Access.INGRESS)),
                maybe(() -> new Network.Mesh("m" + text(), random.nextBoolean())),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Network.Gateway(
                                "g" + text(),
                                any(List.of(Network.Purpose.values())),
                                random.nextBoolean(),
                                Set.of("restProxy"))));
    }

    private Security security() {
        return new Security(
                any(List.of(Security.Authorization.values())),
                Set.copyOf(list(() -> "User:CN=" + text().strip() + "x")),
                random.nextBoolean() ? Set.of() : EnumSet.allOf(Security.Protocol.class),
                random.nextBoolean() ? "1.2" : "1.3",
                random.nextBoolean() ? new TreeMap<>() : new TreeMap<>(Map.of("brokers", "User:kafka")));
    }

    private Monitoring monitoring() {
        return new Monitoring(
                maybe(() -> new Monitoring.Metrics(
                        7000 + random.nextInt(900), Duration.ofSeconds(1 + random.nextInt(600)))),
                random.nextBoolean(),
                Set.copyOf(list(() -> any(List.of(Monitoring.Alert.values())))));
    }

    MultiRegion regions(List<Topology> clusters) {
        boolean activeActive = random.nextBoolean();
        List<ReplicationFlow> flows = new ArrayList<>();
        for (int from = 0; from < clusters.size(); from++) {
            for (int to = 0; to < clusters.size(); to++) {
                if (from != to && (activeActive || from < to) && random.nextBoolean()) {
                    flows.add(flow(clusters.get(from), clusters.get(to)));
                }
            }
        }
        return new MultiRegion(
                word(),
                activeActive ? MultiRegion.Mode.ACTIVE_ACTIVE : MultiRegion.Mode.ACTIVE_PASSIVE,
                clusters.stream()
                        .map(cluster -> new MultiRegion.Region("r" + text(), cluster.name()))
                        .toList(),
                flows);
    }

    private ReplicationFlow flow(Topology from, Topology to) {
        boolean link = to.distribution() instanceof Distribution.Confluent && random.nextBoolean();
        return new ReplicationFlow(
                from.name(),
                to.name(),
                link
                        ? new Replicator.ClusterLink(word(), Replicator.Naming.PREFIXED)
                        : new Replicator.MirrorMaker(
                                maybe(() -> random.nextBoolean() ? from.name() : to.name()),
                                Replicator.Naming.PREFIXED),
                random.nextBoolean() ? List.of("*") : List.of(word() + ".*", text()));
    }

    private List<Zone> zones(String prefix, int count) {
        List<Zone> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Zone(prefix + i));
        }
        return List.copyOf(all);
    }

    private String word() {
        return "w" + Integer.toString(random.nextInt(1_000_000_000), 36);
    }

    private String text() {
        return any(List.of("plain", "12", "yes", " a: b", "#", "'\"", "é\n", "{x}", "- y", "~"));
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T extends Comparable<T>> List<T> list(Supplier<T> item) {
        TreeSet<T> distinct = new TreeSet<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            distinct.add(item.get());
        }
        return List.copyOf(distinct);
    }

    private SortedMap<String, String> map(Supplier<String> key, Supplier<String> value) {
        SortedMap<String, String> map = new TreeMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            map.put(key.get(), value.get());
        }
        return map;
    }
}
