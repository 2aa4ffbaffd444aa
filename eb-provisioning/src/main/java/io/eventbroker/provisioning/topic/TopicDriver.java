package io.eventbroker.provisioning.topic;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.BrokerMetadata;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunContext;
import io.eventbroker.provisioning.topic.TopicAction.AddPartitions;
import io.eventbroker.provisioning.topic.TopicAction.ChangeConfigs;
import io.eventbroker.provisioning.topic.TopicAction.CreateTopic;
import io.eventbroker.provisioning.topic.TopicAction.DeleteTopic;
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
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;

/** Carries topic actions out: one request per kind of action and batch, all sent before any answer is awaited. */
final class TopicDriver implements ActionDriver<TopicAction> {
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration VISIBLE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Admin admin;
    private final Function<ClusterState, PlanBasis> basis;

    TopicDriver(Admin admin, Function<ClusterState, PlanBasis> basis) {
        this.admin = admin;
        this.basis = basis;
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        return basis.apply(Topics.read(admin, deadline));
    }

    @Override
    public Set<ActionId> inPlace(List<TopicAction> actions, RunContext context) {
        return inPlace(actions, Deadline.after(REQUEST));
    }

    private Set<ActionId> inPlace(Collection<TopicAction> actions, Deadline deadline) {
        ClusterState state = Topics.read(admin, deadline);
        Set<ActionId> there = new HashSet<>();
        for (TopicAction action : actions) {
            if (action.accept(new InPlace(state.topic(action.topic())))) {
                there.add(action.id());
            }
        }
        return there;
    }

    /** Is the action's effect there? */
    private record InPlace(Optional<TopicState> topic) implements TopicAction.Handler<Boolean> {
        @Override
        public Boolean create(CreateTopic action) {
            return topic.filter(t -> action.partitions().orElse(t.partitions().size())
                                    == t.partitions().size()
                            && action.replicationFactor().orElse(t.replicationFactor()) == t.replicationFactor()
                            && t.overrides().equals(action.configs()))
                    .isPresent();
        }

        @Override
        public Boolean addPartitions(AddPartitions action) {
            return topic.filter(t -> t.partitions().size() >= action.to()).isPresent();
        }

        @Override
        public Boolean changeConfigs(ChangeConfigs action) {
            SortedMap<String, String> now = topic.map(TopicState::overrides).orElseGet(TreeMap::new);
            return topic.isPresent()
                    && action.changes().entrySet().stream()
                            .allMatch(e -> Optional.ofNullable(now.get(e.getKey()))
                                    .equals(e.getValue().to()));
        }

        @Override
        public Boolean delete(DeleteTopic action) {
            return topic.filter(t -> t.id().equals(action.topicId())).isEmpty();
        }
    }

    @Override
    public void apply(List<TopicAction> actions, RunContext context) {
        Deadline deadline = Deadline.after(REQUEST);
        Requests requests = new Requests();
        actions.forEach(action -> action.accept(requests));
        Map<ActionId, KafkaFuture<Void>> answers = requests.send(deadline);
        Map<ActionId, TopicAction> done = new HashMap<>();
        Map<TopicAction, RuntimeException> refused = new HashMap<>();
        for (TopicAction action : actions) {
            try {
                AdminCalls.change(Objects.requireNonNull(answers.get(action.id())), action.summary(), deadline);
                done.put(action.id(), action);
            } catch (RuntimeException e) {
                if (saysThatItIsSo(e)) {
                    refused.put(action, e);
                } else {
                    context.failed(action.id(), e);
                }
            }
        }
        Set<ActionId> there = lookAtRefused(refused.keySet(), context, deadline);
        refused.forEach((action, cause) -> {
            if (!there.contains(action.id())) {
                context.failed(action.id(), cause);
            }
        });
        awaitVisible(done, context);
    }

    /**
     * The Admin client repeats by itself a request whose answer was lost, and Kafka refuses the repeat of one that had
     * its effect.
     */
    private static boolean saysThatItIsSo(RuntimeException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof TopicExistsException
                || cause instanceof InvalidPartitionsException
                || cause instanceof UnknownTopicIdException;
    }

    private Set<ActionId> lookAtRefused(Set<TopicAction> refused, RunContext context, Deadline deadline) {
        if (refused.isEmpty()) {
            return Set.of();
        }
        // Whichever broker is asked then knows what the refusal was about.
        BrokerMetadata.of(admin).awaitSeen(() -> true, () -> context.pause(LOOK_AGAIN), deadline);
        return inPlace(refused, deadline);
    }

    /** The controller has answered; the brokers that clients ask learn of it a moment later. */
    private void awaitVisible(Map<ActionId, TopicAction> done, RunContext context) {
        if (done.isEmpty()) {
            return;
        }
        Deadline deadline = Deadline.after(VISIBLE);
        try {
            BrokerMetadata.of(admin)
                    .awaitSeen(
                            () -> inPlace(done.values(), deadline).size() == done.size(),
                            () -> context.pause(LOOK_AGAIN),
                            deadline);
        } catch (DeadlineExceededException e) {
            done.keySet()
                    .forEach(id -> context.failed(
                            id, new OutcomeUnknownException("accepted by the controller, but not seen yet", e)));
        }
    }

    /** Collects the actions of a batch by kind. */
    private final class Requests implements TopicAction.Handler<Void> {
        private final Map<ActionId, NewTopic> creates = new HashMap<>();
        private final Map<ActionId, AddPartitions> grows = new HashMap<>();
        private final Map<ActionId, ChangeConfigs> changes = new HashMap<>();
        private final Map<ActionId, DeleteTopic> deletes = new HashMap<>();

        @Override
        public Void create(CreateTopic action) {
            NewTopic topic = new NewTopic(
                    action.topic().value(),
                    action.partitions(),
                    action.replicationFactor().map(Integer::shortValue));
            creates.put(action.id(), topic.configs(action.configs()));
            return null;
        }

        @Override
        public Void addPartitions(AddPartitions action) {
            grows.put(action.id(), action);
            return null;
        }

        @Override
        public Void changeConfigs(ChangeConfigs action) {
            changes.put(action.id(), action);
            return null;
        }

        @Override
        public Void delete(DeleteTopic action) {
            deletes.put(action.id(), action);
            return null;
        }

        Map<ActionId, KafkaFuture<Void>> send(Deadline deadline) {
            int millis = Math.max(1, deadline.remainingMillis());
            Map<ActionId, KafkaFuture<Void>> answers = new HashMap<>();
            if (!creates.isEmpty()) {
                var result = admin.createTopics(creates.values(), new CreateTopicsOptions().timeoutMs(millis))
                        .values();
                creates.forEach((id, topic) -> answers.put(id, result.get(topic.name())));
            }
            if (!grows.isEmpty()) {
                Map<String, NewPartitions> totals = new HashMap<>();
                grows.values().forEach(a -> totals.put(a.topic().value(), NewPartitions.increaseTo(a.to())));
                var result = admin.createPartitions(totals, new CreatePartitionsOptions().timeoutMs(millis))
                        .values();
                grows.forEach((id, a) -> answers.put(id, result.get(a.topic().value())));
            }
            if (!changes.isEmpty()) {
                Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
                changes.values().forEach(a -> ops.put(resource(a.topic()), operations(a)));
                var result = admin.incrementalAlterConfigs(ops, new AlterConfigsOptions().timeoutMs(millis))
                        .values();
                changes.forEach((id, a) -> answers.put(id, result.get(resource(a.topic()))));
            }
            if (!deletes.isEmpty()) {
                List<Uuid> ids = deletes.values().stream()
                        .map(a -> Uuid.fromString(a.topicId()))
                        .toList();
                var result = admin.deleteTopics(
                                TopicCollection.ofTopicIds(ids), new DeleteTopicsOptions().timeoutMs(millis))
                        .topicIdValues();
                deletes.forEach((id, a) -> answers.put(id, result.get(Uuid.fromString(a.topicId()))));
            }
            return answers;
        }

        private static ConfigResource resource(TopicName topic) {
            return new ConfigResource(ConfigResource.Type.TOPIC, topic.value());
        }

        private static Collection<AlterConfigOp> operations(ChangeConfigs action) {
            List<AlterConfigOp> operations = new ArrayList<>();
            action.changes()
                    .forEach((key, change) -> operations.add(change.to()
                            .map(value -> new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))
                            .orElseGet(
                                    () -> new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE))));
            return operations;
        }
    }
}
