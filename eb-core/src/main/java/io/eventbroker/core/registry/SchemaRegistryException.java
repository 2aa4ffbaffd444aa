package io.eventbroker.core.registry;

import io.eventbroker.core.EventBrokerException;

/** A registry refused a request, or answered what no Schema Registry answers. */
public final class SchemaRegistryException extends EventBrokerException {
    private static final long serialVersionUID = 1;

    private final int errorCode;

    SchemaRegistryException(String message, int errorCode) {
        super(message);
        this.errorCode = errorCode;
    }

    /**
     * The registry's {@code error_code}, such as 40401 or 42201, or the HTTP status where it gave none. What it means
     * stands in the message.
     */
    public int errorCode() {
        return errorCode;
    }
}
