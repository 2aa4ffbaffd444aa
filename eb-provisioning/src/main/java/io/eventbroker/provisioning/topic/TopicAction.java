package io.eventbroker.provisioning.topic;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What can be done to a topic. */
public sealed interface TopicAction extends Action {
    TopicName topic();

    <R> R accept(Handler<R> handler);

    /** One method per case. */
    interface Handler<R> {
        R create(CreateTopic action);

        R addPartitions(AddPartitions action);

        R changeConfigs(ChangeConfigs action);

        R delete(DeleteTopic action);
    }

    /**
     * A topic that is wanted and not there.
     *
     * @param partitions empty for the cluster's {@code num.partitions}
     * @param replicationFactor empty for the cluster's {@code default.replication.factor}
     */
    record CreateTopic(
            TopicName topic,
            Optional<Integer> partitions,
            Optional<Integer> replicationFactor,
            SortedMap<String, String> configs)
            implements TopicAction {
        public CreateTopic {
            configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        }

        @Override
        public ActionId id() {
            return ActionId.of("topic/" + topic + "/create");
        }

        @Override
        public String summary() {
            return "create topic " + topic + " with "
                    + partitions
                            .map(n -> n + (n == 1 ? " partition" : " partitions"))
                            .orElse("the cluster's number of partitions")
                    + ", "
                    + replicationFactor
                            .map(n -> n + (n == 1 ? " replica" : " replicas"))
                            .orElse("the cluster's replication factor")
                    + (configs.isEmpty() ? "" : ", " + configs);
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.create(this);
        }
    }

    /** Partitions are added at the end. Keys of keyed topics then map to other partitions, hence the risk. */
    record AddPartitions(TopicName topic, int from, int to) implements TopicAction {
        @Override
        public ActionId id() {
            return ActionId.of("topic/" + topic + "/partitions");
        }

        @Override
        public String summary() {
            return "add partitions to topic " + topic + ": " + from + " → " + to;
        }

        @Override
        public String reason() {
            return "keys map to other partitions from then on";
        }

        @Override
        public Risk risk() {
            return Risk.DISRUPTIVE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.addPartitions(this);
        }
    }

    /**
     * Overrides that are set, changed or taken away.
     *
     * @param changes by key
     */
    record ChangeConfigs(TopicName topic, SortedMap<String, Change> changes) implements TopicAction {
        /** Keys whose change can make the broker delete or rewrite records soon afterwards. */
        private static final Set<String> DELETING = Set.of(
                "retention.ms", "retention.bytes", "cleanup.policy", "delete.retention.ms", "max.compaction.lag.ms");

        public ChangeConfigs {
            changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
            if (changes.isEmpty()) {
                throw new IllegalArgumentException("topic " + topic + ": a change of configuration changes something");
            }
        }

        /**
         * One override.
         *
         * @param from the override now; empty if there is none
         * @param to the override then; empty to inherit
         */
        public record Change(Optional<String> from, Optional<String> to) {
            @Override
            public String toString() {
                return from.orElse("(inherited)") + " → " + to.orElse("(inherited)");
            }
        }

        @Override
        public ActionId id() {
            return ActionId.of("topic/" + topic + "/configs");
        }

        @Override
        public String summary() {
            return "change configuration of topic " + topic + ": "
                    + changes.entrySet().stream()
                            .map(e -> e.getKey() + " " + e.getValue())
                            .collect(Collectors.joining(", "));
        }

        @Override
        public String reason() {
            return risk() == Risk.SAFE ? "" : "the brokers may delete or rewrite records by the new values";
        }

        @Override
        public Risk risk() {
            return Collections.disjoint(changes.keySet(), DELETING) ? Risk.SAFE : Risk.DISRUPTIVE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.changeConfigs(this);
        }
    }

    /**
     * A topic that is retired and still there.
     *
     * @param topicId only the topic of this id is deleted, not a newer one of the same name
     */
    record DeleteTopic(TopicName topic, String topicId) implements TopicAction {
        @Override
        public ActionId id() {
            return ActionId.of("topic/" + topic + "/delete");
        }

        @Override
        public String summary() {
            return "delete topic " + topic + " with all its records";
        }

        @Override
        public String reason() {
            return "retired by its topic set";
        }

        @Override
        public Risk risk() {
            return Risk.DESTRUCTIVE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.delete(this);
        }
    }
}
