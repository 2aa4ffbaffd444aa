package io.eventbroker.core.lint;

import io.eventbroker.core.EventBrokerException;

/** Thrown by {@link LintReport#requireNone}; the message lists the findings, one a line. */
public class LintFailedException extends EventBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient LintReport report;

    LintFailedException(String message, LintReport report) {
        super(message);
        this.report = report;
    }

    public LintReport report() {
        return report;
    }
}
