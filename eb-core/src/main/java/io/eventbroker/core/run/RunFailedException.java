package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;

/** Thrown by {@link Report#requireSuccess} for a run of which not every action is in place; the message ends with {@link Report#advice}. */
public class RunFailedException extends EventBrokerException {
    private final transient Report report;

    RunFailedException(String message, Report report) {
        super(message);
        this.report = report;
        report.results().forEach(result -> {
            if (result.cause() != null) {
                addSuppressed(result.cause());
            }
        });
    }

    public Report report() {
        return report;
    }
}
