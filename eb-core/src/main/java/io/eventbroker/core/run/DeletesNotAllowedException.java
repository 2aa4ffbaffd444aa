package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;

/** A plan with more destructive actions than the host has allowed. Nothing was done. */
public class DeletesNotAllowedException extends EventBrokerException {
    public DeletesNotAllowedException(String message) {
        super(message);
    }
}
