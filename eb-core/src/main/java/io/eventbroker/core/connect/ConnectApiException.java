package io.eventbroker.core.connect;

import io.eventbroker.core.EventBrokerException;

/** A Connect worker refused a request, or answered what no Connect worker answers. */
public final class ConnectApiException extends EventBrokerException {
    private static final long serialVersionUID = 1;

    private final int status;

    ConnectApiException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The HTTP status; 200 for an answer that makes no sense. */
    public int status() {
        return status;
    }
}
