package io.eventbroker.core;

import org.jspecify.annotations.Nullable;

/**
 * Root of what the SDK throws because of the world: a cluster, a file, a plan or a description is not as it must be, or
 * does not answer. The message names the object, what was wrong, what was found and what to do next; it never holds a
 * secret.
 *
 * <p>What only the calling code can mend is thrown as {@link IllegalArgumentException} or {@link IllegalStateException}
 * instead: an argument that no state of the world makes right, such as a negative size, a name that Kafka does not allow,
 * or options that contradict each other. So a host catches this class around its calls and lets the others end the
 * request as any bug would. Records refuse in the same way, and the reading of files turns that into a problem with its
 * place.
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
