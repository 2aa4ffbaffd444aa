package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import java.util.List;
import java.util.Optional;

/** Stream processing in SQL. See {@link Component} for the components. */
public record KsqlDb(
        @Inherit(suffix = "-ksqldb") String name,
        @Inline Workload workload,
        @Default("[{name: https, port: 8088}]") List<Listener> listeners,
        Optional<String> brokerListener)
        implements Service {

    public KsqlDb {
        listeners = List.copyOf(listeners);
        Service.check(name, workload, listeners).end();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.ksqlDb(this);
    }
}
