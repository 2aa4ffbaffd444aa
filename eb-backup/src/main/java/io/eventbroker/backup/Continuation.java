package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.core.cluster.ConfigValue;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Whether partitions can go on from where a recovery point ends. Pure: the same questions have the same answers. */
final class Continuation {
    private static final String CLEANUP_POLICY = "cleanup.policy";
    private static final String DELETE_RETENTION = "delete.retention.ms";
    /** For the time that copying takes, and for clocks that differ; less where tombstones stay for a short time only. */
    private static final Duration LARGEST_MARGIN = Duration.ofHours(1);

    private static final int SMALLEST_MARGIN_SHARE = 4;

    private final RecoveryPoint parent;
    private final Map<TopicPartition, Manifest.Partition> partitions = new HashMap<>();
    private final Map<String, Manifest.Topic> topics = new HashMap<>();

    Continuation(RecoveryPoint parent) {
        this.parent = parent;
        parent.manifest().partitions().forEach(p -> partitions.put(p.topicPartition(), p));
        parent.topicDocument().topics().forEach(t -> topics.put(t.name(), t));
    }

    /** Whether the topic's {@code cleanup.policy} includes {@code compact}. */
    static boolean isCompacted(TopicState topic) {
        return Optional.ofNullable(topic.configs().get(CLEANUP_POLICY))
                .map(policy -> String.valueOf(policy.value()).contains("compact"))
                .orElse(false);
    }

    Optional<Manifest.Partition> partition(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    /**
     * Why a partition must be copied whole; empty if it can go on. What the state does not tell, offsets and properties,
     * is no obstacle: the cut will know.
     *
     * @param at when the state was read
     */
    Optional<String> obstacle(String clusterId, TopicState topic, int number, Instant at) {
        String id = parent.id();
        if (!clusterId.equals(parent.clusterId())) {
            return Optional.of(id + " is of cluster " + parent.clusterId());
        }
        Manifest.Partition before =
                partitions.get(new TopicPartition(topic.name().value(), number));
        if (before == null) {
            return Optional.of("not in " + id);
        }
        if (!before.topicId().equals(topic.id())) {
            return Optional.of("the topic was made again since " + id);
        }
        PartitionState now = topic.partitions().get(number);
        if (now.endOffset() >= 0 && now.endOffset() < before.end()) {
            return Optional.of("its log ends at offset " + now.endOffset() + ", before the end of " + id + " at "
                    + before.end() + ": it was truncated, as by an unclean leader election");
        }
        if (now.startOffset() > before.end()) {
            return Optional.of("offsets " + before.end() + " to " + (now.startOffset() - 1) + ", which came after " + id
                    + ", were deleted");
        }
        return topic.hasConfigs() ? tombstones(topic, before, at) : Optional.empty();
    }

    /**
     * Of a key that was deleted after the parent, the tombstone must be seen: otherwise the record that the parent holds
     * would stay. Kafka's cleaner may remove a tombstone {@code delete.retention.ms} after it was first cleaned (KIP-534),
     * which is no sooner than that long after the parent was taken.
     */
    private Optional<String> tombstones(TopicState topic, Manifest.Partition before, Instant at) {
        Optional<Instant> readBy = readBy(topic, before);
        if (readBy.isEmpty()) {
            return Optional.empty();
        }
        Duration kept = Duration.between(parent.takenAt(), readBy.get());
        Duration share = kept.dividedBy(SMALLEST_MARGIN_SHARE);
        Duration margin = share.compareTo(LARGEST_MARGIN) < 0 ? share : LARGEST_MARGIN;
        return at.isBefore(readBy.get().minus(margin))
                ? Optional.empty()
                : Optional.of("it is compacted, and markers of keys deleted since " + parent.id()
                        + " may vanish from " + readBy.get() + " on (" + DELETE_RETENTION + " is " + kept.toMillis()
                        + "); make incremental backups more often, or raise it");
    }

    /** When the copy of a compacted partition must be at its end; empty for others. */
    Optional<Instant> readBy(TopicState topic, Manifest.Partition before) {
        if (!before.compacted() && !isCompacted(topic)) {
            return Optional.empty();
        }
        long kept = Optional.ofNullable(topic.configs().get(DELETE_RETENTION))
                .map(ConfigValue::value)
                .map(Long::parseLong)
                .orElse(0L);
        // It may have been shorter for a part of the time.
        long keptThen = Optional.ofNullable(topics.get(before.topic()))
                .map(t -> t.configs().get(DELETE_RETENTION))
                .map(Long::parseLong)
                .orElse(kept);
        return Optional.of(parent.takenAt().plusMillis(Math.min(kept, keptThen)));
    }

    /** The first of the parent's segments that still holds an offset from the log's start on, and those behind it. */
    static List<Manifest.Segment> carried(Manifest.Partition before, long logStart) {
        return before.segments().stream().filter(s -> s.next() > logStart).toList();
    }
}
