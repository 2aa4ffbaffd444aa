package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one topic in a few arrays: about 55 bytes a partition of three replicas, where records would take 600.
 * Immutable for everyone but the reader, which fills in numbers before it hands the table out.
 */
final class PartitionTable extends AbstractList<PartitionState> implements RandomAccess {
    private static final byte IN_SYNC = 1;
    private static final byte LEADER = 2;
    private static final byte ELIGIBLE = 4;
    /** Set on all replicas of a partition whose eligible leaders the broker told, be they none. */
    private static final byte ELIGIBLE_TOLD = 8;

    private final int count;
    /** Where each partition's replicas start, and where the last ones end; null if all have the same number. */
    private final int @Nullable [] starts;
    /** Broker ids of all replicas, partition by partition. */
    private final int[] replicas;
    /** What each replica is. */
    private final byte[] roles;
    /** First offsets, then end offsets, then the size of each replica; null if all are unknown. */
    private long @Nullable [] numbers;

    private PartitionTable(
            int count, int @Nullable [] starts, int[] replicas, byte[] roles, long @Nullable [] numbers) {
        this.count = count;
        this.starts = starts;
        this.replicas = replicas;
        this.roles = roles;
        this.numbers = numbers;
    }

    static PartitionTable of(List<PartitionState> partitions) {
        if (partitions instanceof PartitionTable table) {
            return table;
        }
        int count = partitions.size();
        int[] starts = new int[count + 1];
        for (int p = 0; p < count; p++) {
            starts[p + 1] = starts[p] + partitions.get(p).replicas().size();
        }
        int[] replicas = new int[starts[count]];
        byte[] roles = new byte[starts[count]];
        PartitionTable table = new PartitionTable(count, uniform(starts) ? null : starts, replicas, roles, null);
        for (int p = 0; p < count; p++) {
            table.fill(p, partitions.get(p));
        }
        return table;
    }

    private static boolean uniform(int[] starts) {
        for (int p = 2; p < starts.length; p++) {
            if (starts[p] - starts[p - 1] != starts[1]) {
                return false;
            }
        }
        return true;
    }

    private void fill(int p, PartitionState partition) {
        int slot = start(p);
        for (int r = 0; r < partition.replicas().size(); r++, slot++) {
            BrokerId id = partition.replicas().get(r);
            int role = partition.isr().contains(id) ? IN_SYNC : 0;
            role |= partition.leader().filter(id::equals).isPresent() ? LEADER : 0;
            role |= partition.eligibleLeaders().isPresent() ? ELIGIBLE_TOLD : 0;
            role |= partition.eligibleLeaders().filter(e -> e.contains(id)).isPresent() ? ELIGIBLE : 0;
            replicas[slot] = id.value();
            roles[slot] = (byte) role;
            setSize(p, r, partition.sizes().get(r));
        }
        setStartOffset(p, partition.startOffset());
        setEndOffset(p, partition.endOffset());
    }

    private int start(int p) {
        return starts == null ? (count == 0 ? 0 : p * (replicas.length / count)) : starts[p];
    }

    void setStartOffset(int p, long offset) {
        set(p, offset);
    }

    void setEndOffset(int p, long offset) {
        set(count + p, offset);
    }

    /** Sets the size of the partition's r-th replica. */
    void setSize(int p, int r, long bytes) {
        set(2 * count + start(p) + r, bytes);
    }

    /** Sets the size of every replica that a broker holds here and that has none yet. */
    void setUnknownSizesOn(int broker, long bytes) {
        for (int slot = 0; slot < replicas.length; slot++) {
            if (replicas[slot] == broker && number(2 * count + slot) < 0) {
                set(2 * count + slot, bytes);
            }
        }
    }

    /** Where the broker stands among the partition's replicas; −1 if it holds none. */
    int replicaOn(int p, int broker) {
        for (int slot = start(p); slot < start(p + 1); slot++) {
            if (replicas[slot] == broker) {
                return slot - start(p);
            }
        }
        return -1;
    }

    private void set(int place, long value) {
        if (numbers == null) {
            if (value < 0) {
                return;
            }
            numbers = new long[2 * count + replicas.length];
            Arrays.fill(numbers, -1);
        }
        numbers[place] = value;
    }

    private long number(int place) {
        return numbers == null ? -1 : numbers[place];
    }

    /** {@link PartitionState#endOffset} without the rest. */
    long endOffset(int p) {
        return number(count + p);
    }

    boolean isLed(int p) {
        for (int slot = start(p); slot < start(p + 1); slot++) {
            if ((roles[slot] & LEADER) != 0) {
                return true;
            }
        }
        return false;
    }

    int mostReplicas() {
        int most = 0;
        for (int p = 0; p < count; p++) {
            most = Math.max(most, start(p + 1) - start(p));
        }
        return most;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public PartitionState get(int p) {
        if (p < 0 || p >= count) {
            throw new IndexOutOfBoundsException("there are partitions 0 to " + (count - 1) + ", not " + p);
        }
        int from = start(p);
        int to = start(p + 1);
        Optional<BrokerId> leader = Optional.empty();
        List<BrokerId> ids = new ArrayList<>(to - from);
        List<BrokerId> isr = new ArrayList<>(to - from);
        List<BrokerId> eligible = new ArrayList<>(0);
        List<Long> sizes = new ArrayList<>(to - from);
        for (int slot = from; slot < to; slot++) {
            BrokerId id = BrokerId.of(replicas[slot]);
            ids.add(id);
            sizes.add(number(2 * count + slot));
            if ((roles[slot] & LEADER) != 0) {
                leader = Optional.of(id);
            }
            if ((roles[slot] & IN_SYNC) != 0) {
                isr.add(id);
            }
            if ((roles[slot] & ELIGIBLE) != 0) {
                eligible.add(id);
            }
        }
        boolean told = (roles[from] & ELIGIBLE_TOLD) != 0;
        return new PartitionState(
                leader, ids, isr, told ? Optional.of(eligible) : Optional.empty(), sizes, number(p), number(count + p));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof PartitionTable that) {
            // Built in one way only, so that equal partitions have equal arrays.
            return count == that.count
                    && Arrays.equals(starts, that.starts)
                    && Arrays.equals(replicas, that.replicas)
                    && Arrays.equals(roles, that.roles)
                    && Arrays.equals(numbers, that.numbers);
        }
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
