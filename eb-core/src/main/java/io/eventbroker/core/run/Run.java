package io.eventbroker.core.run;

import io.eventbroker.core.Deadline;
import java.util.concurrent.CompletionStage;

/**
 * A plan being carried out. Safe for use by several threads.
 *
 * @param <R> the report that it ends with
 */
public interface Run<R extends Report> {
    RunId id();

    /**
     * Completes when the run has ended: with a report whatever became of the actions, or exceptionally if the run could
     * not start ({@link PlanStaleException}, {@link JournalException}, {@link io.eventbroker.core.RetryableException} if
     * the cluster did not answer) or could not keep its journal.
     */
    CompletionStage<R> completion();

    /** How far it is now. */
    Progress progress();

    /**
     * Asks the run to stop between actions, or to give up looking whether the plan is still fresh. It still completes, with
     * a report. Returns at once.
     */
    void cancel();

    /**
     * Waits for the end.
     *
     * @throws io.eventbroker.core.DeadlineExceededException if the run still goes on at the deadline; it is not
     *     cancelled
     * @throws PlanStaleException if the plan was made from another state
     * @throws JournalException if the journal could not be used
     * @throws io.eventbroker.core.RetryableException if the cluster could not be read within the run's own limit for
     *     looking whether the plan is still fresh, two minutes; nothing was done
     */
    R await(Deadline deadline);
}
