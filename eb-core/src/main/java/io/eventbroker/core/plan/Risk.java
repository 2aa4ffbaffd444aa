package io.eventbroker.core.plan;

/** What an action can cost, mildest first. */
public enum Risk {
    /** Adds or changes something without anybody noticing. */
    SAFE,
    /** Clients or operators will notice: a restart, a leader change, load, a right that is narrowed. */
    DISRUPTIVE,
    /** Takes away what cannot be had back without a backup. Needs an explicit allowance to run. */
    DESTRUCTIVE
}
