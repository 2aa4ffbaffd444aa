package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;

/**
 * What one broker holds before and after a plan.
 *
 * @param rack empty if the broker has none
 * @param fairShare of the bytes: the average, or where the racks' rules fix what a rack holds, the average of its rack;
 *     nothing for a broker that is drained
 */
public record BrokerLoad(BrokerId broker, String rack, DataSize fairShare, Holding before, Holding after) {

    /**
     * What a broker holds.
     *
     * @param leaders the partitions that it is the preferred leader of
     */
    public record Holding(DataSize bytes, int replicas, int leaders) {}
}
