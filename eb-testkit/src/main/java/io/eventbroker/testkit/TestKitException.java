package io.eventbroker.testkit;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a part of the test kit cannot start, stop, or do what was asked of it. The message names the part, what
 * it was doing, and what to do next.
 */
public class TestKitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception with a message for the person who runs the test. */
    public TestKitException(String message) {
        super(message);
    }

    /** Makes an exception with a message for the person who runs the test, and what led to it. */
    public TestKitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
