package io.eventbroker.core.run;

/**
 * Hears what happens in a run. Calls come from the run's threads, one at a time; what a listener throws is logged and
 * changes nothing. It should return soon, for the run waits for it.
 */
public interface RunListener {
    /** At most about four times a second, and once at the end. */
    default void onProgress(Progress progress) {}

    default void onActionEnded(RunId run, ActionResult result) {}

    /** Once, at the end, unless the run could not start or could not keep its journal. */
    default void onFinished(Report report) {}
}
