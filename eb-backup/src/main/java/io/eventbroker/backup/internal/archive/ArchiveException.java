package io.eventbroker.backup.internal.archive;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** An archive that is damaged, incomplete or of a version that cannot be read. */
public class ArchiveException extends EventBrokerException {
    public ArchiveException(String message) {
        super(message);
    }

    public ArchiveException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
