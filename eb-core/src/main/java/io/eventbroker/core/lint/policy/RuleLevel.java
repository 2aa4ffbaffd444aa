package io.eventbroker.core.lint.policy;

import io.eventbroker.core.problem.Severity;
import java.util.Optional;

/** How bad the findings of a rule are held to be. */
public enum RuleLevel {
    /** The rule does not run. */
    OFF,
    INFO,
    WARNING,
    ERROR;

    /** The severity of findings; empty for {@link #OFF}. */
    public Optional<Severity> severity() {
        return switch (this) {
            case OFF -> Optional.empty();
            case INFO -> Optional.of(Severity.INFO);
            case WARNING -> Optional.of(Severity.WARNING);
            case ERROR -> Optional.of(Severity.ERROR);
        };
    }
}
