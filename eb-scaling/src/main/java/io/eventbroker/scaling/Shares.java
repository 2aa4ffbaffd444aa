package io.eventbroker.scaling;

/**
 * What each broker should hold of something that partitions weigh: the average, unless the racks' rules fix how much a
 * rack holds. With three replicas in three racks each rack holds every partition once, so a fourth broker can only share
 * the load of its own rack; measuring it against the cluster's average would ask for what no plan can give.
 */
final class Shares {
    private static final int HALVINGS = 200;

    private Shares() {}

    /**
     * By broker, the fair share.
     *
     * @param weight by partition
     */
    static double[] of(Replicas replicas, long[] weight) {
        int brokers = replicas.brokers;
        double[] share = new double[brokers];
        double total = 0;
        double mostInRack = 0;
        double leastInRack = 0;
        for (int p = 0; p < replicas.partitions; p++) {
            int factor = replicas.replicationFactor(p);
            total += (double) weight[p] * factor;
            if (replicas.racks > 0) {
                int cap = replicas.perRack(p);
                mostInRack += (double) weight[p] * cap;
                leastInRack += (double) weight[p] * Math.max(0, factor - cap * (replicas.racks - 1));
            }
        }
        int open = 0;
        int[] inRack = new int[brokers];
        for (int b = 0; b < brokers; b++) {
            if (!replicas.draining[b]) {
                open++;
                if (replicas.racks > 0) {
                    inRack[replicas.rack[b]]++;
                }
            }
        }
        double average = total / open;
        if (replicas.racks == 0) {
            for (int b = 0; b < brokers; b++) {
                share[b] = replicas.draining[b] ? 0 : average;
            }
            return share;
        }
        // The level at which the racks, each filled to it as far as the rules let it, hold everything.
        double low = 0;
        double high = total;
        for (int i = 0; i < HALVINGS && low < high; i++) {
            double level = (low + high) / 2;
            double filled = 0;
            for (int n : inRack) {
                if (n > 0) {
                    filled += clamp(n * level, leastInRack, mostInRack);
                }
            }
            if (filled < total) {
                low = level;
            } else {
                high = level;
            }
        }
        for (int b = 0; b < brokers; b++) {
            if (!replicas.draining[b]) {
                int n = inRack[replicas.rack[b]];
                double fair = clamp(n * high, leastInRack, mostInRack) / n;
                // Halving stops a hair off; equal shares should be exactly equal to the average.
                share[b] = Math.abs(fair - average) <= average * 1e-9 ? average : fair;
            }
        }
        return share;
    }

    private static double clamp(double value, double least, double most) {
        return Math.min(Math.max(value, least), most);
    }
}
