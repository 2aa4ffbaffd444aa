package io.eventbroker.provisioning.kubernetes;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.problem.Problems;

/** What is wanted cannot be had from the cluster as it is: every reason at once. */
public class PlanRefusedException extends EventBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient Problems problems;

    PlanRefusedException(Problems problems) {
        super("no plan can lead from this cluster to these manifests:\n" + problems);
        this.problems = problems;
    }

    public Problems problems() {
        return problems;
    }
}
