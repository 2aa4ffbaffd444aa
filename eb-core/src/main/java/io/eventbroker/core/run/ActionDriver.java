package io.eventbroker.core.run;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.PlanBasis;
import java.util.List;
import java.util.Set;

/**
 * Carries out one module's actions against the live world; {@link PlanRunner} decides what runs when, keeps the journal
 * and makes the report. A driver serves one run.
 *
 * <p>It must be safe to look at and apply an action that an earlier, killed run had already applied or begun.
 *
 * @param <A> the module's actions
 */
public interface ActionDriver<A extends Action> extends AutoCloseable {
    /**
     * Reads again what the plan was made from: the cluster's id and the fingerprint of the state now. The thread is
     * interrupted when the run is cancelled meanwhile; whatever is thrown then is ignored.
     */
    PlanBasis readBasis(Deadline deadline);

    /**
     * Looks which of these actions have their effect in place already. Called before {@link #apply} when a journal is
     * resumed, before an action is tried again, and after an unknown outcome.
     */
    Set<ActionId> inPlace(List<A> actions, RunContext context);

    /**
     * Carries out actions that do not depend on one another, in as few requests as it can, and tells the context what
     * became of each. An action that it is silent about when it returns counts as applied. What it throws stands for
     * every action that it was silent about: {@link RunCancelledException} means not finished,
     * {@link io.eventbroker.core.RetryableException} that it is tried again after a pause,
     * {@link io.eventbroker.core.OutcomeUnknownException} that the runner looks, anything else that they failed.
     */
    void apply(List<A> actions, RunContext context);

    /** The most actions that {@link #apply} takes at once. */
    default int batchSize() {
        return 500;
    }

    /**
     * Cleans up at the end, after a failure and a cancel too. What it throws is logged and makes the last results no
     * better or worse, so what must not be left behind should be an action or part of one.
     */
    @Override
    default void close() {}
}
