package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;

/**
 * The ensemble that coordinates brokers before Kafka 4.0. An odd number of replicas. Its volume for logs takes the
 * transaction log, which ZooKeeper wants apart from the snapshots.
 *
 * @param migration how far the cluster is on its way to KRaft; from {@link KraftMigration#CONTROLLERS_STARTED} on,
 *     {@code controllers} are there too
 */
public record ZooKeeper(
        @Inherit(suffix = "-zookeeper") String name,
        @Inline Workload workload,
        @Default("[{name: client, port: 2181}]") List<Listener> listeners,
        @Default("not-started") KraftMigration migration)
        implements Component {

    public ZooKeeper {
        listeners = List.copyOf(listeners);
        Checks checks = Component.checkStateful(name, workload, listeners);
        Component.checkOdd(workload.replicas(), checks);
        checks.require(!listeners.isEmpty(), "listeners", "there must be at least one", "name the client's port")
                .require(
                        migration != KraftMigration.FINISHED,
                        "migration",
                        "a finished migration leaves nothing for ZooKeeper to do",
                        "remove 'zooKeeper'")
                .end();
    }

    /** The volumes of each replica. */
    public Storage storage() {
        return workload.storage().orElseThrow();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.zooKeeper(this);
    }
}
