package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * An immutable snapshot of a Kafka cluster. It is read in few batched requests that overlap; between them the cluster
 * may move, so two parts of one snapshot can be moments apart.
 *
 * @param clusterId Kafka's own id of the cluster
 * @param brokers those that are registered and alive
 * @param topics all topics, Kafka's internal ones included, or those that were asked for
 * @param groups all consumer groups with their committed positions; empty if groups were not read
 */
public record ClusterState(
        String clusterId,
        SortedMap<BrokerId, Broker> brokers,
        SortedMap<TopicName, TopicState> topics,
        SortedMap<String, GroupState> groups) {

    /** What {@link #read} can leave out. Brokers, topics and placement are always read. */
    public enum Part {
        /** Effective topic configurations. */
        CONFIGS,
        /** Bytes on disk, from the log directories of every broker. */
        SIZES,
        /** First and last stable offset of every partition. */
        OFFSETS,
        /** Consumer groups and their committed offsets. */
        GROUPS
    }

    public ClusterState {
        brokers = Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }

    /** Reads everything: {@link #read(Admin, Deadline, Collection)} with every {@link Part}. */
    public static ClusterState read(Admin admin, Deadline deadline) {
        return read(admin, deadline, EnumSet.allOf(Part.class));
    }

    /**
     * Reads the cluster. Blocks; the requests are sent at once or in batches of at most 1,000 topics, so their number
     * does not grow with the number of partitions but by batch.
     *
     * @throws io.eventbroker.core.RetryableException if a request failed for a reason that is likely to pass
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     * @throws io.eventbroker.core.EventBrokerException if a right is missing or Kafka refused otherwise
     */
    public static ClusterState read(Admin admin, Deadline deadline, Collection<Part> parts) {
        return new ClusterReader(admin, deadline, Set.copyOf(parts), topic -> true).read();
    }

    /**
     * Reads the cluster as {@link #read(Admin, Deadline, Collection)} does, of its topics only these; those that are not
     * there are left out. Needs rights on no other topic.
     */
    public static ClusterState read(
            Admin admin, Deadline deadline, Collection<Part> parts, Collection<TopicName> topics) {
        Set<String> wanted = topics.stream().map(TopicName::value).collect(Collectors.toSet());
        return new ClusterReader(admin, deadline, Set.copyOf(parts), wanted::contains).read();
    }

    public Optional<TopicState> topic(TopicName name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The racks of all brokers that have one, sorted. */
    public List<String> racks() {
        return brokers.values().stream()
                .flatMap(b -> b.rack().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Starts from this state and changes it in memory, so that a planner can check what its plan would lead to. */
    public Simulation simulate() {
        return new Simulation(this);
    }
}
