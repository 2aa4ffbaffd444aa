package io.eventbroker.backup;

import io.eventbroker.backup.BackupAction.TakeCut;
import io.eventbroker.backup.BackupAction.TopicRef;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.SealedSegments;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.GroupState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Reads a cut from the cluster: the ends of all partitions, the topics, where the groups stand, what is carried over. */
final class CutReader {
    private static final Duration READ_WAIT = Duration.ofMinutes(2);

    private final Admin admin;
    private final Archive archive;
    private final Clock clock;

    CutReader(Admin admin, Archive archive, Clock clock) {
        this.admin = admin;
        this.archive = archive;
        this.clock = clock;
    }

    static List<TopicName> names(List<TopicRef> topics) {
        return topics.stream().map(t -> TopicName.of(t.name())).toList();
    }

    Manifest.Cut read(TakeCut take, String token) {
        Optional<Continuation> parent = take.parent().map(archive::parent).map(Continuation::new);
        Deadline deadline = Deadline.after(READ_WAIT);
        // High watermarks are asked for before last stable offsets, or a transaction that ends meanwhile would seem to
        // hold records back; awaited after, when it is known that the topics are there. Positions last: one past the
        // end is of records that the group has already had.
        ListOffsetsResult asked = askHighWatermarks(take, deadline);
        ClusterState ends = ClusterState.read(
                admin,
                deadline,
                EnumSet.of(ClusterState.Part.OFFSETS, ClusterState.Part.CONFIGS),
                names(take.topics()));
        Instant at = clock.instant();
        List<Manifest.Topic> topics = new ArrayList<>();
        List<Manifest.Range> ranges = new ArrayList<>();
        for (TopicRef wanted : take.topics()) {
            TopicState topic = ends.topic(TopicName.of(wanted.name()))
                    .filter(t -> t.id().equals(wanted.id()))
                    .orElseThrow(() -> new EventBrokerException(
                            "topic " + wanted.name() + " is not there any more, or was made again; plan again"));
            topics.add(new Manifest.Topic(
                    wanted.name(), wanted.id(), wanted.partitions(), topic.replicationFactor(), topic.overrides()));
            for (int i = 0; i < wanted.partitions(); i++) {
                PartitionState partition = topic.partitions().get(i);
                if (partition.endOffset() < 0 || partition.startOffset() < 0) {
                    throw new RetryableException("partition " + wanted.name() + "-" + i + " told no offsets");
                }
                long written = highWatermark(asked, new TopicPartition(wanted.name(), i), deadline);
                long heldBack = Math.max(0, written - partition.endOffset());
                ranges.add(range(parent, ends.clusterId(), topic, i, at, heldBack));
            }
        }
        List<Manifest.Group> groups = take.groups() ? groups(take) : List.of();
        return new Manifest.Cut(
                Manifest.FORMAT_VERSION, token, take.parent(), ends.clusterId(), at, topics, ranges, groups);
    }

    private Manifest.Range range(
            Optional<Continuation> parent, String clusterId, TopicState topic, int number, Instant at, long heldBack) {
        PartitionState state = topic.partitions().get(number);
        String whole =
                parent.flatMap(p -> p.obstacle(clusterId, topic, number, at)).orElse("");
        Optional<Manifest.Partition> before = whole.isEmpty()
                ? parent.flatMap(
                        p -> p.partition(new TopicPartition(topic.name().value(), number)))
                : Optional.empty();
        return new Manifest.Range(
                topic.name().value(),
                number,
                before.map(Manifest.Partition::end).orElse(state.startOffset()),
                state.endOffset(),
                Continuation.isCompacted(topic),
                heldBack,
                parent.flatMap(p -> before.map(there -> carried(p, topic, there, state.startOffset()))),
                whole);
    }

    private Manifest.Carried carried(Continuation parent, TopicState topic, Manifest.Partition before, long logStart) {
        List<Manifest.Segment> kept = Continuation.carried(before, logStart);
        List<Manifest.Segment> left =
                before.segments().subList(0, before.segments().size() - kept.size());
        // A manifest counts what is absent of all segments together.
        long absent = before.absent() == 0
                ? 0
                : Math.max(0, before.absent() - SealedSegments.absent(archive.store(), before.topicPartition(), left));
        return new Manifest.Carried(kept, absent, before.lastEpoch(), parent.readBy(topic, before));
    }

    private ListOffsetsResult askHighWatermarks(TakeCut take, Deadline deadline) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicRef topic : take.topics()) {
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new TopicPartition(topic.name(), i));
            }
        }
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)
                        .timeoutMs(Math.max(1, deadline.remainingMillis())));
    }

    private static long highWatermark(ListOffsetsResult asked, TopicPartition partition, Deadline deadline) {
        return AdminCalls.read(asked.partitionResult(partition), "read the high watermark of " + partition, deadline)
                .offset();
    }

    private List<Manifest.Group> groups(TakeCut take) {
        Set<String> names = new HashSet<>();
        take.topics().forEach(t -> names.add(t.name()));
        ClusterState state = ClusterState.read(
                admin, Deadline.after(READ_WAIT), EnumSet.of(ClusterState.Part.GROUPS), names(take.topics()));
        // A group that may not be read must not be missing from the backup without a word.
        state.requireWhole(ClusterState.Part.GROUPS);
        List<Manifest.Group> groups = new ArrayList<>();
        for (GroupState group : state.groups().values()) {
            List<Manifest.Position> positions = new ArrayList<>();
            group.offsets().forEach((partition, offset) -> {
                if (names.contains(partition.topic())) {
                    positions.add(new Manifest.Position(
                            partition.topic(),
                            partition.partition(),
                            offset.offset(),
                            -1,
                            offset.metadata() == null ? "" : offset.metadata()));
                }
            });
            if (!positions.isEmpty()) {
                groups.add(new Manifest.Group(group.id(), group.type(), positions));
            }
        }
        return groups;
    }
}
