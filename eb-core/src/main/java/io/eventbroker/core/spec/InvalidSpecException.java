package io.eventbroker.core.spec;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.Severity;

/**
 * What was read cannot be used. The message lists every problem, one a line, as {@code file:line:column path: message;
 * remedy}; nothing has been touched.
 */
public class InvalidSpecException extends EventBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient Problems problems;

    public InvalidSpecException(Problems problems) {
        super(headline(problems) + "\n" + problems);
        this.problems = problems;
    }

    /** Errors and warnings, by place. */
    public Problems problems() {
        return problems;
    }

    private static String headline(Problems problems) {
        long errors = problems.asList().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count();
        long files = problems.asList().stream()
                .map(Problem::location)
                .map(location -> location.source())
                .distinct()
                .count();
        return errors + (errors == 1 ? " error" : " errors") + " in " + files + (files == 1 ? " file" : " files")
                + (problems.size() > errors ? " (and " + (problems.size() - errors) + " warnings)" : "");
    }
}
