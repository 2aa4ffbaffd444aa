package io.eventbroker.core.kind;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown by a record's compact constructor when its components are not acceptable. Names the components, so that a
 * reader of files can point at the exact place; elsewhere it is an ordinary {@link IllegalArgumentException}.
 */
public class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidValueException(String component, String message, String remedy) {
        this(List.of(new Violation(component, message, remedy)));
    }

    /** All reasons at once; at least one. */
    public InvalidValueException(List<Violation> violations) {
        super(violations.stream().map(Violation::toString).collect(Collectors.joining("\n")));
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("an invalid value needs a reason");
        }
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
