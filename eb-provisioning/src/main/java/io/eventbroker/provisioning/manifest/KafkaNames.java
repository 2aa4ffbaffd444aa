package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import java.util.Locale;

/** What nodes and listeners are called, by Kafka and in DNS. */
final class KafkaNames {
    private KafkaNames() {}

    /** Kafka writes listener names in capitals, and reads their properties in small letters. */
    static String listener(Listener listener) {
        return listener.name().toUpperCase(Locale.ROOT);
    }

    /** The name of a pod inside the Kubernetes cluster. */
    static String node(Component component, int ordinal) {
        return component.podName(ordinal) + "." + component.headlessService() + "." + component.namespace()
                + ".svc.cluster.local";
    }

    /** The name of a broker for clients outside the Kubernetes cluster; the domain has been checked. */
    static String external(Topology topology, Listener listener, String broker) {
        return listener.name() + "-" + broker + "."
                + topology.network().externalDomain().orElse("invalid");
    }

    /** The name that clients outside begin with. */
    static String external(Topology topology, Listener listener) {
        return listener.name() + "." + topology.network().externalDomain().orElse("invalid");
    }
}
