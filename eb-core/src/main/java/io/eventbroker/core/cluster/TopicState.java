package io.eventbroker.core.cluster;

import io.eventbroker.core.TopicName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One topic. Immutable, and packed: a partition takes some 60 bytes, topics with equal properties share them. What
 * {@link #partitions} and {@link #configs} return is made at each call, so keep it while working with it.
 */
public final class TopicState {
    private final TopicName name;
    /** A {@link Uuid} where it is one, which is a third of its text. */
    private final Object id;

    private final PartitionTable partitions;
    private final @Nullable ConfigTable configs;

    TopicState(TopicName name, String id, List<PartitionState> partitions, @Nullable ConfigTable configs) {
        this(name, packed(id), PartitionTable.of(partitions), configs);
    }

    private TopicState(TopicName name, Object id, PartitionTable partitions, @Nullable ConfigTable configs) {
        this.name = name;
        this.id = id;
        this.partitions = partitions;
        this.configs = configs;
    }

    /**
     * A topic with its properties.
     *
     * @param id Kafka's own id, as {@code Uuid.toString} writes it
     * @param partitions by number
     * @param configs effective values by key
     */
    public TopicState(
            TopicName name, String id, List<PartitionState> partitions, SortedMap<String, ConfigValue> configs) {
        this(name, id, partitions, ConfigTable.of(new TreeMap<>(configs)));
    }

    /** A topic whose properties are not known. */
    public static TopicState placed(TopicName name, String id, List<PartitionState> partitions) {
        return new TopicState(name, id, partitions, (ConfigTable) null);
    }

    private static Object packed(String id) {
        try {
            Uuid uuid = Uuid.fromString(id);
            return uuid.toString().equals(id) ? uuid : id;
        } catch (IllegalArgumentException e) {
            return id;
        }
    }

    public TopicName name() {
        return name;
    }

    /** Kafka's own id, as {@code Uuid.toString} writes it: another topic of the same name has another. */
    public String id() {
        return id.toString();
    }

    /** By number. Unmodifiable; each element is made when it is asked for. */
    public List<PartitionState> partitions() {
        return partitions;
    }

    PartitionTable table() {
        return partitions;
    }

    Optional<ConfigTable> configTable() {
        return Optional.ofNullable(configs);
    }

    /** Whether {@link #configs} and {@link #overrides} can tell. */
    public boolean hasConfigs() {
        return configs != null;
    }

    /**
     * Effective values by key.
     *
     * @throws NotReadException if they were not asked for, or a right was missing
     */
    public SortedMap<String, ConfigValue> configs() {
        if (configs == null) {
            throw new NotReadException(
                    "the properties of topic " + name + " were not read; read the cluster with"
                            + " Part.CONFIGS and the right DescribeConfigs on the topic, the state's gaps() say what was missing");
        }
        return configs.toMap();
    }

    /** The most replicas that any partition has. */
    public int replicationFactor() {
        return partitions.mostReplicas();
    }

    /**
     * The keys that were set on this topic itself, with their values; those whose value the broker hides are left out.
     *
     * @throws NotReadException as {@link #configs}
     */
    public SortedMap<String, String> overrides() {
        return configs().entrySet().stream()
                .filter(e -> e.getValue().overridden() && e.getValue().value() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> String.valueOf(e.getValue().value()), (a, b) -> a, TreeMap::new));
    }

    public TopicState withPartitions(List<PartitionState> changed) {
        return new TopicState(name, id, PartitionTable.of(List.copyOf(changed)), configs);
    }

    public TopicState withConfigs(SortedMap<String, ConfigValue> changed) {
        return new TopicState(name, id, partitions, ConfigTable.of(new TreeMap<>(changed)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof TopicState that
                        && name.equals(that.name)
                        && id.equals(that.id)
                        && partitions.equals(that.partitions)
                        && Objects.equals(configs, that.configs));
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, id);
    }

    @Override
    public String toString() {
        return "topic " + name + " (" + partitions.size() + " partitions, " + replicationFactor() + " replicas)";
    }
}
