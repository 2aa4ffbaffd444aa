package io.eventbroker.backup;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One step of a backup. */
public sealed interface BackupAction extends Action {
    /** A backup changes nothing in the cluster. */
    @Override
    default Risk risk() {
        return Risk.SAFE;
    }

    /** Calls the method of the handler that fits. */
    <R> R accept(Handler<R> handler);

    /** One method a case. */
    interface Handler<R> {
        R takeCut(TakeCut action);

        R copyPartition(CopyPartition action);

        R commit(Commit action);
    }

    /** A topic to back up; one of the same name with another id is another topic. */
    record TopicRef(String name, String id, int partitions) {}

    /**
     * Reads the end of every partition, the topics' configurations and the groups' positions, and keeps them.
     *
     * @param parent the recovery point to go on from; empty for a full backup
     */
    record TakeCut(String set, List<TopicRef> topics, boolean groups, Optional<String> parent) implements BackupAction {
        static final ActionId ID = ActionId.of("cut");

        public TakeCut {
            topics = List.copyOf(topics);
        }

        @Override
        public ActionId id() {
            return ID;
        }

        @Override
        public String summary() {
            return "fix the recovery point: end offsets and configurations of " + topics.size()
                    + (topics.size() == 1 ? " topic" : " topics")
                    + (groups ? ", positions of their groups" : "");
        }

        @Override
        public String reason() {
            return parent.map(id -> "goes on from recovery point " + id).orElse("");
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.takeCut(this);
        }
    }

    /**
     * Copies one partition up to the cut.
     *
     * @param bytesExpected bytes to copy, by its size on disk when the plan was made; 0 if unknown
     * @param reason from where on an incremental backup copies it, or why all of it; empty for a full one
     */
    record CopyPartition(String set, String topic, String topicId, int partition, long bytesExpected, String reason)
            implements BackupAction {
        static ActionId id(String topic, int partition) {
            return ActionId.of("copy/" + topic + "/" + partition);
        }

        @Override
        public ActionId id() {
            return id(topic, partition);
        }

        @Override
        public String summary() {
            return "copy partition " + topic + "-" + partition
                    + (bytesExpected == 0
                            ? ""
                            : ", about " + DataSize.ofBytes(bytesExpected).forPeople());
        }

        @Override
        public Set<ActionId> dependsOn() {
            return Set.of(TakeCut.ID);
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.copyPartition(this);
        }
    }

    /** Writes the manifest: from then on the recovery point exists. */
    record Commit(String set, List<TopicRef> topics) implements BackupAction {
        static final ActionId ID = ActionId.of("commit");

        public Commit {
            topics = List.copyOf(topics);
        }

        @Override
        public ActionId id() {
            return ID;
        }

        @Override
        public String summary() {
            return "commit recovery point " + set;
        }

        @Override
        public Set<ActionId> dependsOn() {
            Set<ActionId> needed = new TreeSet<>();
            needed.add(TakeCut.ID);
            for (TopicRef topic : topics) {
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    needed.add(CopyPartition.id(topic.name(), partition));
                }
            }
            return needed;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.commit(this);
        }
    }
}
