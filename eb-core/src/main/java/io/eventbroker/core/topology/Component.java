package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A part of the platform that runs as a set of equal replicas. */
public sealed interface Component
        permits KafkaBrokers,
                KRaftControllers,
                ZooKeeper,
                SchemaRegistry,
                RestProxy,
                ConnectWorkers,
                KsqlDb,
                ControlCenter,
                MirrorMaker {

    /** A DNS label; the StatefulSet or Deployment, its Service, and the first part of each pod's name. */
    String name();

    String namespace();

    /** At least 1. */
    int replicas();

    Image image();

    Resources resources();

    Jvm jvm();

    /** The component's own properties, by key. */
    SortedMap<String, String> config();

    /** The volumes of each replica, if it keeps anything. */
    Optional<Storage> volumes();

    <R> R accept(Handler<R> handler);

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
    static Checks check(String name, String namespace, int replicas, Resources resources, Jvm jvm) {
        return Checks.begin()
                .require(isLabel(name), "name", "'" + name + "' is not a DNS label", LABEL)
                .require(isLabel(namespace), "namespace", "'" + namespace + "' is not a DNS label", LABEL)
                .require(replicas >= 1, "replicas", "must be at least 1, was " + replicas, "write 1 or more")
                .require(
                        jvm.heap().max().compareTo(resources.limits().memory()) < 0,
                        "jvm.heap.max",
                        "a heap of " + jvm.heap().max() + " leaves nothing of the memory limit of "
                                + resources.limits().memory(),
                        "lower the heap or raise resources.limits.memory");
    }

    /** What a DNS label is made of. */
    String LABEL = "use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";

    private static boolean isLabel(String text) {
        return text.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    }

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
