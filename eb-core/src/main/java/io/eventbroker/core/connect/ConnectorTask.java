package io.eventbroker.core.connect;

import java.util.Optional;

/**
 * A task of a connector.
 *
 * @param id from 0
 * @param workerId where it runs, as {@code host:port} of the worker's REST API
 * @param trace why it failed, as the worker writes it: may quote records and properties
 */
public record ConnectorTask(int id, ConnectorState state, String workerId, Optional<String> trace) {
    /** Without the trace. */
    @Override
    public String toString() {
        return "task " + id + " " + state + " at " + workerId;
    }
}
