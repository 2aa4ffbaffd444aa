package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/**
 * A journal that cannot be used: held by another run, kept for another plan, damaged, or not writable. The message says
 * which, and what to do.
 */
public class JournalException extends EventBrokerException {
    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
