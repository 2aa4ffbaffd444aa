package io.eventbroker.core.kind;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers every violation of a compact constructor and throws them together:
 *
 * <pre>{@code
 * Checks.begin()
 *         .require(replicas >= 1, "replicas", "must be at least 1, was " + replicas, "")
 *         .end();
 * }</pre>
 */
public final class Checks {
    private final List<Violation> violations = new ArrayList<>(0);

    private Checks() {}

    public static Checks begin() {
        return new Checks();
    }

    /** Notes a violation of the component unless the condition holds. */
    public Checks require(boolean condition, String component, String message, String remedy) {
        return condition ? this : refuse(component, message, remedy);
    }

    /** Notes a violation of the component. */
    public Checks refuse(String component, String message, String remedy) {
        violations.add(new Violation(component, message, remedy));
        return this;
    }

    /**
     * Ends the checks.
     *
     * @throws InvalidValueException with everything noted, if anything was
     */
    public void end() {
        if (!violations.isEmpty()) {
            throw new InvalidValueException(violations);
        }
    }
}
