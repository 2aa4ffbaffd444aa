package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import io.eventbroker.core.kind.Range;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The quorum that keeps the cluster's metadata. An odd number of replicas.
 *
 * @param firstId the {@code node.id} of the first; apart from the brokers' ids
 * @param listener where the controllers talk to each other and to the brokers
 */
public record KRaftControllers(
        @Inherit(suffix = "-controller") String name,
        @Inline Workload workload,

        @Default("9990")
        @Range(min = 0, max = Component.MOST_FIRST_ID)
        @Description("The node.id of the first replica; the others follow")
        int firstId,

        @Default("{name: controller, port: 9074, authentication: mtls}")
        Listener listener)
        implements Component {

    /**
     * What controllers fill in from their own properties where a request for a new topic leaves it out
     * ({@code kafka.server.ControllerServer}): where they do not say, they have what the brokers are told.
     */
    public static final Set<String> AS_BROKERS = Set.of("default.replication.factor", "num.partitions");

    public KRaftControllers {
        Checks checks = Component.checkStateful(name, workload, List.of(listener));
        Component.checkOdd(workload.replicas(), checks);
        Topology.checkDistributionsRelease(workload, checks);
        Component.checkFirstId(firstId, checks);
        checks.end();
    }

    /** The ids, in the order of the pods. */
    public List<BrokerId> nodeIds() {
        return IntStream.range(0, replicas())
                .mapToObj(ordinal -> BrokerId.of(firstId + ordinal))
                .toList();
    }

    /**
     * The DNS names of a controller's pod, as {@link Component#podHostNames}.
     *
     * @throws IllegalArgumentException if no controller has the id
     */
    public List<String> hostNames(BrokerId id) {
        return podHostNames(id.value() - firstId);
    }

    /** The volumes of each replica. */
    public Storage storage() {
        return workload.storage().orElseThrow();
    }

    @Override
    public List<Listener> listeners() {
        return List.of(listener);
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.kraftControllers(this);
    }
}
