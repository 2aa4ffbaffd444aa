package io.eventbroker.backup;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.util.Collections;
import java.util.List;
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

        static ActionId id(String topic) {
            return ActionId.of("create/" + topic);
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

    /** Writes the records of one partition, each exactly once. */
    record RestorePartition(String topic, int partition, long records, long bytes) implements RestoreAction {
        static ActionId id(String topic, int partition) {
            return ActionId.of("restore/" + topic + "/" + partition);
        }

        @Override
        public ActionId id() {
            return id(topic, partition);
        }

        @Override
        public String summary() {
            return "restore partition " + topic + "-" + partition + ": " + records + " records, "
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
