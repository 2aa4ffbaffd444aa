package io.eventbroker.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.eventbroker.core.plan.ActionId;
import java.util.Optional;

/**
 * One thing that happened in a run.
 *
 * @param event what
 * @param run in which run
 * @param action to which action; empty for what concerns the run as a whole
 * @param note the detail of an outcome, or the text of a checkpoint
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JournalEntry(Event event, RunId run, Optional<ActionId> action, Optional<String> note) {
    /** An entry about the run as a whole. */
    public static JournalEntry of(Event event, RunId run) {
        return new JournalEntry(event, run, Optional.empty(), Optional.empty());
    }

    /** An entry about an action. */
    public static JournalEntry of(Event event, RunId run, ActionId action) {
        return new JournalEntry(event, run, Optional.of(action), Optional.empty());
    }

    /** An entry about an action, with a note. */
    public static JournalEntry of(Event event, RunId run, ActionId action, String note) {
        return new JournalEntry(event, run, Optional.of(action), Optional.of(note));
    }

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
