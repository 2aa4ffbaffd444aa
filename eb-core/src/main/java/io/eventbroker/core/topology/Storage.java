package io.eventbroker.core.topology;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;
import java.util.Optional;

/**
 * The volumes of one replica.
 *
 * @param data what must survive: Kafka's partitions, ZooKeeper's snapshots, a service's state
 * @param logs a separate volume for what is written beside it: application logs, ZooKeeper's transaction log
 */
public record Storage(Volume data, Optional<Volume> logs) {
    /**
     * A volume.
     *
     * @param size at first
     * @param storageClass such as {@code gp3}; empty for the cluster's default
     * @param expansion when to enlarge it by itself; empty for never
     */
    public record Volume(
            @Range(min = 1 << 20) @Description("The size of the volume at first, from 1Mi on")
            DataSize size,

            @Description("The StorageClass, such as gp3; empty for the cluster's default")
            Optional<String> storageClass,

            Optional<Expansion> expansion) {
        public Volume {
            Checks.begin()
                    .require(
                            size.bytes() >= 1 << 20,
                            "size",
                            "must be at least 1Mi, was " + size,
                            "write a size such as 1Ti")
                    .require(
                            expansion.isEmpty() || expansion.get().upTo().compareTo(size) > 0,
                            "expansion.upTo",
                            "a volume of " + size + " cannot grow up to a size that is not larger",
                            "raise upTo or leave expansion out")
                    .end();
        }
    }

    /**
     * Automatic growth.
     *
     * @param atPercent of use at which the volume is enlarged, 1 to 99
     * @param byPercent of its size by which it grows, 1 to 100
     * @param upTo the largest size that it may get
     */
    public record Expansion(
            @Range(min = 1, max = 99) @Description("Per cent of use at which the volume is enlarged")
            int atPercent,

            @Range(min = 1, max = 100) @Description("Per cent of its size by which the volume grows")
            int byPercent,

            @Description("The largest size that the volume may get")
            DataSize upTo) {
        public Expansion {
            Checks.begin()
                    .require(
                            atPercent >= 1 && atPercent <= 99,
                            "atPercent",
                            "must lie between 1 and 99, was " + atPercent,
                            "write a percentage such as 80")
                    .require(
                            byPercent >= 1 && byPercent <= 100,
                            "byPercent",
                            "must lie between 1 and 100, was " + byPercent,
                            "write a percentage such as 25")
                    .end();
        }
    }
}
