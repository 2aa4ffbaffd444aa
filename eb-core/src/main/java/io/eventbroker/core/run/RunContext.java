package io.eventbroker.core.run;

import io.eventbroker.core.plan.ActionId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A run as its driver sees it. Safe for use by several threads. */
public interface RunContext {
    RunId run();

    Clock clock();

    /** For a driver's own parallel work: threads are named after the run, carry its MDC, and end with it. */
    Executor executor();

    /** Records that an action has had its effect. Once this returns, the journal has it. */
    void applied(ActionId action, String detail);

    /** Records that an action had no effect. {@link ActionDriver#apply} says how the exception is understood. */
    void failed(ActionId action, Throwable cause);

    /** True once the run should stop. */
    boolean isCancelled();

    /**
     * Does nothing unless the run should stop.
     *
     * @throws RunCancelledException to be let through by the driver
     */
    default void checkCancelled() {
        if (isCancelled()) {
            throw new RunCancelledException();
        }
    }

    /**
     * Waits before looking again, or less if the run is cancelled meanwhile.
     *
     * @throws RunCancelledException if the run is cancelled
     */
    void pause(Duration wait);

    /**
     * Keeps a note in the journal for the time that the action is unfinished, replacing the one before: where a resume
     * should go on.
     */
    void checkpoint(ActionId action, String note);

    /** The latest note of this action, from this run or an earlier one of the same journal. */
    Optional<String> lastCheckpoint(ActionId action);

    /** Tells how many of the action's bytes have been moved, of how many. */
    void moved(ActionId action, long bytes, long ofBytes);
}
