package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;
import java.util.Optional;

/**
 * MirrorMaker 2, which copies topics between clusters as {@link MultiRegion} says. It runs beside the cluster that it
 * writes to. Nobody connects to it unless it is given listeners for its REST interface.
 *
 * <p>See {@link Component} for the components.
 */
public record MirrorMaker(
        @Inherit(suffix = "-mirror-maker") String name,
        @Inline Workload workload,
        List<Listener> listeners,
        Optional<String> brokerListener)
        implements Service {

    public MirrorMaker {
        listeners = List.copyOf(listeners);
        Service.check(name, workload, listeners).end();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.mirrorMaker(this);
    }
}
