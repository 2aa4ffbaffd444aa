package io.eventbroker.core;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that the SDK throws on purpose. The message names the object, what was wrong, what was found and
 * what to do next; it never holds a secret.
 *
 * <p>Two subtypes tell a caller what to do without reading the message: {@link RetryableException} (nothing happened,
 * trying again may help) and {@link OutcomeUnknownException} (it may have happened: look before trying again).
 */
public class EventBrokerException extends RuntimeException {
    public EventBrokerException(String message) {
        super(message);
    }

    public EventBrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
