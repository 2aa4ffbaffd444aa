package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;
import java.util.Optional;

/**
 * Confluent's management and monitoring interface. Up to Confluent Platform 7.9 it comes with the platform; the one that
 * 8.0 works with is a product with a release of its own ({@code version}), from 2.0 on.
 *
 * <p>See {@link Component} for the components.
 */
public record ControlCenter(
        @Inherit(suffix = "-control-center") String name,
        @Inline Workload workload,
        @Default("[{name: https, port: 9021}]") List<Listener> listeners,
        Optional<String> brokerListener)
        implements Service {

    public ControlCenter {
        listeners = List.copyOf(listeners);
        Service.check(name, workload, listeners).end();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.controlCenter(this);
    }
}
