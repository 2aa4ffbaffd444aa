package io.eventbroker.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.eventbroker.core.plan.ActionId;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run.
 *
 * @param event what
 * @param run in which run
 * @param action to which action; null for what concerns the run as a whole
 * @param note the detail of an outcome, or the text of a checkpoint
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JournalEntry(
        Event event,
        RunId run,
        @Nullable ActionId action,
        @Nullable String note) {
    /** What can happen. */
    public enum Event {
        /** A run started: the plan's basis has been checked. */
        STARTED,
        /** An action is about to be carried out: from here on it may have had its effect. */
        BEGUN,
        APPLIED,
        SKIPPED,
        FAILED,
        UNKNOWN,
        /** Where a resume should go on within an action. */
        CHECKPOINT,
        /** The run ended and its report was made. */
        ENDED
    }
}
