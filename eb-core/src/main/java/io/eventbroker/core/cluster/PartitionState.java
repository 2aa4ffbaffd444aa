package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import java.util.List;
import java.util.Optional;

/**
 * One partition as the controller sees it.
 *
 * @param leader empty while the partition has none
 * @param replicas in the order of preference: the first is the preferred leader
 * @param isr the replicas that are in sync
 * @param size bytes of the largest replica's log on disk; −1 if log directories were not read
 * @param startOffset the first offset that is still there; −1 if offsets were not read
 * @param endOffset one past the last stable offset, which is what a read-committed consumer can reach; −1 if offsets
 *     were not read
 */
public record PartitionState(
        Optional<BrokerId> leader,
        List<BrokerId> replicas,
        List<BrokerId> isr,
        long size,
        long startOffset,
        long endOffset) {
    public PartitionState {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        if (replicas.isEmpty() || replicas.stream().distinct().count() != replicas.size()) {
            throw new IllegalArgumentException("a partition has its replicas on distinct brokers, was " + replicas);
        }
    }

    /** A partition of which only the placement is known. */
    public static PartitionState placedOn(List<BrokerId> replicas) {
        return new PartitionState(Optional.of(replicas.get(0)), replicas, replicas, -1, -1, -1);
    }

    public PartitionState withReplicas(List<BrokerId> moved) {
        Optional<BrokerId> kept = leader.filter(moved::contains).or(() -> Optional.of(moved.get(0)));
        return new PartitionState(kept, moved, moved, size, startOffset, endOffset);
    }
}
