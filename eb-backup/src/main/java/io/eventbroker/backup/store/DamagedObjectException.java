package io.eventbroker.backup.store;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/**
 * An object is there and is not what was once written under its name: altered, cut short, put in another one's place, or not
 * encrypted where everything is.
 */
public class DamagedObjectException extends EventBrokerException {
    public DamagedObjectException(String message) {
        super(message);
    }

    public DamagedObjectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
