package io.eventbroker.core.cluster;

import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.Reading.Answer;
import io.eventbroker.core.cluster.Reading.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the groups of all types, each with the questions of its type; the client asks each batch's coordinators at once. */
final class GroupReader {
    private static final int GROUPS_PER_REQUEST = 200;

    private final Reading reading;
    private final TopicReader topics;
    private final SortedMap<String, GroupState> groups = new TreeMap<>();

    /** What was asked about a batch: the number of members and the offsets of each group. */
    private record Asked(
            List<GroupListing> batch,
            Map<String, KafkaFuture<Integer>> members,
            Map<String, KafkaFuture<SortedMap<TopicPartition, GroupOffset>>> offsets) {}

    GroupReader(Reading reading, TopicReader topics) {
        this.reading = reading;
        this.topics = topics;
    }

    /** All groups that may be seen; null if they may not be listed at all. */
    @Nullable
    SortedMap<String, GroupState> read() {
        Map<GroupType, List<GroupListing>> byType = new EnumMap<>(GroupType.class);
        Optional<Collection<GroupListing>> listed = reading.untilAnswered(
                        () -> reading.admin
                                .listGroups(new ListGroupsOptions().timeoutMs(reading.millis()))
                                .all(),
                        new Question(Part.GROUPS, "cluster", "list the groups", "Describe on the cluster"))
                .value();
        if (listed.isEmpty()) {
            return null;
        }
        for (GroupListing group : listed.get()) {
            if (group.type().filter(type -> type == GroupType.UNKNOWN).isPresent()) {
                keepUnknown(group);
            } else {
                byType.computeIfAbsent(type(group), missing -> new ArrayList<>())
                        .add(group);
            }
        }
        List<Lane> lanes = new ArrayList<>();
        byType.forEach((type, those) -> {
            Lane lane = new Lane();
            lane.addBatches(those, GROUPS_PER_REQUEST, batch -> ask(type, batch), this::take);
            lanes.add(lane);
        });
        Lane.run(lanes.toArray(Lane[]::new));
        return groups;
    }

    /** Brokers before 3.8 do not tell; then there are only classic ones. */
    private static GroupType type(GroupListing group) {
        return group.type().orElse(GroupType.CLASSIC);
    }

    /** Of a type that came after this client: asked as any other, its coordinator would say that there is no such group. */
    private void keepUnknown(GroupListing group) {
        reading.gap(
                question(group.groupId(), "describe group "),
                Gap.Reason.NOT_SUPPORTED,
                "this release's Kafka client does not know the type of the group; use a later one");
        groups.put(group.groupId(), state(group, OptionalInt.empty(), Optional.empty()));
    }

    private static GroupState state(
            GroupListing group, OptionalInt members, Optional<SortedMap<TopicPartition, GroupOffset>> committed) {
        return new GroupState(
                group.groupId(),
                type(group).toString(),
                group.groupState().map(Object::toString).orElse("Unknown"),
                members,
                committed);
    }

    private Asked ask(GroupType type, List<GroupListing> batch) {
        List<String> ids = batch.stream().map(GroupListing::groupId).toList();
        Map<String, KafkaFuture<Integer>> members = switch (type) {
            case CONSUMER ->
                mapped(
                        reading.admin
                                .describeConsumerGroups(
                                        ids, new DescribeConsumerGroupsOptions().timeoutMs(reading.millis()))
                                .describedGroups(),
                        group -> group.members().size());
            case SHARE ->
                mapped(
                        reading.admin
                                .describeShareGroups(ids, new DescribeShareGroupsOptions().timeoutMs(reading.millis()))
                                .describedGroups(),
                        group -> group.members().size());
            case STREAMS ->
                mapped(
                        reading.admin
                                .describeStreamsGroups(
                                        ids, new DescribeStreamsGroupsOptions().timeoutMs(reading.millis()))
                                .describedGroups(),
                        group -> group.members().size());
            case CLASSIC, UNKNOWN ->
                mapped(
                        reading.admin
                                .describeClassicGroups(
                                        ids, new DescribeClassicGroupsOptions().timeoutMs(reading.millis()))
                                .describedGroups(),
                        group -> group.members().size());
        };
        return new Asked(batch, members, type == GroupType.SHARE ? shareOffsets(ids) : offsets(ids));
    }

    private static <D, T> Map<String, KafkaFuture<T>> mapped(
            Map<String, KafkaFuture<D>> futures, KafkaFuture.BaseFunction<D, T> function) {
        Map<String, KafkaFuture<T>> mapped = new HashMap<>();
        futures.forEach((id, future) -> mapped.put(id, future.thenApply(function)));
        return mapped;
    }

    private Map<String, KafkaFuture<SortedMap<TopicPartition, GroupOffset>>> offsets(List<String> ids) {
        var asked = reading.admin.listConsumerGroupOffsets(
                ids.stream().collect(Collectors.toMap(Function.identity(), id -> new ListConsumerGroupOffsetsSpec())),
                new ListConsumerGroupOffsetsOptions().timeoutMs(reading.millis()));
        return mapped(
                ids.stream().collect(Collectors.toMap(Function.identity(), asked::partitionsToOffsetAndMetadata)),
                found -> {
                    SortedMap<TopicPartition, GroupOffset> offsets = new TreeMap<>(GroupState.BY_TOPIC);
                    found.forEach((partition, offset) -> {
                        // Kafka answers null for a partition without a committed position.
                        if (offset != null) {
                            offsets.put(
                                    partition,
                                    new GroupOffset(
                                            offset.offset(),
                                            offset.leaderEpoch()
                                                    .map(OptionalInt::of)
                                                    .orElse(OptionalInt.empty()),
                                            offset.metadata(),
                                            -1));
                        }
                    });
                    return offsets;
                });
    }

    private Map<String, KafkaFuture<SortedMap<TopicPartition, GroupOffset>>> shareOffsets(List<String> ids) {
        var asked = reading.admin.listShareGroupOffsets(
                ids.stream().collect(Collectors.toMap(Function.identity(), id -> new ListShareGroupOffsetsSpec())),
                new ListShareGroupOffsetsOptions().timeoutMs(reading.millis()));
        return mapped(
                ids.stream().collect(Collectors.toMap(Function.identity(), asked::partitionsToOffsetInfo)), found -> {
                    SortedMap<TopicPartition, GroupOffset> offsets = new TreeMap<>(GroupState.BY_TOPIC);
                    found.forEach((partition, info) -> {
                        if (info != null && info.startOffset() >= 0) {
                            offsets.put(
                                    partition,
                                    new GroupOffset(
                                            info.startOffset(),
                                            info.leaderEpoch()
                                                    .map(OptionalInt::of)
                                                    .orElse(OptionalInt.empty()),
                                            "",
                                            info.lag().orElse(-1L)));
                        }
                    });
                    return offsets;
                });
    }

    private void take(Asked asked) {
        for (GroupListing group : asked.batch()) {
            String id = group.groupId();
            Answer<Integer> members =
                    reading.answer(Objects.requireNonNull(asked.members().get(id)), question(id, "describe group "));
            Answer<SortedMap<TopicPartition, GroupOffset>> offsets = reading.answer(
                    Objects.requireNonNull(asked.offsets().get(id)), question(id, "read the offsets of group "));
            if (members.gone() || offsets.gone()) {
                continue;
            }
            groups.put(
                    id,
                    state(
                            group,
                            members.value().map(OptionalInt::of).orElse(OptionalInt.empty()),
                            offsets.value().map(this::withLag)));
        }
    }

    private static Question question(String id, String doing) {
        return new Question(Part.GROUPS, "group " + id, doing + id, "Describe on the group and on its topics");
    }

    private SortedMap<TopicPartition, GroupOffset> withLag(SortedMap<TopicPartition, GroupOffset> offsets) {
        SortedMap<TopicPartition, GroupOffset> lagging = new TreeMap<>(GroupState.BY_TOPIC);
        offsets.forEach((partition, offset) -> {
            PartitionTable table = topics.partitions(partition.topic());
            long end = table == null || partition.partition() >= table.size()
                    ? -1
                    : table.endOffset(partition.partition());
            lagging.put(
                    new TopicPartition(topics.interned(partition.topic()), partition.partition()),
                    offset.lag() >= 0 || end < 0
                            ? offset
                            : new GroupOffset(
                                    offset.offset(),
                                    offset.leaderEpoch(),
                                    offset.metadata(),
                                    Math.max(0, end - offset.offset())));
        });
        return lagging;
    }
}
