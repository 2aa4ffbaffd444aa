package io.eventbroker.core.run;

/**
 * Hears what happens in a run. Calls come from the run's threads, one at a time; what a listener throws is logged and
 * changes nothing. It should return soon, for the run waits for it.
 */
public interface RunListener {
    /** At most about four times a second, and once at the end. */
    default void onProgress(Progress progress) {}

    /**
     * What became of an action in this run. Silent about actions that an earlier run of the journal had settled, and about
     * those that were never begun, because the run was cancelled or what they depend on is not in place: only the report
     * of {@link #onFinished} has these.
     */
    default void onActionEnded(RunId run, ActionResult result) {}

    /** Once, at the end, unless the run broke off. */
    default void onFinished(Report report) {}

    /** Once, instead of {@link #onFinished}, if the run could not start, could not keep its journal, or met an error. */
    default void onBrokenOff(RunId run, Throwable cause) {}
}
