package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;

/** Thrown by {@link RunContext#checkCancelled} inside a driver, to leave an action that a resume can go on with. */
public class RunCancelledException extends EventBrokerException {
    public RunCancelledException() {
        super("the run was cancelled");
    }
}
