package io.eventbroker.core.connect;

import io.eventbroker.core.kind.Checks;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A connector.
 *
 * @param config as it was given, references such as {@code ${file:…}} unresolved; secrets that were given as such stand in
 *     it, see {@link ConnectCluster#secretKeys}
 * @param trace why it failed, as the worker writes it: may quote records and properties
 * @param tasks by id
 */
public record Connector(
        String name,
        SortedMap<String, String> config,
        ConnectorState state,
        Optional<String> trace,
        List<ConnectorTask> tasks) {
    public Connector {
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        tasks = List.copyOf(tasks);
        Checks.begin().require(!name.isEmpty(), "name", "must not be empty", "").end();
    }

    /** Without values of its configuration, which may be secret, and without the trace. */
    @Override
    public String toString() {
        return "connector " + name + " " + state + " " + config.keySet() + " " + tasks;
    }
}
