package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * One partition as the controller sees it. A {@link TopicState} keeps its partitions packed and makes these on demand.
 *
 * @param leader empty while the partition has none; otherwise one of the replicas
 * @param replicas in the order of preference: the first is the preferred leader
 * @param isr the replicas that are in sync, in the order of the replicas
 * @param eligibleLeaders the replicas outside of the ISR that may still lead without loss (ELR, KIP-966), in the order of
 *     the replicas; empty if the broker does not tell
 * @param sizes bytes of each replica's log on disk, in the order of the replicas; −1 where that was not read
 * @param startOffset the first offset that is still there; −1 if offsets were not read
 * @param endOffset one past the last stable offset, which is what a read-committed consumer can reach; −1 if offsets
 *     were not read
 */
public record PartitionState(
        Optional<BrokerId> leader,
        List<BrokerId> replicas,
        List<BrokerId> isr,
        Optional<List<BrokerId>> eligibleLeaders,
        List<Long> sizes,
        long startOffset,
        long endOffset) {
    public PartitionState {
        replicas = List.copyOf(replicas);
        sizes = List.copyOf(sizes);
        if (replicas.isEmpty() || new HashSet<>(replicas).size() != replicas.size()) {
            throw new IllegalArgumentException("a partition has its replicas on distinct brokers, was " + replicas);
        }
        if (leader.isPresent() && !replicas.contains(leader.get())) {
            throw new IllegalArgumentException(
                    "the leader must be one of the replicas " + replicas + ", was " + leader);
        }
        if (sizes.size() != replicas.size()) {
            throw new IllegalArgumentException(
                    "there must be a size for each of the replicas " + replicas + ", was " + sizes);
        }
        isr = ordered(isr, replicas, "the ISR");
        List<BrokerId> order = replicas;
        eligibleLeaders = eligibleLeaders.map(those -> ordered(those, order, "the eligible leaders"));
    }

    /**
     * A partition whose replicas all are of one size, and whose eligible leaders are not told.
     *
     * @param size bytes of a replica's log; −1 if log directories were not read
     */
    public PartitionState(
            Optional<BrokerId> leader,
            List<BrokerId> replicas,
            List<BrokerId> isr,
            long size,
            long startOffset,
            long endOffset) {
        this(
                leader,
                replicas,
                isr,
                Optional.empty(),
                Collections.nCopies(replicas.size(), size),
                startOffset,
                endOffset);
    }

    /** Sets have no order of their own: that of the replicas makes equal partitions equal. */
    private static List<BrokerId> ordered(List<BrokerId> some, List<BrokerId> replicas, String what) {
        if (!replicas.containsAll(some)) {
            throw new IllegalArgumentException(what + " must be of the replicas " + replicas + ", was " + some);
        }
        return replicas.stream().filter(some::contains).toList();
    }

    /** A partition of which only the placement is known. */
    public static PartitionState placedOn(List<BrokerId> replicas) {
        return new PartitionState(Optional.of(replicas.get(0)), replicas, replicas, -1, -1, -1);
    }

    /** The broker that leads when all is well: the first replica. */
    public BrokerId preferredLeader() {
        return replicas.get(0);
    }

    /** Bytes of the largest replica's log on disk; −1 if none was read. */
    public long size() {
        long largest = -1;
        for (long size : sizes) {
            largest = Math.max(largest, size);
        }
        return largest;
    }

    /** Bytes of the replica on that broker; −1 if that was not read, or it has none there. */
    public long sizeOn(BrokerId broker) {
        int place = replicas.indexOf(broker);
        return place < 0 ? -1 : sizes.get(place);
    }

    /** The same partition on other brokers, all in sync; a new replica is taken to be as large as the largest. */
    public PartitionState withReplicas(List<BrokerId> moved) {
        Optional<BrokerId> kept = leader.filter(moved::contains).or(() -> Optional.of(moved.get(0)));
        List<Long> bytes = moved.stream()
                .map(id -> replicas.contains(id) ? sizeOn(id) : size())
                .toList();
        return new PartitionState(
                kept, moved, moved, eligibleLeaders.map(those -> List.of()), bytes, startOffset, endOffset);
    }
}
