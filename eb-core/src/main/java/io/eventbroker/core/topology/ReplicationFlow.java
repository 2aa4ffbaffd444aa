package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import java.util.List;

/**
 * Topics that are copied from one cluster to another.
 *
 * @param from the cluster that is read
 * @param to the cluster that is written to
 * @param over what copies them
 * @param topics which; patterns with {@code *}
 */
public record ReplicationFlow(
        @Description("The name of the Topology that is read")
        String from,

        @Description("The name of the Topology that is written to")
        String to,

        Replicator over,
        @Default("['*']") List<String> topics) {
    public ReplicationFlow {
        topics = List.copyOf(topics);
        Checks.begin()
                .require(!from.equals(to), "to", "'" + to + "' would copy to itself", "name another cluster")
                .require(!topics.isEmpty(), "topics", "a flow of no topics does nothing", "write ['*'] for all")
                .end();
    }

    /** {@code kafka-a → kafka-b}. */
    @Override
    public String toString() {
        return from + " → " + to;
    }
}
