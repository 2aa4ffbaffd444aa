package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Storage;
import java.util.List;

/**
 * The nodes of one StatefulSet, all alike but for their ids.
 *
 * @param role {@code broker} or {@code controller}
 * @param firstId of the pod with the ordinal 0; the others count on from it
 * @param listeners that the nodes open
 */
record NodeSet(Component component, String role, Storage storage, int firstId, List<Listener> listeners) {
    static NodeSet brokers(KafkaBrokers brokers) {
        return new NodeSet(brokers, "broker", brokers.storage(), brokers.firstId(), brokers.listeners());
    }

    static NodeSet controllers(KRaftControllers quorum) {
        return new NodeSet(quorum, "controller", quorum.storage(), quorum.firstId(), List.of(quorum.listener()));
    }

    boolean isBrokers() {
        return role.equals("broker");
    }
}
