package io.eventbroker.backup.internal.copy;

import io.eventbroker.core.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What an engine does with the partitions that {@link LeaderTasks} bring to their leaders. */
interface PartitionWork<P extends MovingPartition> {
    /** Finds out what must be known before these can be assigned. Not under the lock; may wait for the network. */
    default void prepare(List<P> leaderless, Deadline deadline) {}

    /** What is missing before the partition can be assigned; it may also be ended here. Under the lock, is quick. */
    default Optional<String> missing(P part) {
        return Optional.empty();
    }

    /** Serves partitions until {@link LeaderSession#take} brings nothing more. */
    void serve(LeaderSession<P> session) throws IOException;

    /** The partition is not served any more, to be so again later: forgets what is under way. Under the lock. */
    void released(P part);

    /** The partition has ended: gives back what it holds. Not under the lock. */
    void ended(P part);
}
