package io.eventbroker.core.lint;

import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import java.util.Comparator;
import java.util.function.UnaryOperator;

/**
 * Something that a rule found.
 *
 * @param rule the rule's id
 * @param severity the rule's, or what a policy says instead
 * @param location where it stands
 * @param document whose fault it is; a value may stand in another, such as a {@code ConfigLayer}
 * @param path the element within the document; an item of a list has its name in brackets, not its number, so that it
 *     stays the same when others are added: {@code spec.topics[orders.order.placed].configs[retention.ms]}
 * @param message what was found, and what was expected
 * @param remedy what to do, as an imperative
 * @param sensitive whether the place may hold a secret, so that its line is not shown
 */
public record Finding(
        String rule,
        Severity severity,
        SourceLocation location,
        DocumentRef document,
        String path,
        String message,
        String remedy,
        boolean sensitive)
        implements Comparable<Finding> {
    private static final Comparator<Finding> BY_PLACE = Comparator.comparing(Finding::location)
            .thenComparing(Finding::document)
            .thenComparing(Finding::path)
            .thenComparing(Finding::rule)
            .thenComparing(Finding::message);

    /** With message and remedy of the problem that the function makes of this one. */
    Finding masked(UnaryOperator<Problem> mask) {
        if (message.isBlank()) {
            return this;
        }
        Problem problem = mask.apply(new Problem(severity, location, path, message, remedy));
        return new Finding(rule, severity, location, document, path, problem.message(), problem.remedy(), sensitive);
    }

    /** By place; at one place by document, path and rule. */
    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.compare(this, other);
    }

    /** {@code file:line:column: severity[rule] Kind/name path: message}. */
    @Override
    public String toString() {
        return location + ": " + LintWords.of(severity) + "[" + rule + "] " + document
                + (path.isEmpty() ? "" : " " + path) + ": " + message;
    }
}
