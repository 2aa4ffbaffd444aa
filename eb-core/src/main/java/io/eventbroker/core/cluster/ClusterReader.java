package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads a {@link ClusterState}: everything that does not depend on an answer is asked for before any answer is awaited. */
final class ClusterReader {
    private static final int TOPICS_PER_REQUEST = 1_000;
    /** How long offsets are waited for before their topics are looked at again. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;
    private final Deadline deadline;
    private final Set<Part> parts;
    private final Predicate<String> wanted;

    ClusterReader(Admin admin, Deadline deadline, Set<Part> parts, Predicate<String> wanted) {
        this.admin = admin;
        this.deadline = deadline;
        this.parts = parts;
        this.wanted = wanted;
    }

    ClusterState read() {
        int millis = Math.max(1, deadline.remainingMillis());
        DescribeClusterResult cluster = admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis));
        KafkaFuture<Set<String>> names = admin.listTopics(
                        new ListTopicsOptions().listInternal(true).timeoutMs(millis))
                .names();
        Optional<KafkaFuture<Collection<GroupListing>>> listings = parts.contains(Part.GROUPS)
                ? Optional.of(admin.listGroups(new ListGroupsOptions().timeoutMs(millis))
                        .all())
                : Optional.empty();

        SortedMap<BrokerId, Broker> brokers = new TreeMap<>();
        for (Node node : AdminCalls.read(cluster.nodes(), "describe the cluster", deadline)) {
            BrokerId id = BrokerId.of(node.id());
            brokers.put(id, new Broker(id, node.host(), node.port(), Optional.ofNullable(node.rack())));
        }
        String clusterId = AdminCalls.read(cluster.clusterId(), "read the cluster's id", deadline);
        Optional<KafkaFuture<Map<Integer, Map<String, LogDirDescription>>>> logDirs = parts.contains(Part.SIZES)
                ? Optional.of(admin.describeLogDirs(
                                brokers.keySet().stream().map(BrokerId::value).toList(),
                                new DescribeLogDirsOptions().timeoutMs(millis))
                        .allDescriptions())
                : Optional.empty();
        Optional<ListConsumerGroupOffsetsResult> offsets = listings.map(this::requestGroupOffsets);

        TopicReads reads = new TopicReads(AdminCalls.read(names, "list the topics", deadline), millis);
        Map<TopicPartition, Long> sizes = logDirs.map(this::largestReplicas).orElse(Map.of());
        SortedMap<TopicName, TopicState> topics = reads.topics(sizes);
        SortedMap<String, GroupState> groups =
                offsets.isPresent() ? groups(listings.orElseThrow(), offsets.get()) : new TreeMap<>();
        return new ClusterState(clusterId, brokers, topics, groups);
    }

    /** The requests about topics, sent batch by batch as soon as the names are known. */
    private final class TopicReads {
        private final Map<String, KafkaFuture<TopicDescription>> descriptions = new HashMap<>();
        private final Map<ConfigResource, KafkaFuture<Config>> configs = new HashMap<>();
        private final int millis;

        TopicReads(Set<String> names, int millis) {
            this.millis = millis;
            List<String> sorted = names.stream().filter(wanted).sorted().toList();
            for (int from = 0; from < sorted.size(); from += TOPICS_PER_REQUEST) {
                List<String> batch = sorted.subList(from, Math.min(sorted.size(), from + TOPICS_PER_REQUEST));
                descriptions.putAll(admin.describeTopics(batch, new DescribeTopicsOptions().timeoutMs(millis))
                        .topicNameValues());
                if (parts.contains(Part.CONFIGS)) {
                    configs.putAll(admin.describeConfigs(
                                    batch.stream()
                                            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                            .toList(),
                                    new DescribeConfigsOptions().timeoutMs(millis))
                            .values());
                }
            }
        }

        SortedMap<TopicName, TopicState> topics(Map<TopicPartition, Long> sizes) {
            Map<String, TopicDescription> described = new TreeMap<>();
            descriptions.forEach((name, future) ->
                    ifStillThere(future, "describe topic " + name).ifPresent(found -> described.put(name, found)));
            Map<TopicPartition, Long> starts = Map.of();
            Map<TopicPartition, Long> ends = Map.of();
            if (parts.contains(Part.OFFSETS)) {
                List<TopicPartition> led =
                        described.values().stream().flatMap(TopicReads::led).toList();
                OffsetReads first = new OffsetReads(led, OffsetSpec.earliest());
                OffsetReads last = new OffsetReads(led, OffsetSpec.latest());
                starts = first.await(described);
                ends = last.await(described);
            }
            SortedMap<TopicName, TopicState> topics = new TreeMap<>();
            for (TopicDescription topic : described.values()) {
                Optional<SortedMap<String, ConfigValue>> values = configs(topic.name());
                if (values.isEmpty()) {
                    continue;
                }
                List<PartitionState> partitions = new ArrayList<>();
                for (TopicPartitionInfo info : topic.partitions()) {
                    TopicPartition key = new TopicPartition(topic.name(), info.partition());
                    partitions.add(new PartitionState(
                            Optional.ofNullable(info.leader())
                                    .filter(n -> !n.isEmpty())
                                    .map(n -> BrokerId.of(n.id())),
                            ids(info.replicas()),
                            ids(info.isr()),
                            sizes.getOrDefault(key, parts.contains(Part.SIZES) ? 0L : -1L),
                            starts.getOrDefault(key, -1L),
                            ends.getOrDefault(key, -1L)));
                }
                TopicName name = TopicName.of(topic.name());
                topics.put(name, new TopicState(name, topic.topicId().toString(), partitions, values.get()));
            }
            return topics;
        }

        /** Empty if the topic is gone; without entries if they were not asked for. */
        private Optional<SortedMap<String, ConfigValue>> configs(String topic) {
            KafkaFuture<Config> future = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic));
            if (future == null) {
                return Optional.of(new TreeMap<>());
            }
            return ifStillThere(future, "describe the configuration of topic " + topic)
                    .map(config -> {
                        SortedMap<String, ConfigValue> values = new TreeMap<>();
                        config.entries()
                                .forEach(entry -> values.put(
                                        entry.name(),
                                        new ConfigValue(
                                                entry.value(),
                                                entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)));
                        return values;
                    });
        }

        /** The Admin client waits for a leader until its time is up: not with a partition that has lost its own for long. */
        private final class OffsetReads {
            private final Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> open = new HashMap<>();
            private final Map<TopicPartition, Long> offsets = new HashMap<>();

            OffsetReads(List<TopicPartition> partitions, OffsetSpec spec) {
                var result = admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(millis));
                partitions.forEach(p -> open.put(p, result.partitionResult(p)));
            }

            /** Takes topics that turn out to be gone out of those described. */
            Map<TopicPartition, Long> await(Map<String, TopicDescription> described) {
                takeAnswers(described, deadline.atMost(PATIENCE));
                while (!open.isEmpty()) {
                    lookAgain(described);
                    takeAnswers(described, deadline.atMost(PATIENCE));
                }
                return offsets;
            }

            private void takeAnswers(Map<String, TopicDescription> described, Deadline soon) {
                for (TopicPartition partition : List.copyOf(open.keySet())) {
                    KafkaFuture<ListOffsetsResultInfo> answer = Objects.requireNonNull(open.get(partition));
                    try {
                        ifStillThere(answer, "read the offsets of " + partition, soon)
                                .ifPresentOrElse(
                                        info -> offsets.put(partition, info.offset()),
                                        () -> described.remove(partition.topic()));
                        open.remove(partition);
                    } catch (DeadlineExceededException e) {
                        if (deadline.hasPassed()) {
                            throw e;
                        }
                    }
                }
            }

            /** Gives up on partitions that have lost their leader, or are gone. */
            private void lookAgain(Map<String, TopicDescription> described) {
                Set<String> names =
                        open.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
                Set<TopicPartition> led = new HashSet<>();
                admin.describeTopics(
                                names, new DescribeTopicsOptions().timeoutMs(Math.max(1, deadline.remainingMillis())))
                        .topicNameValues()
                        .forEach((name, future) -> ifStillThere(future, "describe topic " + name)
                                .ifPresentOrElse(
                                        topic -> led.addAll(led(topic).toList()), () -> described.remove(name)));
                open.keySet().retainAll(led);
            }
        }

        private static Stream<TopicPartition> led(TopicDescription topic) {
            return topic.partitions().stream()
                    .filter(p -> p.leader() != null && !p.leader().isEmpty())
                    .map(p -> new TopicPartition(topic.name(), p.partition()));
        }
    }

    /** Empty for what was deleted between the list and the question about it. */
    private <T> Optional<T> ifStillThere(KafkaFuture<T> future, String what) {
        return ifStillThere(future, what, deadline);
    }

    private static <T> Optional<T> ifStillThere(KafkaFuture<T> future, String what, Deadline deadline) {
        try {
            return Optional.of(AdminCalls.read(future, what, deadline));
        } catch (EventBrokerException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Map<TopicPartition, Long> largestReplicas(
            KafkaFuture<Map<Integer, Map<String, LogDirDescription>>> future) {
        Map<TopicPartition, Long> sizes = new HashMap<>();
        AdminCalls.read(future, "describe the log directories", deadline).values().stream()
                .flatMap(dirs -> dirs.values().stream())
                .forEach(dir -> dir.replicaInfos().forEach((partition, replica) -> {
                    if (!replica.isFuture()) {
                        sizes.merge(partition, replica.size(), Math::max);
                    }
                }));
        return sizes;
    }

    private ListConsumerGroupOffsetsResult requestGroupOffsets(KafkaFuture<Collection<GroupListing>> listings) {
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        for (GroupListing group : AdminCalls.read(listings, "list the groups", deadline)) {
            if (commitsOffsets(group)) {
                specs.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
            }
        }
        return admin.listConsumerGroupOffsets(
                specs, new ListConsumerGroupOffsetsOptions().timeoutMs(Math.max(1, deadline.remainingMillis())));
    }

    private SortedMap<String, GroupState> groups(
            KafkaFuture<Collection<GroupListing>> listings, ListConsumerGroupOffsetsResult offsets) {
        SortedMap<String, GroupState> groups = new TreeMap<>();
        for (GroupListing group : AdminCalls.read(listings, "list the groups", deadline)) {
            Map<TopicPartition, OffsetAndMetadata> committed = commitsOffsets(group)
                    ? ifStillThere(
                                    offsets.partitionsToOffsetAndMetadata(group.groupId()),
                                    "read the offsets of group " + group.groupId())
                            .orElse(Map.of())
                    : Map.of();
            groups.put(
                    group.groupId(),
                    GroupState.of(
                            group.groupId(),
                            group.type().map(GroupType::toString).orElse("Unknown"),
                            group.groupState().map(Object::toString).orElse("Unknown"),
                            withoutGaps(committed)));
        }
        return groups;
    }

    private static boolean commitsOffsets(GroupListing group) {
        return group.type().map(type -> type != GroupType.SHARE).orElse(true);
    }

    /** Kafka answers null for a partition without a committed position. */
    private static Map<TopicPartition, OffsetAndMetadata> withoutGaps(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> present = new HashMap<>(offsets);
        present.values().removeIf(offset -> offset == null);
        return present;
    }

    private static List<BrokerId> ids(List<Node> nodes) {
        return nodes.stream().map(node -> BrokerId.of(node.id())).toList();
    }
}
