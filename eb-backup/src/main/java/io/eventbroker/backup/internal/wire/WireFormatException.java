package io.eventbroker.backup.internal.wire;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** Bytes from a broker or an archive that are not what the protocol says. */
public class WireFormatException extends EventBrokerException {
    public WireFormatException(String message) {
        super(message);
    }

    public WireFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
