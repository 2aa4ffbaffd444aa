package io.eventbroker.scaling;

import java.util.Arrays;

/**
 * Where every replica is, in flat arrays: brokers and partitions are numbered from 0, and partition {@code p} has its
 * replicas at {@code start[p] .. start[p + 1]}, the preferred leader first. A move costs O(replication factor) plus the
 * shift in two sorted arrays. Not safe for use by several threads.
 */
final class Replicas {
    final int brokers;
    final int partitions;
    /** By broker: its rack's number; −1 if it has none, and then the racks' rules do not apply. */
    final int[] rack;
    /** By broker: it must end up empty, and receives nothing. */
    final boolean[] draining;
    /** The racks of the brokers that may receive. */
    final int racks;

    final long[] size;
    final int[] start;
    final int[] replica;
    final long[] bytes;
    final int[] count;
    final int[] leaders;

    /** Partitions by size, largest first; ties by number, so that equal input gives an equal order. */
    private final int[] byRank;

    private final int[] rankOf;
    /** By broker: the ranks of the partitions that it holds, ascending, the first {@code count[b]} of the array. */
    private final int[][] held;

    Replicas(int[] rack, boolean[] draining, long[] size, int[] start, int[] replica) {
        this.brokers = rack.length;
        this.partitions = size.length;
        this.rack = rack;
        this.draining = draining;
        this.size = size;
        this.start = start;
        this.replica = replica;
        this.bytes = new long[brokers];
        this.count = new int[brokers];
        this.leaders = new int[brokers];
        this.racks = countRacks();
        this.byRank = new int[partitions];
        this.rankOf = new int[partitions];
        rankPartitions();
        for (int b : replica) {
            count[b]++;
        }
        this.held = new int[brokers][];
        for (int b = 0; b < brokers; b++) {
            held[b] = new int[count[b] + 16];
            count[b] = 0;
        }
        for (int rank = 0; rank < partitions; rank++) {
            int p = byRank[rank];
            leaders[replica[start[p]]]++;
            for (int slot = start[p]; slot < start[p + 1]; slot++) {
                int b = replica[slot];
                held[b][count[b]++] = rank;
                bytes[b] += size[p];
            }
        }
    }

    private int countRacks() {
        boolean[] seen = new boolean[brokers];
        int distinct = 0;
        for (int b = 0; b < brokers; b++) {
            if (!draining[b] && rack[b] >= 0 && !seen[rack[b]]) {
                seen[rack[b]] = true;
                distinct++;
            }
        }
        return distinct;
    }

    private void rankPartitions() {
        Integer[] order = new Integer[partitions];
        Arrays.setAll(order, p -> p);
        Arrays.sort(order, (a, b) -> size[a] != size[b] ? Long.compare(size[b], size[a]) : Integer.compare(a, b));
        for (int rank = 0; rank < partitions; rank++) {
            byRank[rank] = order[rank];
            rankOf[order[rank]] = rank;
        }
    }

    int replicationFactor(int p) {
        return start[p + 1] - start[p];
    }

    /** The partition at that place among those that the broker holds, largest first. */
    int held(int broker, int place) {
        return byRank[held[broker][place]];
    }

    /** The place of the largest partition on the broker that has at most that size; {@code count[broker]} if none has. */
    int firstAtMost(int broker, long limit) {
        int low = 0;
        int high = count[broker];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (size[held(broker, middle)] <= limit) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    boolean holds(int broker, int p) {
        return slot(broker, p) >= 0;
    }

    private int slot(int broker, int p) {
        for (int slot = start[p]; slot < start[p + 1]; slot++) {
            if (replica[slot] == broker) {
                return slot;
            }
        }
        return -1;
    }

    /** At most that many replicas of the partition may be in one rack. */
    int perRack(int p) {
        return (replicationFactor(p) + racks - 1) / racks;
    }

    /**
     * True if the replica may go there: distinct brokers, and the new rack stays within ⌈RF / racks⌉ or is the old one.
     * Replicas that are still on draining brokers do not count, for they will leave.
     */
    boolean mayMove(int p, int from, int to) {
        if (draining[to] || holds(to, p)) {
            return false;
        }
        if (racks == 0 || rack[from] == rack[to]) {
            return true;
        }
        int there = 0;
        for (int slot = start[p]; slot < start[p + 1]; slot++) {
            int b = replica[slot];
            if (b != from && !draining[b] && rack[b] == rack[to]) {
                there++;
            }
        }
        return there < perRack(p);
    }

    /** True if no rack holds more than its part of the partition. */
    boolean keepsRackRule(int p) {
        if (racks == 0) {
            return true;
        }
        for (int slot = start[p]; slot < start[p + 1]; slot++) {
            int same = 0;
            for (int other = start[p]; other < start[p + 1]; other++) {
                same += rack[replica[other]] == rack[replica[slot]] ? 1 : 0;
            }
            if (same > perRack(p)) {
                return false;
            }
        }
        return true;
    }

    void move(int p, int from, int to) {
        int slot = slot(from, p);
        replica[slot] = to;
        remove(from, rankOf[p]);
        add(to, rankOf[p]);
        bytes[from] -= size[p];
        bytes[to] += size[p];
        if (slot == start[p]) {
            leaders[from]--;
            leaders[to]++;
        }
    }

    /** Makes the replica on that broker the preferred leader; the former one takes its place. */
    void lead(int p, int broker) {
        int slot = slot(broker, p);
        int former = replica[start[p]];
        replica[slot] = former;
        replica[start[p]] = broker;
        leaders[former]--;
        leaders[broker]++;
    }

    /** Puts the same replicas in the order of {@code wanted}, those that are in it at their old place, the rest between. */
    void keepPlaces(int p, int[] wanted) {
        int factor = replicationFactor(p);
        int[] order = new int[factor];
        Arrays.fill(order, -1);
        for (int i = 0; i < factor; i++) {
            if (holds(wanted[start[p] + i], p)) {
                order[i] = wanted[start[p] + i];
            }
        }
        for (int slot = start[p]; slot < start[p + 1]; slot++) {
            int b = replica[slot];
            if (indexOf(order, b) < 0) {
                order[indexOf(order, -1)] = b;
            }
        }
        leaders[replica[start[p]]]--;
        System.arraycopy(order, 0, replica, start[p], factor);
        leaders[order[0]]++;
    }

    private static int indexOf(int[] values, int value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    private void remove(int broker, int rank) {
        int[] ranks = held[broker];
        int place = Arrays.binarySearch(ranks, 0, count[broker], rank);
        System.arraycopy(ranks, place + 1, ranks, place, count[broker] - place - 1);
        count[broker]--;
    }

    private void add(int broker, int rank) {
        if (count[broker] == held[broker].length) {
            held[broker] = Arrays.copyOf(held[broker], count[broker] * 2);
        }
        int[] ranks = held[broker];
        int place = -1 - Arrays.binarySearch(ranks, 0, count[broker], rank);
        System.arraycopy(ranks, place, ranks, place + 1, count[broker] - place);
        ranks[place] = rank;
        count[broker]++;
    }
}
