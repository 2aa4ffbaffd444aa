package io.eventbroker.backup;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One step of a restore. */
public sealed interface RestoreAction extends Action {
    /** A restore only adds what was not there. */
    @Override
    default Risk risk() {
        return Risk.SAFE;
    }

    /** Calls the method of the handler that fits. */
    <R> R accept(Handler<R> handler);

    /** One method a case. */
    interface Handler<R> {
        R createTopic(CreateTopic action);

        R holdTopic(HoldTopic action);

        R restorePartition(RestorePartition action);

        R restoreGroup(RestoreGroup action);

        R releaseTopic(ReleaseTopic action);
    }

    /**
     * Creates a topic that keeps everything: no retention, no compaction, no recompression.
     *
     * @param configs those that hold for the time of the restore
     */
    record CreateTopic(String topic, int partitions, int replicationFactor, SortedMap<String, String> configs)
            implements RestoreAction {
        public CreateTopic {
            configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        }

        /** Of what makes the topic ready to be written to, whether that is this or {@link HoldTopic}. */
        static ActionId id(String topic) {
            return ActionId.of("topic/" + topic);
        }

        @Override
        public ActionId id() {
            return id(topic);
        }

        @Override
        public String summary() {
            return "create topic " + topic + " (" + partitions + " partitions, " + replicationFactor
                    + " replicas), holding retention and compaction back";
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.createTopic(this);
        }
    }

    /**
     * Takes a topic over that exists and that nothing was ever written to: makes sure of both, then holds retention,
     * compaction and recompression back.
     *
     * @param topicId as Kafka's {@code Uuid.toString} writes it
     * @param configs those that hold for the time of the restore, in place of the topic's own
     */
    record HoldTopic(String topic, String topicId, int partitions, SortedMap<String, String> configs)
            implements RestoreAction {
        public HoldTopic {
            configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        }

        @Override
        public ActionId id() {
            return CreateTopic.id(topic);
        }

        @Override
        public String summary() {
            return "take over the empty topic " + topic + " (" + partitions
                    + " partitions), holding retention and compaction back";
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.holdTopic(this);
        }
    }

    /**
     * What of the recovery point a partition gets: of the partition with the same number.
     *
     * @param topic its name there
     * @param from the first offset
     * @param to one past the last offset
     * @param until the latest timestamp, if it matters
     */
    record Origin(String topic, long from, long to, Optional<Instant> until) {}

    /** Writes the records of one partition, each exactly once. */
    record RestorePartition(String topic, int partition, Origin origin, long records, long bytes)
            implements RestoreAction {
        static ActionId id(String topic, int partition) {
            return ActionId.of("restore/" + topic + "/" + partition);
        }

        @Override
        public ActionId id() {
            return id(topic, partition);
        }

        @Override
        public String summary() {
            String offsets =
                    origin.from == origin.to ? "no offsets" : "offsets " + origin.from + " to " + (origin.to - 1);
            return "restore partition " + topic + "-" + partition
                    + (origin.topic.equals(topic) ? "" : " from " + origin.topic + "-" + partition) + ", " + offsets
                    + origin.until.map(u -> " until " + u).orElse("") + ": " + records + " records, "
                    + DataSize.ofBytes(bytes).forPeople();
        }

        @Override
        public Set<ActionId> dependsOn() {
            return Set.of(CreateTopic.id(topic));
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.restorePartition(this);
        }
    }

    /** Where a group goes on: the offset in the restored topic. */
    record GroupPosition(String topic, int partition, long offset, String metadata) {}

    /** Sets the positions of a group. */
    record RestoreGroup(String group, List<GroupPosition> positions) implements RestoreAction {
        public RestoreGroup {
            positions = List.copyOf(positions);
        }

        static ActionId id(String group) {
            return ActionId.of("group/" + group);
        }

        @Override
        public ActionId id() {
            return id(group);
        }

        @Override
        public String summary() {
            return "set " + positions.size() + " positions of group " + group;
        }

        @Override
        public Set<ActionId> dependsOn() {
            Set<ActionId> needed = new TreeSet<>();
            positions.forEach(p -> needed.add(RestorePartition.id(p.topic(), p.partition())));
            return needed;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.restoreGroup(this);
        }
    }

    /**
     * Checks that the topic holds exactly what was restored, then gives it its own configuration back.
     *
     * @param records of each partition, by number
     * @param set values to set
     * @param unset keys whose value for the time of the restore is removed
     * @param after actions that must come first
     */
    record ReleaseTopic(
            String topic, List<Long> records, SortedMap<String, String> set, List<String> unset, List<ActionId> after)
            implements RestoreAction {
        public ReleaseTopic {
            records = List.copyOf(records);
            set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
            unset = List.copyOf(unset);
            after = List.copyOf(after);
        }

        @Override
        public ActionId id() {
            return ActionId.of("release/" + topic);
        }

        @Override
        public String summary() {
            return "check topic " + topic + " and give it its own configuration back";
        }

        @Override
        public Set<ActionId> dependsOn() {
            return new TreeSet<>(after);
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.releaseTopic(this);
        }
    }
}
