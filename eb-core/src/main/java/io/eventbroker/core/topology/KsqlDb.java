package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Inherit;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Stream processing in SQL. See {@link Component} for the components. */
public record KsqlDb(
        @Inherit(suffix = "-ksqldb") String name,
        @Inherit String namespace,
        int replicas,
        Image image,
        Resources resources,
        Jvm jvm,
        Optional<Storage> storage,
        SortedMap<String, String> config)
        implements Component {

    public KsqlDb {
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        Component.check(name, namespace, replicas, resources, jvm).end();
    }

    @Override
    public Optional<Storage> volumes() {
        return storage;
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.ksqlDb(this);
    }
}
