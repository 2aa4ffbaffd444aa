package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Changes to a cluster, made in memory: what the state would be after them. Not safe for use by several threads.
 *
 * <p>A new replica is taken to be in sync at once, and a new partition is placed on the brokers in turn: where Kafka
 * would place it is not predictable, and no planner may rely on it.
 */
public final class Simulation {
    private final ClusterState start;
    private final SortedMap<BrokerId, Broker> brokers;
    private final SortedMap<TopicName, TopicState> topics;

    Simulation(ClusterState start) {
        this.start = start;
        this.brokers = new TreeMap<>(start.brokers());
        this.topics = new TreeMap<>(start.topics());
    }

    public Simulation addBroker(Broker broker) {
        brokers.put(broker.id(), broker);
        return this;
    }

    /**
     * Creates a topic.
     *
     * @throws IllegalArgumentException if there is one of that name, or fewer brokers than replicas
     */
    public Simulation createTopic(
            TopicName name, int partitions, int replicationFactor, Map<String, String> overrides) {
        if (topics.containsKey(name)) {
            throw new IllegalArgumentException("topic " + name + " exists");
        }
        topics.put(name, new TopicState(name, "simulated-" + name, List.of(), new TreeMap<>()));
        addPartitions(name, partitions, replicationFactor);
        overrides.forEach((key, value) -> setConfig(name, key, Optional.of(value)));
        return this;
    }

    public Simulation deleteTopic(TopicName name) {
        topic(name);
        topics.remove(name);
        return this;
    }

    /** Adds partitions until there are {@code total}, each with as many replicas as the others have. */
    public Simulation addPartitionsUpTo(TopicName name, int total) {
        return addPartitions(name, total, topic(name).replicationFactor());
    }

    /** Sets a key of a topic, or with an empty value takes the override away: the inherited value is then unknown. */
    public Simulation setConfig(TopicName name, String key, Optional<String> value) {
        TopicState topic = topic(name);
        SortedMap<String, ConfigValue> configs =
                new TreeMap<>(topic.configTable().map(ConfigTable::toMap).orElse(new TreeMap<>()));
        value.ifPresentOrElse(v -> configs.put(key, new ConfigValue(v, true)), () -> configs.remove(key));
        topics.put(name, topic.withConfigs(configs));
        return this;
    }

    /** Puts a partition's replicas on these brokers, the preferred leader first. */
    public Simulation moveReplicas(TopicName name, int partition, List<BrokerId> replicas) {
        TopicState topic = topic(name);
        List<PartitionState> partitions = new ArrayList<>(topic.partitions());
        partitions.set(partition, partitions.get(partition).withReplicas(replicas));
        topics.put(name, topic.withPartitions(partitions));
        return this;
    }

    /** The state after all changes so far. */
    public ClusterState state() {
        return start.with(brokers, topics);
    }

    private Simulation addPartitions(TopicName name, int total, int replicationFactor) {
        if (replicationFactor > brokers.size()) {
            throw new IllegalArgumentException("topic " + name + ": " + brokers.size() + " brokers cannot hold "
                    + replicationFactor + " replicas of a partition");
        }
        List<BrokerId> ids = List.copyOf(brokers.keySet());
        TopicState topic = topic(name);
        List<PartitionState> partitions = new ArrayList<>(topic.partitions());
        for (int partition = partitions.size(); partition < total; partition++) {
            List<BrokerId> replicas = new ArrayList<>();
            for (int i = 0; i < replicationFactor; i++) {
                replicas.add(ids.get((partition + i) % ids.size()));
            }
            partitions.add(PartitionState.placedOn(replicas));
        }
        topics.put(name, topic.withPartitions(partitions));
        return this;
    }

    private TopicState topic(TopicName name) {
        TopicState topic = topics.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("there is no topic " + name);
        }
        return topic;
    }
}
