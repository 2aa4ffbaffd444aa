package io.eventbroker.core.connect;

/** What a connector or one of its tasks does; the words of Connect ({@code AbstractStatus.State}). */
public enum ConnectorState {
    /** No worker has it yet, as during a rebalance. */
    UNASSIGNED,
    RUNNING,
    /** Idle, with its tasks kept ready. */
    PAUSED,
    /** Without tasks; its offsets can be changed. Since Kafka 3.5 (KIP-875). */
    STOPPED,
    FAILED,
    RESTARTING,
    /** About to be gone. */
    DESTROYED
}
