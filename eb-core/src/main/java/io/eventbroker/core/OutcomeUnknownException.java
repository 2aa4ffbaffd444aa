package io.eventbroker.core;

import org.jspecify.annotations.Nullable;

/** A request whose answer was lost: what it asked for may have happened. Look before trying again. */
public class OutcomeUnknownException extends EventBrokerException {
    public OutcomeUnknownException(String message) {
        super(message);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
