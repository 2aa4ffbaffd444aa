package io.eventbroker.core.cluster;

import io.eventbroker.core.EventBrokerException;

/**
 * A state was asked for what it does not hold: the part was not read, or the right to read it was missing. So what is not
 * known is never taken for what is not there.
 */
public final class NotReadException extends EventBrokerException {
    public NotReadException(String message) {
        super(message);
    }
}
