package io.eventbroker.core.source;

import io.eventbroker.core.problem.Problem;

/** A file that could not be turned into nodes: one problem for the whole of it. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    UnreadableException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
