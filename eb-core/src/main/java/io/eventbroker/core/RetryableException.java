package io.eventbroker.core;

import org.jspecify.annotations.Nullable;

/** A request that was refused or not sent, for a reason that is likely to pass: nothing has changed, try again. */
public class RetryableException extends EventBrokerException {
    public RetryableException(String message) {
        super(message);
    }

    public RetryableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
