package io.eventbroker.core.problem;

import java.util.Objects;

/**
 * One thing that is wrong, where, and what to do about it.
 *
 * @param severity how bad
 * @param location where it stands
 * @param path the element within the document, such as {@code spec.brokers.replicas}; empty for the whole document
 * @param message what is wrong: what was found and what was expected
 * @param remedy what to do next, as an imperative; empty if the message already says it
 */
public record Problem(Severity severity, SourceLocation location, String path, String message, String remedy) {
    public Problem {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(location, "location");
        if (message.isBlank()) {
            throw new IllegalArgumentException("a problem needs a message");
        }
    }

    public static Problem error(SourceLocation location, String path, String message, String remedy) {
        return new Problem(Severity.ERROR, location, path, message, remedy);
    }

    public static Problem warning(SourceLocation location, String path, String message, String remedy) {
        return new Problem(Severity.WARNING, location, path, message, remedy);
    }

    /** {@code file:14:3 path: message; remedy}. */
    @Override
    public String toString() {
        return location + (path.isEmpty() ? "" : " " + path) + ": " + message + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
