package io.eventbroker.backup;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.GroupPosition;
import io.eventbroker.backup.RestoreAction.ReleaseTopic;
import io.eventbroker.backup.RestoreAction.RestoreGroup;
import io.eventbroker.backup.RestoreAction.RestorePartition;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.RestoreEngine;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunCancelledException;
import io.eventbroker.core.run.RunContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/** Carries a restore out. */
final class RestoreDriver implements ActionDriver<RestoreAction> {
    private static final Duration CALL_WAIT = Duration.ofMinutes(1);
    private static final Duration STALL = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final RecoveryPoint point;
    private final Archive archive;
    private final Set<String> topics = new TreeSet<>();
    private final KafkaWire wire;
    private final Admin admin;

    RestoreDriver(Archive archive, RecoveryPoint point, KafkaConnection target, RestorePlan plan) {
        this.archive = archive;
        this.point = point;
        plan.actions().forEach(action -> {
            if (action instanceof CreateTopic create) {
                topics.add(create.topic());
            }
        });
        this.wire = new KafkaWire(target.settings());
        this.admin = Admin.create(target.properties());
    }

    /** The state that a restore plan depends on: that none of its topics is there, and how many brokers there are. */
    static PlanBasis basis(ClusterState state, Set<String> topics) {
        List<String> there = topics.stream()
                .filter(t -> state.topic(TopicName.of(t)).isPresent())
                .sorted()
                .toList();
        return PlanBasis.of(state.clusterId(), List.of(there, state.brokers().size()));
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        return basis(ClusterState.read(admin, deadline, EnumSet.noneOf(ClusterState.Part.class)), topics);
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE; // The engine spreads the partitions over brokers and bounds what is open at once.
    }

    /** Actions by kind, in the order in which a batch runs. */
    private static final class Sorted implements RestoreAction.Handler<Boolean> {
        final List<CreateTopic> creates = new ArrayList<>();
        final List<RestorePartition> partitions = new ArrayList<>();
        final List<RestoreGroup> groups = new ArrayList<>();
        final List<ReleaseTopic> releases = new ArrayList<>();

        Sorted(List<RestoreAction> actions) {
            for (RestoreAction action : actions) {
                Boolean unused = action.accept(this);
            }
        }

        @Override
        public Boolean createTopic(CreateTopic action) {
            return creates.add(action);
        }

        @Override
        public Boolean restorePartition(RestorePartition action) {
            return partitions.add(action);
        }

        @Override
        public Boolean restoreGroup(RestoreGroup action) {
            return groups.add(action);
        }

        @Override
        public Boolean releaseTopic(ReleaseTopic action) {
            return releases.add(action);
        }
    }

    @Override
    public Set<ActionId> inPlace(List<RestoreAction> actions, RunContext context) {
        Sorted sorted = new Sorted(actions);
        Set<ActionId> found = new HashSet<>();
        if (!sorted.creates.isEmpty()) {
            // Planning has made sure that they were not there: those that are, an earlier run has made.
            ClusterMetadata metadata = wire.metadata(topics, Deadline.after(CALL_WAIT));
            for (CreateTopic create : sorted.creates) {
                ClusterMetadata.Topic topic = metadata.topics().get(create.topic());
                if (topic != null
                        && topic.error() == KafkaError.NONE
                        && topic.partitions().size() == create.partitions()) {
                    found.add(create.id());
                }
            }
        }
        return found; // The rest looks for itself, and does again what does not hurt twice.
    }

    @Override
    public void apply(List<RestoreAction> actions, RunContext context) {
        Sorted sorted = new Sorted(actions);
        create(sorted.creates, context);
        restore(sorted.partitions, context);
        for (RestoreGroup group : sorted.groups) {
            context.checkCancelled();
            attempt(group.id(), context, () -> restore(group));
        }
        for (ReleaseTopic release : sorted.releases) {
            context.checkCancelled();
            attempt(release.id(), context, () -> release(release, context));
        }
    }

    private static void attempt(ActionId action, RunContext context, Runnable work) {
        try {
            work.run();
        } catch (RunCancelledException e) {
            throw e;
        } catch (EventBrokerException e) {
            context.failed(action, e);
        }
    }

    private static <T extends @Nullable Object> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(CALL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new OutcomeUnknownException(what + ": no answer within " + CALL_WAIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted: " + what, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw new OutcomeUnknownException(what + ": " + cause.getMessage(), cause);
            }
            if (cause instanceof RetriableException) {
                throw new RetryableException(what + ": " + cause.getMessage(), cause);
            }
            throw new EventBrokerException(what + ": " + cause.getMessage(), cause);
        }
    }

    private void create(List<CreateTopic> creates, RunContext context) {
        if (creates.isEmpty()) {
            return;
        }
        List<NewTopic> wanted = creates.stream()
                .map(c -> new NewTopic(c.topic(), c.partitions(), (short) c.replicationFactor()).configs(c.configs()))
                .toList();
        Map<String, KafkaFuture<Void>> results = admin.createTopics(wanted).values();
        for (CreateTopic create : creates) {
            attempt(create.id(), context, () -> {
                KafkaFuture<Void> result = results.get(create.topic());
                if (result != null) {
                    try {
                        await(result, "create topic " + create.topic());
                    } catch (EventBrokerException e) {
                        if (e.getCause() instanceof TopicExistsException) {
                            throw new EventBrokerException(
                                    "topic " + create.topic()
                                            + " was made by someone else meanwhile; delete it and plan again",
                                    e);
                        }
                        throw e;
                    }
                }
                context.applied(create.id(), "");
            });
        }
    }

    private void restore(List<RestorePartition> partitions, RunContext context) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, Manifest.Partition> sources = new HashMap<>();
        point.manifest().partitions().forEach(p -> sources.put(p.topicPartition(), p));
        ClusterMetadata metadata = awaitTopics(partitions);
        BrokerConnection.ProducerIdAnswer fresh = null;
        List<RestoreEngine.Job> jobs = new ArrayList<>();
        for (RestorePartition partition : partitions) {
            Manifest.Partition source = sources.get(new TopicPartition(partition.topic(), partition.partition()));
            ClusterMetadata.Topic topic = metadata.topics().get(partition.topic());
            if (source == null || topic == null) {
                throw new EventBrokerException(
                        "partition " + partition.topic() + "-" + partition.partition() + " is not in " + point);
            }
            long producerId = -1;
            short epoch = -1;
            Optional<String> kept = context.lastCheckpoint(partition.id());
            if (kept.isPresent()) {
                String[] parts = kept.get().split(":", -1);
                producerId = Long.parseLong(parts[0]);
                epoch = Short.parseShort(parts[1]);
            } else if (source.records() > 0) {
                if (fresh == null) {
                    fresh = wire.initProducerId(Deadline.after(CALL_WAIT));
                }
                producerId = fresh.producerId();
                epoch = fresh.epoch();
                // In the journal before the first batch is sent: whoever takes over must be the same producer.
                context.checkpoint(partition.id(), producerId + ":" + epoch);
            }
            jobs.add(new RestoreEngine.Job(source, topic.id(), producerId, epoch));
        }
        ContextListener listener = new ContextListener(context, p -> RestorePartition.id(p.topic(), p.partition()));
        new RestoreEngine(wire, archive.store(), STALL, context.executor(), listener).run(jobs);
        listener.rethrow();
        if (context.isCancelled()) {
            throw new RunCancelledException();
        }
    }

    /** A topic that has just been created is not known to every broker at once. */
    private ClusterMetadata awaitTopics(List<RestorePartition> partitions) {
        Set<String> names = new TreeSet<>();
        partitions.forEach(p -> names.add(p.topic()));
        Deadline deadline = Deadline.after(CALL_WAIT);
        while (true) {
            ClusterMetadata metadata = wire.metadata(names, deadline);
            if (names.stream()
                    .allMatch(n -> metadata.topics().containsKey(n)
                            && metadata.topics().get(n).error() == KafkaError.NONE)) {
                return metadata;
            }
            deadline.check("the topics " + names);
            wire.pause(POLL);
        }
    }

    private void restore(RestoreGroup group) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (GroupPosition position : group.positions()) {
            offsets.put(
                    new TopicPartition(position.topic(), position.partition()),
                    new OffsetAndMetadata(position.offset(), position.metadata()));
        }
        try {
            await(admin.alterConsumerGroupOffsets(group.group(), offsets).all(), "set positions of " + group.group());
        } catch (EventBrokerException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                throw new EventBrokerException(
                        "group " + group.group()
                                + " has members; stop its consumers, then run the plan again with the same journal",
                        e);
            }
            throw e;
        }
    }

    private void release(ReleaseTopic release, RunContext context) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (int i = 0; i < release.records().size(); i++) {
            wanted.put(new TopicPartition(release.topic(), i), release.records().get(i));
        }
        // Followers may need a moment until what they have acknowledged is below the high watermark.
        Deadline deadline = Deadline.after(CALL_WAIT);
        Map<TopicPartition, Long> ends = wire.listOffsets(wanted.keySet(), BrokerConnection.LATEST, deadline);
        while (!ends.equals(wanted)) {
            context.checkCancelled();
            if (deadline.hasPassed()) {
                throw new EventBrokerException(
                        "topic " + release.topic() + " holds " + ends + " records, restored were " + wanted
                                + "; it keeps its configuration for the restore, so that nothing is deleted");
            }
            wire.pause(POLL);
            ends = wire.listOffsets(wanted.keySet(), BrokerConnection.LATEST, deadline);
        }
        Map<TopicPartition, Long> starts = wire.listOffsets(wanted.keySet(), BrokerConnection.EARLIEST, deadline);
        if (starts.values().stream().anyMatch(s -> s != 0)) {
            throw new EventBrokerException("topic " + release.topic() + " has lost records while it was restored: it"
                    + " starts at " + starts);
        }
        List<AlterConfigOp> changes = new ArrayList<>();
        release.set()
                .forEach((key, value) ->
                        changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        release.unset()
                .forEach(
                        key -> changes.add(new AlterConfigOp(new ConfigEntry(key, null), AlterConfigOp.OpType.DELETE)));
        await(
                admin.incrementalAlterConfigs(
                                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, release.topic()), changes))
                        .all(),
                "configure topic " + release.topic());
    }

    @Override
    public void close() {
        wire.close();
        admin.close(Duration.ofSeconds(5));
    }
}
