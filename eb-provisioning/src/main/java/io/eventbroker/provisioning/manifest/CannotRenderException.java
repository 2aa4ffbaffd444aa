package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.problem.Problems;

/** The topology asks for what the target cannot do: every reason at once. */
public class CannotRenderException extends EventBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient Problems problems;

    CannotRenderException(String target, Problems problems) {
        super("the topology cannot be rendered as " + target + ":\n" + problems);
        this.problems = problems;
    }

    public Problems problems() {
        return problems;
    }
}
