package io.eventbroker.scaling;

import io.eventbroker.core.EventBrokerException;
import java.util.Arrays;

/**
 * Descends from the placement as it is to one within the band. Each step lessens, in this order, the bytes that lie
 * outside of the band or the replicas that do, so it ends; whether a step is taken depends on the placement alone, never
 * on how it came about, so planning its result again finds nothing to do. There is no clock and no chance in it.
 *
 * <p>The least bytes are moved if every byte leaves a broker that has too many or reaches one that has too few. So
 * whichever sum is larger leads: if the brokers lack more than there is to shed, those that lack are filled from the
 * fullest; otherwise those with too much shed to the emptiest. No partition larger than what is still to be moved is
 * taken until nothing else is left. Partitions are picked about as large as makes bytes and replica counts come out
 * together, so that a new broker gets its share of both at the price of the bytes alone.
 */
final class PlacementSearch {
    private final Replicas now;
    private final int maxSteps;
    private final long[] lowest;
    private final long[] highest;
    private final int[] fewest;
    private final int[] most;
    private final double[] fairBytes;
    private final double[] fairCount;
    private int steps;

    PlacementSearch(Replicas now, Band band, int maxSteps) {
        this.now = now;
        this.maxSteps = maxSteps;
        this.fairBytes = Shares.of(now, now.size);
        long[] ones = new long[now.partitions];
        Arrays.fill(ones, 1);
        this.fairCount = Shares.of(now, ones);
        this.lowest = new long[now.brokers];
        this.highest = new long[now.brokers];
        this.fewest = new int[now.brokers];
        this.most = new int[now.brokers];
        for (int b = 0; b < now.brokers; b++) {
            lowest[b] = band.lowest(fairBytes[b]);
            highest[b] = Math.max(lowest[b], band.highest(fairBytes[b]));
            fewest[b] = band.fewest(fairCount[b]);
            most[b] = band.most(fairCount[b]);
        }
    }

    long lowest(int broker) {
        return lowest[broker];
    }

    long highest(int broker) {
        return highest[broker];
    }

    double fairBytes(int broker) {
        return fairBytes[broker];
    }

    boolean ranOut() {
        return steps >= maxSteps;
    }

    /**
     * Empties the draining brokers, then brings the others into the band.
     *
     * @throws EventBrokerException if a replica on a draining broker has nowhere to go
     */
    void run() {
        drain();
        boolean changed = true;
        while (changed && !ranOut()) {
            changed = false;
            while (!ranOut() && (balanceBytes() || exchange())) {
                changed = true;
            }
            while (!ranOut() && balanceCounts()) {
                changed = true;
            }
        }
    }

    /** Largest first, each to the broker that is furthest below its share. */
    private void drain() {
        int stuck = 0;
        for (int from = 0; from < now.brokers; from++) {
            if (!now.draining[from]) {
                continue;
            }
            int place = 0;
            while (place < now.count[from]) {
                int p = now.held(from, place);
                int best = -1;
                for (int to = 0; to < now.brokers; to++) {
                    if (now.mayMove(p, from, to) && (best < 0 || isEmptier(to, best))) {
                        best = to;
                    }
                }
                if (best < 0) {
                    stuck++;
                    place++;
                } else {
                    now.move(p, from, best);
                    steps++;
                }
            }
        }
        if (stuck > 0) {
            throw new EventBrokerException(
                    stuck + " replicas on the draining brokers have nowhere to go: too few other "
                            + "brokers or racks are left to hold each replica of a partition apart; add brokers, or drain fewer");
        }
    }

    private boolean isEmptier(int b, int than) {
        double left = fairBytes[b] == 0 ? 1 : now.bytes[b] / fairBytes[b];
        double right = fairBytes[than] == 0 ? 1 : now.bytes[than] / fairBytes[than];
        if (left != right) {
            return left < right;
        }
        double fewer = now.count[b] / fairCount[b] - now.count[than] / fairCount[than];
        return fewer != 0 ? fewer < 0 : b < than;
    }

    private boolean balanceBytes() {
        long excess = 0;
        long deficit = 0;
        for (int b = 0; b < now.brokers; b++) {
            excess += excess(b);
            deficit += deficit(b);
        }
        if (excess == 0 && deficit == 0) {
            return false;
        }
        return deficit >= excess ? fill() || shed() || closeGap() : shed() || fill() || closeGap();
    }

    private long excess(int b) {
        return Math.max(0, now.bytes[b] - highest[b]);
    }

    private long deficit(int b) {
        return Math.max(0, lowest[b] - now.bytes[b]);
    }

    /** Moves one partition to a broker that lacks bytes, from one that can spare them. */
    private boolean fill() {
        for (int to : brokersBy(b -> -deficit(b))) {
            long lacking = deficit(to);
            if (lacking == 0) {
                break;
            }
            long aim = aim(lacking, fewest[to] - now.count[to]);
            for (int from : brokersBy(b -> fairBytes[b] - now.bytes[b])) {
                long spare = now.bytes[from] - lowest[from];
                if (spare <= 0) {
                    break;
                }
                if (from != to && moveNear(from, to, aim, Math.min(lacking, spare))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Moves one partition from a broker that has too many bytes, to one that has room. */
    private boolean shed() {
        for (int from : brokersBy(b -> -excess(b))) {
            long over = excess(from);
            if (over == 0) {
                break;
            }
            long aim = aim(over, now.count[from] - most[from]);
            for (int to : brokersBy(b -> now.bytes[b] - fairBytes[b])) {
                long room = highest[to] - now.bytes[to];
                if (room > 0 && to != from && moveNear(from, to, aim, Math.min(over, room))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The size at which the bytes and the replicas that are to be moved come out together; else as large as can be. */
    private static long aim(long bytes, int replicas) {
        return replicas > 0 ? Math.max(1, bytes / replicas) : Long.MAX_VALUE;
    }

    /** Moves the partition whose size is next below {@code aim}, or failing that next above, but at most {@code limit}. */
    private boolean moveNear(int from, int to, long aim, long limit) {
        int first = now.firstAtMost(from, limit);
        int near = now.firstAtMost(from, Math.min(aim, limit));
        for (int place = near; place < now.count[from]; place++) {
            int p = now.held(from, place);
            if (now.size[p] == 0) {
                break;
            }
            if (now.mayMove(p, from, to)) {
                return step(p, from, to);
            }
        }
        for (int place = near - 1; place >= first; place--) {
            int p = now.held(from, place);
            if (now.mayMove(p, from, to)) {
                return step(p, from, to);
            }
        }
        return false;
    }

    /** The move, of any size, that lessens what lies outside of the band by most; of equal ones the cheapest. */
    private boolean closeGap() {
        long bestGain = 0;
        int bestPartition = -1;
        int bestFrom = -1;
        int bestTo = -1;
        for (int from = 0; from < now.brokers; from++) {
            for (int to = 0; to < now.brokers; to++) {
                if (from == to || now.draining[to] || (excess(from) == 0 && deficit(to) == 0)) {
                    continue;
                }
                // Beyond what either side is out by, a larger partition gains nothing and costs more.
                for (int place = now.count[from] - 1; place >= 0; place--) {
                    int p = now.held(from, place);
                    long size = now.size[p];
                    long gain = gain(from, to, size);
                    if (size > excess(from) + deficit(to) && gain <= bestGain) {
                        break;
                    }
                    boolean better = gain > bestGain
                            || (gain == bestGain && bestPartition >= 0 && size < now.size[bestPartition]);
                    if (gain > 0 && better && now.mayMove(p, from, to)) {
                        bestGain = gain;
                        bestPartition = p;
                        bestFrom = from;
                        bestTo = to;
                    }
                }
            }
        }
        return bestPartition >= 0 && step(bestPartition, bestFrom, bestTo);
    }

    /** By how much fewer bytes lie outside of the band once {@code size} has moved. */
    private long gain(int from, int to, long size) {
        return outside(from, 0) + outside(to, 0) - outside(from, -size) - outside(to, size);
    }

    private long outside(int b, long change) {
        long bytes = now.bytes[b] + change;
        return Math.max(0, bytes - highest[b]) + Math.max(0, lowest[b] - bytes);
    }

    /** Exchanges a larger partition for a smaller one where no single move helps: the last resort, for few large ones. */
    private boolean exchange() {
        long bestGain = 0;
        long bestCost = Long.MAX_VALUE;
        int[] best = null;
        for (int from = 0; from < now.brokers; from++) {
            for (int to = 0; to < now.brokers; to++) {
                if (from == to || now.draining[to] || now.draining[from] || (excess(from) == 0 && deficit(to) == 0)) {
                    continue;
                }
                long wanted = Math.max(excess(from), deficit(to));
                for (int place = 0; place < now.count[from]; place++) {
                    int large = now.held(from, place);
                    int near = now.firstAtMost(to, now.size[large] - wanted);
                    for (int other = Math.max(0, near - 2); other < Math.min(now.count[to], near + 2); other++) {
                        int small = now.held(to, other);
                        long gain = gain(from, to, now.size[large] - now.size[small]);
                        long cost = now.size[large] + now.size[small];
                        boolean better = gain > bestGain || (gain == bestGain && gain > 0 && cost < bestCost);
                        if (better && mayExchange(large, from, small, to)) {
                            bestGain = gain;
                            bestCost = cost;
                            best = new int[] {large, from, small, to};
                        }
                    }
                }
            }
        }
        if (best == null) {
            return false;
        }
        step(best[0], best[1], best[3]);
        return step(best[2], best[3], best[1]);
    }

    private boolean mayExchange(int p, int from, int q, int to) {
        return p != q && now.mayMove(p, from, to) && now.mayMove(q, to, from);
    }

    /** Moves the cheapest partition that brings replica counts nearer to the band and leaves no byte outside of its own. */
    private boolean balanceCounts() {
        for (int from : brokersBy(b -> most[b] - now.count[b])) {
            for (int to : brokersBy(b -> now.count[b] - fairCount[b])) {
                boolean helps = (now.count[from] > most[from] && now.count[to] < most[to])
                        || (now.count[to] < fewest[to] && now.count[from] > fewest[from]);
                if (from == to || now.draining[to] || !helps) {
                    continue;
                }
                for (int place = now.count[from] - 1; place >= 0; place--) {
                    int p = now.held(from, place);
                    if (gain(from, to, now.size[p]) < 0) {
                        break;
                    }
                    if (now.mayMove(p, from, to)) {
                        return step(p, from, to);
                    }
                }
            }
        }
        return false;
    }

    private boolean step(int p, int from, int to) {
        now.move(p, from, to);
        steps++;
        return true;
    }

    /** Takes a replica back to where it was, if nothing is further outside of its band for it. */
    void takeBack(int p, int from, int to) {
        if (gain(from, to, now.size[p]) >= 0
                && now.count[from] > fewest[from]
                && now.count[to] < most[to]
                && now.mayMove(p, from, to)) {
            now.move(p, from, to);
        }
    }

    private interface Measure {
        double of(int broker);
    }

    /** The brokers that may hold something, least first; ties by number. */
    private int[] brokersBy(Measure measure) {
        Integer[] order = new Integer[now.brokers];
        double[] value = new double[now.brokers];
        int open = 0;
        for (int b = 0; b < now.brokers; b++) {
            if (!now.draining[b]) {
                value[b] = measure.of(b);
                order[open++] = b;
            }
        }
        Arrays.sort(
                order,
                0,
                open,
                (a, b) -> value[a] != value[b] ? Double.compare(value[a], value[b]) : Integer.compare(a, b));
        int[] sorted = new int[open];
        for (int i = 0; i < open; i++) {
            sorted[i] = order[i];
        }
        return sorted;
    }
}
