package io.eventbroker.backup.store;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** An object that was asked for is not in the store, or ends before the range that was asked for. */
public class NoSuchObjectException extends EventBrokerException {
    public NoSuchObjectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
