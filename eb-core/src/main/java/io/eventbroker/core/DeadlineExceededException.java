package io.eventbroker.core;

import org.jspecify.annotations.Nullable;

/** A wait that lasted longer than the caller's {@link Deadline} allowed. What was waited for may still go on. */
public class DeadlineExceededException extends EventBrokerException {
    public DeadlineExceededException(String message) {
        super(message);
    }

    public DeadlineExceededException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
