package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The quorum that keeps the cluster's metadata. An odd number of replicas.
 *
 * @param firstId the {@code node.id} of the first; apart from the brokers' ids
 * @param listener where the controllers talk to each other and to the brokers
 */
public record KRaftControllers(
        @Inherit(suffix = "-controller") String name,
        @Inherit String namespace,
        int replicas,
        @Default("9990") int firstId,
        Image image,
        Resources resources,
        Jvm jvm,
        Storage storage,

        @Default("{name: controller, port: 9074, authentication: mtls}")
        Listener listener,

        SortedMap<String, String> config)
        implements Component {

    public KRaftControllers {
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        Component.check(name, namespace, replicas, resources, jvm)
                .require(
                        replicas % 2 == 1 || replicas < 1,
                        "replicas",
                        "an even number of " + replicas + " survives no more failures than " + (replicas - 1),
                        "use an odd number")
                .require(firstId >= 0, "firstId", "must not be negative, was " + firstId, "write 0 or more")
                .end();
    }

    /** The ids, in the order of the pods. */
    public List<BrokerId> nodeIds() {
        return IntStream.range(0, replicas)
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

    @Override
    public Optional<Storage> volumes() {
        return Optional.of(storage);
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.kraftControllers(this);
    }
}
