package io.eventbroker.examples.quickstart.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.json.CanonicalJson;
import java.util.List;

/**
 * What one run of the quick start did and measured. Every figure comes from that run. Rates are in MB/s with
 * 1 MB = 1,000,000 bytes unless the caller states otherwise for all of them alike.
 *
 * @param data what was produced, backed up and restored
 * @param checks what the run proved beside that
 * @param throughput rates, and the passes that they are medians of
 * @param moves what adding a broker moved
 * @param cost what the run took
 * @param steps in the order in which they ran
 * @param topology what was deployed
 */
public record QuickStartReport(
        Data data, Checks checks, Throughput throughput, Moves moves, Cost cost, List<Step> steps, Topology topology) {
    public QuickStartReport {
        steps = List.copyOf(steps);
    }

    /**
     * The records, counted three times, and the hashes that compare them.
     *
     * @param sourceHash over key, value, headers, timestamp and order of every record produced
     * @param restoredHash the same over every record restored
     * @param groupPositionsExact whether the group went on at exactly the next record in every partition
     */
    public record Data(
            long recordsProduced,
            long recordsBackedUp,
            long recordsRestored,
            String sourceHash,
            String restoredHash,
            boolean groupPositionsExact) {
        public Data {
            requireNotNegative("recordsProduced", recordsProduced);
            requireNotNegative("recordsBackedUp", recordsBackedUp);
            requireNotNegative("recordsRestored", recordsRestored);
        }

        /** Whether every record that was produced came back, and nothing else. */
        public boolean identical() {
            // Nothing restored from nothing proves nothing.
            return recordsProduced > 0
                    && sourceHash.equals(restoredHash)
                    && recordsProduced == recordsBackedUp
                    && recordsProduced == recordsRestored;
        }
    }

    /**
     * What was proved by trying.
     *
     * @param strangerRefused whether a client without the role was refused
     * @param secondPlanActions how much planning again found to do: 0 if the first apply did all
     */
    public record Checks(boolean strangerRefused, int secondPlanActions) {
        public Checks {
            requireNotNegative("secondPlanActions", secondPlanActions);
        }
    }

    /**
     * Rates in MB/s.
     *
     * @param backupWireMBps compressed bytes as they crossed the network
     * @param backupPayloadMBps median of {@code backupPasses}
     * @param consumerMBps {@code fetch.MB.sec} of kafka-consumer-perf-test, median of {@code consumerPasses}
     * @param backupPasses payload rate of each pass, in order
     * @param consumerPasses rate of each pass of the consumer, alternating with the backup's
     * @param samples rates over the run
     */
    public record Throughput(
            double backupWireMBps,
            double backupPayloadMBps,
            double restorePayloadMBps,
            double consumerMBps,
            List<Double> backupPasses,
            List<Double> consumerPasses,
            List<Sample> samples) {
        public Throughput {
            requireMeasured("backupWireMBps", backupWireMBps);
            requireMeasured("backupPayloadMBps", backupPayloadMBps);
            requireMeasured("restorePayloadMBps", restorePayloadMBps);
            requireMeasured("consumerMBps", consumerMBps);
            backupPasses.forEach(pass -> requireMeasured("backupPasses", pass));
            consumerPasses.forEach(pass -> requireMeasured("consumerPasses", pass));
            backupPasses = List.copyOf(backupPasses);
            consumerPasses = List.copyOf(consumerPasses);
            samples = List.copyOf(samples);
        }
    }

    /**
     * One point of a line in the picture of throughput.
     *
     * @param series what was measured, such as {@code backup}; points of a series are joined
     * @param seconds since the run began
     * @param mbps MB/s since the previous sample of the series
     */
    public record Sample(String series, double seconds, double mbps) {
        public Sample {
            requireMeasured("seconds", seconds);
            requireMeasured("mbps", mbps);
        }
    }

    /**
     * The rebalancing after a broker was added.
     *
     * @param bytesMoved that the plan had to copy between brokers
     * @param bytesMovedLowerBound that no plan could do without
     * @param before bytes on each broker before
     * @param after and afterwards
     */
    public record Moves(long bytesMoved, long bytesMovedLowerBound, List<BrokerLoad> before, List<BrokerLoad> after) {
        public Moves {
            requireNotNegative("bytesMoved", bytesMoved);
            requireNotNegative("bytesMovedLowerBound", bytesMovedLowerBound);
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** The bytes of all replicas on a broker. */
    public record BrokerLoad(String broker, String rack, long bytes) {
        public BrokerLoad {
            requireNotNegative("bytes of broker " + broker, bytes);
        }
    }

    /**
     * What the run took.
     *
     * @param wallSeconds from start to report
     * @param peakHeapMB the highest use of the Java heap
     */
    public record Cost(double wallSeconds, double peakHeapMB) {
        public Cost {
            requireMeasured("wallSeconds", wallSeconds);
            requireMeasured("peakHeapMB", peakHeapMB);
        }
    }

    /**
     * A step as it was narrated.
     *
     * @param name in a few words
     * @param seconds that it took
     * @param lines what it printed
     */
    public record Step(String name, double seconds, List<String> lines) {
        public Step {
            requireMeasured("seconds of step '" + name + "'", seconds);
            lines = List.copyOf(lines);
        }
    }

    /**
     * What was deployed.
     *
     * @param cluster its name
     * @param environment such as {@code production}
     * @param zones with the brokers in each
     * @param components that stand beside the brokers
     */
    public record Topology(
            String cluster, String environment, List<Zone> zones, List<Component> components, List<Topic> topics) {
        public Topology {
            zones = List.copyOf(zones);
            components = List.copyOf(components);
            topics = List.copyOf(topics);
        }
    }

    /**
     * A zone, which is a rack to Kafka.
     *
     * @param brokers their names
     */
    public record Zone(String name, List<String> brokers) {
        public Zone {
            brokers = List.copyOf(brokers);
        }
    }

    /**
     * A component other than the brokers.
     *
     * @param kind such as {@code Schema Registry}
     */
    public record Component(String kind, String name, int replicas) {
        public Component {
            requireNotNegative("replicas of " + name, replicas);
        }
    }

    public record Topic(String name, int partitions, int replicationFactor) {
        public Topic {
            requireNotNegative("partitions of " + name, partitions);
            requireNotNegative("replicationFactor of " + name, replicationFactor);
        }
    }

    /** {@code report.json}: the figures side by side at the top, then the lists. */
    public String toJson() {
        ObjectNode root = CanonicalJson.toTree(data).deepCopy();
        for (Object group : List.of(checks, throughput, cost)) {
            root.setAll((ObjectNode) CanonicalJson.toTree(group));
        }
        root.put("bytesMoved", moves.bytesMoved());
        root.put("bytesMovedLowerBound", moves.bytesMovedLowerBound());
        root.set("balanceBefore", CanonicalJson.toTree(moves.before()));
        root.set("balanceAfter", CanonicalJson.toTree(moves.after()));
        root.set("steps", CanonicalJson.toTree(steps));
        root.set("topology", CanonicalJson.toTree(topology));
        return CanonicalJson.writePretty(root);
    }

    private static void requireMeasured(String what, double value) {
        if (!Double.isFinite(value) || value < 0) {
            throw new IllegalArgumentException(what + " must be a number of at least 0, was " + value);
        }
    }

    private static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
    }
}
