package io.eventbroker.core.cluster;

import io.eventbroker.core.TopicName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One topic.
 *
 * @param id Kafka's own id, as {@code Uuid.toString} writes it: another topic of the same name has another
 * @param partitions by number
 * @param configs effective values by key; empty if configurations were not read
 */
public record TopicState(
        TopicName name, String id, List<PartitionState> partitions, SortedMap<String, ConfigValue> configs) {
    public TopicState {
        partitions = List.copyOf(partitions);
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }

    /** The most replicas that any partition has. */
    public int replicationFactor() {
        return partitions.stream().mapToInt(p -> p.replicas().size()).max().orElse(0);
    }

    /** The keys that were set on this topic itself, with their values; those whose value the broker hides are left out. */
    public SortedMap<String, String> overrides() {
        return configs.entrySet().stream()
                .filter(e -> e.getValue().overridden() && e.getValue().value() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> String.valueOf(e.getValue().value()), (a, b) -> a, TreeMap::new));
    }

    public TopicState withPartitions(List<PartitionState> changed) {
        return new TopicState(name, id, changed, configs);
    }

    public TopicState withConfigs(SortedMap<String, ConfigValue> changed) {
        return new TopicState(name, id, partitions, changed);
    }
}
