package io.eventbroker.backup.internal.wire;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * Where partitions are led.
 *
 * @param clusterId empty if the broker did not say
 * @param topics those that were asked for, by name, also those with an error
 */
public record ClusterMetadata(String clusterId, Map<Integer, InetSocketAddress> brokers, Map<String, Topic> topics) {
    /**
     * A topic.
     *
     * @param error a code of {@link KafkaError}
     */
    public record Topic(String name, Uuid id, int error, List<Partition> partitions) {}

    /**
     * A partition.
     *
     * @param leader −1 while there is none
     */
    public record Partition(int index, int leader, int leaderEpoch) {}
}
