package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A part of the platform that runs as a set of equal replicas. All have a name, a {@link Workload} and listeners; each
 * record adds what it alone has.
 */
public sealed interface Component permits KafkaBrokers, KRaftControllers, ZooKeeper, Service {

    /** A DNS label; the StatefulSet or Deployment, its Service, and the first part of each pod's name. */
    String name();

    /** What it needs to run. */
    Workload workload();

    /** Where it is reached, with distinct names and ports; empty only for one that nobody connects to. */
    List<Listener> listeners();

    <R> R accept(Handler<R> handler);

    default String namespace() {
        return workload().namespace();
    }

    /** At least 1. */
    default int replicas() {
        return workload().replicas();
    }

    default Image image() {
        return workload().image();
    }

    default Resources resources() {
        return workload().resources();
    }

    default Jvm jvm() {
        return workload().jvm();
    }

    /** The component's own properties, by key. */
    default SortedMap<String, String> config() {
        return workload().config();
    }

    /** The volumes of each replica, if it keeps anything. */
    default Optional<Storage> volumes() {
        return workload().storage();
    }

    /** The key that it stands under in a file: {@code brokers}, {@code schemaRegistry}, … */
    default String key() {
        return accept(ComponentKeys.INSTANCE);
    }

    /** The listener of this name. */
    default Optional<Listener> listener(String listenerName) {
        return listeners().stream()
                .filter(listener -> listener.name().equals(listenerName))
                .findFirst();
    }

    /** The headless Service that gives each pod its DNS name: called like the component. */
    default String headlessService() {
        return name();
    }

    /** The name of a replica's pod, from 0. */
    default String podName(int ordinal) {
        if (ordinal < 0 || ordinal >= replicas()) {
            throw new IllegalArgumentException(
                    name() + " has the replicas 0 to " + (replicas() - 1) + ", not " + ordinal);
        }
        return name() + "-" + ordinal;
    }

    /**
     * The names by which a replica's pod is found in the cluster's DNS, shortest first: {@code pod}, {@code pod.service},
     * {@code pod.service.namespace}, {@code ….svc} and {@code ….svc.cluster.local}. They belong into its certificate.
     */
    default List<String> podHostNames(int ordinal) {
        String pod = podName(ordinal);
        String namespaced = pod + "." + headlessService() + "." + namespace();
        return List.of(
                pod, pod + "." + headlessService(), namespaced, namespaced + ".svc", namespaced + ".svc.cluster.local");
    }

    /** The names by which the component's Service is found: bootstrap addresses, without a port. */
    default List<String> serviceHostNames() {
        String namespaced = headlessService() + "." + namespace();
        return List.of(headlessService(), namespaced, namespaced + ".svc", namespaced + ".svc.cluster.local");
    }

    /** What holds for every component. */
    static Checks check(String name, Workload workload, List<Listener> listeners) {
        String namespace = workload.namespace();
        Jvm jvm = workload.jvm();
        Resources resources = workload.resources();
        Checks checks = Checks.begin()
                .require(TopologyChecks.isLabel(name), "name", "'" + name + "' is not a DNS label", LABEL)
                .require(
                        TopologyChecks.isLabel(namespace), "namespace", "'" + namespace + "' is not a DNS label", LABEL)
                .require(
                        workload.replicas() >= 1,
                        "replicas",
                        "must be at least 1, was " + workload.replicas(),
                        "write 1 or more")
                .require(
                        workload.replicas() <= MOST_REPLICAS,
                        "replicas",
                        "must be at most " + MOST_REPLICAS + ", was " + workload.replicas(),
                        "write a smaller number")
                .require(
                        jvm.heap().max().compareTo(resources.limits().memory()) < 0,
                        "jvm.heap.max",
                        "a heap of " + jvm.heap().max() + " leaves nothing of the memory limit of "
                                + resources.limits().memory(),
                        "lower the heap or raise resources.limits.memory");
        checkDistinct(workload.zones(), checks);
        checkDistinctListeners(listeners, checks);
        return checks;
    }

    /** As {@link #check}, for a component that loses its memory without volumes. */
    static Checks checkStateful(String name, Workload workload, List<Listener> listeners) {
        return check(name, workload, listeners)
                .require(
                        workload.storage().isPresent(),
                        "storage",
                        "is missing: what it holds must survive a restart",
                        "add 'storage: {data: {size: 100Gi}}'");
    }

    /** A quorum of an even number of replicas survives no more failures than one with a replica less. */
    static void checkOdd(int replicas, Checks checks) {
        checks.require(
                replicas % 2 == 1 || replicas < 1,
                "replicas",
                "an even number of " + replicas + " survives no more failures than " + (replicas - 1),
                "use an odd number");
    }

    static void checkDistinct(List<Zone> zones, Checks checks) {
        for (int i = 0; i < zones.size(); i++) {
            checks.require(
                    zones.indexOf(zones.get(i)) == i,
                    "zones[" + i + "]",
                    "'" + zones.get(i) + "' is named twice",
                    "name each zone once");
        }
    }

    private static void checkDistinctListeners(List<Listener> listeners, Checks checks) {
        Map<String, Integer> byName = new HashMap<>();
        Map<Integer, Integer> byPort = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            Integer named = byName.putIfAbsent(listener.name(), i);
            checks.require(
                    named == null,
                    "listeners[" + i + "].name",
                    "'" + listener.name() + "' is also the name of listeners[" + named + "]",
                    "give each listener its own name");
            Integer bound = byPort.putIfAbsent(listener.port(), i);
            checks.require(
                    bound == null,
                    "listeners[" + i + "].port",
                    "port " + listener.port() + " is also that of listeners[" + bound + "]",
                    "give each listener its own port");
        }
    }

    /** Far beyond the largest clusters, and few enough to be listed. */
    int MOST_REPLICAS = 10_000;

    /** So that the ids of all replicas are numbers that Kafka can hold. */
    int MOST_FIRST_ID = Integer.MAX_VALUE - MOST_REPLICAS;

    /** The first of ids that are numbered upwards: all must be numbers. */
    static void checkFirstId(int firstId, Checks checks) {
        int most = MOST_FIRST_ID;
        checks.require(firstId >= 0, "firstId", "must not be negative, was " + firstId, "write 0 or more")
                .require(
                        firstId <= most,
                        "firstId",
                        "must be at most " + most + ", was " + firstId,
                        "write a smaller number");
    }

    /** What a DNS label is made of. */
    String LABEL = "use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";

    /** One method per component. */
    interface Handler<R> {
        R kafkaBrokers(KafkaBrokers brokers);

        R kraftControllers(KRaftControllers controllers);

        R zooKeeper(ZooKeeper zooKeeper);

        R schemaRegistry(SchemaRegistry registry);

        R restProxy(RestProxy proxy);

        R connectWorkers(ConnectWorkers workers);

        R ksqlDb(KsqlDb ksqlDb);

        R controlCenter(ControlCenter controlCenter);

        R mirrorMaker(MirrorMaker mirrorMaker);
    }
}
