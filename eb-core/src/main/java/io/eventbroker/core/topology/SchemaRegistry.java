package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;
import java.util.Optional;

/** Holds the schemas of the topics. See {@link Component} for the components. */
public record SchemaRegistry(
        @Inherit(suffix = "-schema-registry") String name,
        @Inline Workload workload,
        @Default("[{name: https, port: 8081}]") List<Listener> listeners,
        Optional<String> brokerListener)
        implements Service {

    public SchemaRegistry {
        listeners = List.copyOf(listeners);
        Service.check(name, workload, listeners).end();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.schemaRegistry(this);
    }
}
