package io.eventbroker.backup.internal.copy;

import java.time.Duration;

/**
 * How an engine works.
 *
 * @param lanes tasks for each broker
 * @param open partitions at once
 * @param openPerLane at most
 * @param stall after which a partition that makes no progress has failed
 * @param activity what the engine does, as in "interrupted while copying"
 * @param denied what to say of a topic that the principal has no right to
 * @param replaced what to say of a topic whose id has changed
 */
record EngineProfile(
        int lanes, int open, int openPerLane, Duration stall, String activity, String denied, String replaced) {}
