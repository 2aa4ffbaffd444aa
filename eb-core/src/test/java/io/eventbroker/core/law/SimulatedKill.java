package io.eventbroker.core.law;

/** Stands for the end of the process: nothing that a run does after it is thrown may have an effect. */
final class SimulatedKill extends Error {
    private static final long serialVersionUID = 1;

    SimulatedKill() {
        super("killed here");
    }
}
