package io.eventbroker.core.kind;

/**
 * One reason why a record refused its components.
 *
 * @param component the component at fault, or a path below it such as {@code config[min.insync.replicas]} or
 *     {@code listeners[1].port}; empty for the record as a whole
 * @param message what was found and what was expected
 * @param remedy what to do, as an imperative; may be empty
 */
public record Violation(String component, String message, String remedy) {
    /** {@code component: message; remedy}. */
    @Override
    public String toString() {
        return (component.isEmpty() ? "" : component + ": ") + message + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
