package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;

/** A plan that was made for another cluster, another environment, or a state that has changed since. Nothing was done. */
public class PlanStaleException extends EventBrokerException {
    public PlanStaleException(String message) {
        super(message);
    }
}
