package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;
import java.util.Optional;

/** Workers of one Kafka Connect cluster. See {@link Component} for the components. */
public record ConnectWorkers(
        @Inherit(suffix = "-connect") String name,
        @Inline Workload workload,
        @Default("[{name: https, port: 8083}]") List<Listener> listeners,
        Optional<String> brokerListener)
        implements Service {

    public ConnectWorkers {
        listeners = List.copyOf(listeners);
        Service.check(name, workload, listeners).end();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.connectWorkers(this);
    }
}
