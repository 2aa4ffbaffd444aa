package io.eventbroker.scaling;

import java.util.Arrays;

/**
 * Evens out preferred leaders by reordering replicas, which copies nothing. A broker with too many hands one on along a
 * shortest chain of brokers that can each lead a partition of the one before, to one that can take it; likewise towards a
 * broker that has too few. As deterministic as {@link PlacementSearch}.
 */
final class LeaderSearch {
    private final Replicas now;
    private final boolean[] moved;
    private final int fewest;
    private final int most;
    /** By leader and follower: how many partitions. */
    private final int[] ledBy;
    /** By broker: the partitions that it leads, in no order that matters but always the same. */
    private final int[][] led;

    private final int[] ledCount;

    /**
     * Prepares the search.
     *
     * @param moved by partition: it changes anyway, so that reordering it makes the plan no longer
     */
    LeaderSearch(Replicas now, Band band, boolean[] moved) {
        this.now = now;
        this.moved = moved;
        int open = 0;
        for (boolean closed : now.draining) {
            open += closed ? 0 : 1;
        }
        double fair = (double) now.partitions / open;
        this.fewest = band.fewest(fair);
        this.most = band.most(fair);
        this.ledBy = new int[now.brokers * now.brokers];
        this.led = new int[now.brokers][];
        this.ledCount = new int[now.brokers];
        Arrays.setAll(led, b -> new int[now.leaders[b] + 16]);
        for (int p = 0; p < now.partitions; p++) {
            enter(p);
        }
    }

    void run() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int b = 0; b < now.brokers && !changed; b++) {
                if (now.leaders[b] > most) {
                    changed = handOn(b);
                }
            }
            for (int b = 0; b < now.brokers && !changed; b++) {
                if (!now.draining[b] && now.leaders[b] < fewest) {
                    changed = take(b);
                }
            }
        }
    }

    /** From a broker with too many to the nearest that stays within the band. */
    private boolean handOn(int from) {
        int[] before = new int[now.brokers];
        Arrays.fill(before, -1);
        before[from] = from;
        int[] queue = new int[now.brokers];
        int tail = 0;
        queue[tail++] = from;
        for (int head = 0; head < tail; head++) {
            int b = queue[head];
            if (now.leaders[b] < most && b != from) {
                shift(before, from, b);
                return true;
            }
            for (int next = 0; next < now.brokers; next++) {
                if (before[next] < 0 && !now.draining[next] && ledBy[b * now.brokers + next] > 0) {
                    before[next] = b;
                    queue[tail++] = next;
                }
            }
        }
        return false;
    }

    /** To a broker with too few from the nearest that can spare one. */
    private boolean take(int to) {
        int[] after = new int[now.brokers];
        Arrays.fill(after, -1);
        after[to] = to;
        int[] queue = new int[now.brokers];
        int tail = 0;
        queue[tail++] = to;
        for (int head = 0; head < tail; head++) {
            int b = queue[head];
            if (now.leaders[b] > fewest && b != to) {
                for (int at = b; at != to; at = after[at]) {
                    pass(at, after[at]);
                }
                return true;
            }
            for (int next = 0; next < now.brokers; next++) {
                if (after[next] < 0 && ledBy[next * now.brokers + b] > 0) {
                    after[next] = b;
                    queue[tail++] = next;
                }
            }
        }
        return false;
    }

    private void shift(int[] before, int from, int to) {
        for (int at = to; at != from; at = before[at]) {
            pass(before[at], at);
        }
    }

    private void pass(int from, int to) {
        int best = -1;
        for (int i = 0; i < ledCount[from]; i++) {
            int p = led[from][i];
            if (now.holds(to, p)) {
                if (best < 0 || (moved[p] && !moved[best]) || (moved[p] == moved[best] && p < best)) {
                    best = p;
                }
            }
        }
        leave(best);
        now.lead(best, to);
        enter(best);
        moved[best] = true;
    }

    private void enter(int p) {
        int leader = now.replica[now.start[p]];
        if (ledCount[leader] == led[leader].length) {
            led[leader] = Arrays.copyOf(led[leader], ledCount[leader] * 2);
        }
        led[leader][ledCount[leader]++] = p;
        count(p, leader, 1);
    }

    private void leave(int p) {
        int leader = now.replica[now.start[p]];
        int[] list = led[leader];
        int place = 0;
        while (list[place] != p) {
            place++;
        }
        list[place] = list[--ledCount[leader]];
        count(p, leader, -1);
    }

    private void count(int p, int leader, int change) {
        for (int slot = now.start[p] + 1; slot < now.start[p + 1]; slot++) {
            ledBy[leader * now.brokers + now.replica[slot]] += change;
        }
    }
}
