package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Network;
import io.eventbroker.core.topology.Service;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener, and where it stands.
 *
 * @param path of the listener in the topology
 */
record Listening(Component component, Listener listener, String path) {

    /** Every listener of a cluster. */
    static List<Listening> of(Topology topology) {
        List<Listening> all = new ArrayList<>();
        topology.componentsByKey().forEach((key, component) -> {
            for (int i = 0; i < component.listeners().size(); i++) {
                String path = component instanceof KRaftControllers ? "listener" : "listeners[" + i + "]";
                all.add(new Listening(component, component.listeners().get(i), "spec." + key + "." + path));
            }
        });
        return all;
    }

    /** Those of the brokers. */
    static List<Listening> ofBrokers(Topology topology) {
        return of(topology).stream()
                .filter(one -> one.component() instanceof KafkaBrokers)
                .toList();
    }

    boolean isExternal() {
        return listener.exposure() == Listener.Exposure.EXTERNAL;
    }

    /** Whether it speaks HTTP rather than a protocol of Kafka or ZooKeeper. */
    boolean isHttp() {
        return component instanceof Service;
    }

    boolean is(Listener.Authentication authentication) {
        return listener.authentication() == authentication;
    }

    /** Whether a mesh encrypts and authenticates what runs beside the brokers. */
    static boolean isMeshed(Topology topology) {
        return topology.network().mesh().filter(Network.Mesh::mutualTls).isPresent();
    }

    /** The property that holds for this listener alone. */
    String property(String key) {
        return "listener.name." + listener.name() + "." + key;
    }

    @Override
    public String toString() {
        return "the listener '" + listener.name() + "' of " + component.key();
    }
}
