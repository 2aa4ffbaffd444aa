package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BrokerConnection;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** One task at work: its connection and the partitions that it serves. Used by the task's thread alone. */
final class LeaderSession<P extends MovingPartition> {
    private final LeaderTasks<P> tasks;
    final int broker;
    final int lane;
    private final BrokerConnection connection;
    final Set<P> taken = new LinkedHashSet<>();
    /** The changes that {@link #taken} takes account of. */
    long seen = -1;

    LeaderSession(LeaderTasks<P> tasks, int broker, int lane, BrokerConnection connection) {
        this.tasks = tasks;
        this.broker = broker;
        this.lane = lane;
        this.connection = connection;
    }

    BrokerConnection connection() {
        return connection;
    }

    int broker() {
        return broker;
    }

    /** The partitions to serve, after letting go of those that have ended or moved, and with as many more as may be. */
    Collection<P> take() {
        tasks.steps.run(() -> tasks.take(this));
        return taken;
    }

    /** Whether the partition is still served here, in the assignment in which something was asked of the broker. */
    boolean owns(P part, int assignment) {
        return tasks.steps.ask(() -> part.assignment == assignment && tasks.lanes.serves(broker, lane, part));
    }

    /** Whether the engine is to come to an end. */
    boolean isStopping() {
        return tasks.isStopping();
    }

    /** The partition has come further. */
    void progress(P part) {
        part.progressAt = System.nanoTime();
        if (part.failures > 0) {
            tasks.steps.run(() -> tasks.recovered(part));
        }
    }

    /** Time in which partitions could not get further, for no fault of their leader's. */
    void excuse(long nanos) {
        long now = System.nanoTime();
        taken.forEach(part -> part.progressAt = Math.min(now, part.progressAt + nanos));
    }

    /** Fails the partition if it makes no progress for too long. */
    void judge(P part, String why) {
        tasks.steps.run(() -> tasks.failIfStalled(part, why));
    }

    /** Lets the partition go on at the replica of another broker. */
    void redirect(P part, int replica) {
        taken.remove(part);
        tasks.steps.run(() -> tasks.redirect(part, replica));
    }

    /** Lets the partition wait for a leader again. */
    void release(P part, String why) {
        taken.remove(part);
        tasks.steps.run(() -> tasks.release(part, why));
    }

    void fail(P part, Throwable cause) {
        taken.remove(part);
        tasks.fail(part, cause);
    }
}
