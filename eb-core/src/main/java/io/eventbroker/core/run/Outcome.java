package io.eventbroker.core.run;

/** What became of an action. */
public enum Outcome {
    /** It was carried out, by this run or by an earlier one of the same journal. */
    APPLIED,
    /** It was found in place, so nothing was done. */
    SKIPPED,
    /** It was refused or went wrong, and had no effect that is not stated in the detail. */
    FAILED,
    /** Its answer was lost and looking did not settle it: it may have happened. */
    UNKNOWN,
    /** It was not begun, or not finished: cancelled, or something it depends on did not succeed. A resume goes on here. */
    NOT_REACHED;

    /** True if the action's effect is in place. */
    public boolean isInPlace() {
        return this == APPLIED || this == SKIPPED;
    }
}
