package io.eventbroker.backup;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.GroupPosition;
import io.eventbroker.backup.RestoreAction.ReleaseTopic;
import io.eventbroker.backup.RestoreAction.RestoreGroup;
import io.eventbroker.backup.RestoreAction.RestorePartition;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.RestoreEngine;
import io.eventbroker.backup.internal.copy.Slice;
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
import io.eventbroker.core.cluster.TopicState;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
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
    /** Behind a topic's id in the journal: from here on there may be restored records in it. */
    private static final String TOUCHED = " written to";

    private final RecoveryPoint point;
    private final Archive archive;
    private final Set<String> topics = new TreeSet<>();
    /** The action beside whose entries the journal keeps the producer id of the whole restore. */
    private final Optional<ActionId> producerNote;

    private final KafkaConnection.Clients clients;
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
        this.producerNote = plan.actions().stream()
                .filter(action -> action instanceof RestorePartition)
                .map(RestoreAction::id)
                .findFirst();
        this.clients = target.open();
        this.wire = clients.wire();
        this.admin = clients.admin();
    }

    /** The state that a restore plan depends on: that none of its topics is there, and how many brokers there are. */
    static PlanBasis basis(ClusterState state, Set<String> topics) {
        List<String> there = topics.stream()
                .filter(t -> state.topic(TopicName.of(t)).isPresent())
                .sorted()
                .toList();
        SortedMap<String, Boolean> wanted = new TreeMap<>();
        topics.forEach(t -> wanted.put(t, there.contains(t)));
        return PlanBasis.of(state.clusterId(), List.of(there, state.brokers().size()))
                .about(wanted);
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        PlanBasis basis = basis(
                ClusterState.read(
                        admin,
                        deadline,
                        EnumSet.noneOf(ClusterState.Part.class),
                        topics.stream().map(TopicName::of).toList()),
                topics);
        clients.requireSameCluster(basis.clusterId(), deadline);
        return basis;
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
        // The rest looks for itself, and does again what does not hurt twice.
        return sorted.creates.isEmpty() ? Set.of() : made(sorted.creates, context);
    }

    /**
     * Those topics that this restore has made. One is known by its id, which the journal has from the moment that the
     * answer came; one whose answer was lost by its configuration, which nobody else gives to a topic, and by being empty.
     */
    private Set<ActionId> made(List<CreateTopic> creates, RunContext context) {
        Deadline deadline = Deadline.after(CALL_WAIT);
        Set<String> names = new TreeSet<>();
        creates.forEach(c -> names.add(c.topic()));
        ClusterState state = ClusterState.read(
                admin,
                deadline,
                EnumSet.of(ClusterState.Part.CONFIGS),
                names.stream().map(TopicName::of).toList());
        Set<ActionId> made = new HashSet<>();
        for (CreateTopic create : creates) {
            Optional<TopicState> there = state.topic(TopicName.of(create.topic()));
            if (there.isEmpty()) {
                continue;
            }
            TopicState topic = there.get();
            Optional<String> noted = madeId(create.id(), context);
            if (noted.isPresent()) {
                if (noted.get().equals(topic.id())) {
                    made.add(create.id());
                }
            } else if (isAsPlanned(topic, create) && isEmpty(topic, deadline)) {
                context.checkpoint(create.id(), topic.id());
                made.add(create.id());
            }
        }
        return made;
    }

    private static boolean isAsPlanned(TopicState topic, CreateTopic create) {
        // Brokers of some vendors set more than they were asked for.
        return topic.partitions().size() == create.partitions()
                && topic.overrides().entrySet().containsAll(create.configs().entrySet());
    }

    private boolean isEmpty(TopicState topic, Deadline deadline) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitions().size(); i++) {
            partitions.add(new TopicPartition(topic.name().value(), i));
        }
        return wire.listOffsets(partitions, BrokerConnection.LATEST, deadline).values().stream()
                .allMatch(end -> end == 0);
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
        CreateTopicsResult results = admin.createTopics(wanted);
        for (CreateTopic create : creates) {
            attempt(create.id(), context, () -> {
                try {
                    Uuid id = await(results.topicId(create.topic()), "create topic " + create.topic());
                    context.checkpoint(create.id(), id.toString());
                } catch (EventBrokerException e) {
                    if (e.getCause() instanceof TopicExistsException) {
                        // The client tries again by itself: its first request may have made the topic.
                        if (made(List.of(create), context).contains(create.id())) {
                            context.applied(create.id(), "");
                            return;
                        }
                        throw new EventBrokerException(
                                "topic " + create.topic()
                                        + " is there and was not made by this restore, or somebody has"
                                        + " written to it since; delete it if it is not needed, then plan again",
                                e);
                    }
                    throw e;
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
        List<RestorePartition> own = own(partitions, metadata, context);
        BrokerConnection.ProducerIdAnswer producer = producer(own, context);
        List<RestoreEngine.Job> jobs = new ArrayList<>();
        for (RestorePartition partition : own) {
            Manifest.Partition source = sources.get(new TopicPartition(partition.topic(), partition.partition()));
            ClusterMetadata.Topic topic = metadata.topics().get(partition.topic());
            if (source == null || topic == null) {
                throw new EventBrokerException(
                        "partition " + partition.topic() + "-" + partition.partition() + " is not in " + point);
            }
            jobs.add(new RestoreEngine.Job(
                    source,
                    new Slice(source.start(), source.end(), Long.MAX_VALUE),
                    source.records(),
                    source.topicPartition(),
                    topic.id(),
                    producer.producerId(),
                    producer.epoch()));
        }
        ContextListener listener = new ContextListener(context, p -> RestorePartition.id(p.topic(), p.partition()));
        new RestoreEngine(wire, archive.store(), STALL, context.executor(), listener).run(jobs);
        listener.rethrow();
        if (context.isCancelled()) {
            throw new RunCancelledException();
        }
    }

    /** Those in topics that this restore has made and nobody else has written to. The others have failed. */
    private List<RestorePartition> own(
            List<RestorePartition> partitions, ClusterMetadata metadata, RunContext context) {
        Map<String, List<RestorePartition>> byTopic = new TreeMap<>();
        partitions.forEach(p ->
                byTopic.computeIfAbsent(p.topic(), none -> new ArrayList<>()).add(p));
        Map<TopicPartition, Long> ends = endsOfUntouched(byTopic, context);
        List<RestorePartition> own = new ArrayList<>();
        byTopic.forEach((name, wanted) -> {
            ActionId create = CreateTopic.id(name);
            ClusterMetadata.Topic topic = metadata.topics().get(name);
            String id = topic == null ? "" : topic.id().toString();
            long foreign = wanted.stream()
                    .mapToLong(p -> ends.getOrDefault(new TopicPartition(name, p.partition()), 0L))
                    .sum();
            EventBrokerException refused = null;
            if (!madeId(create, context).equals(Optional.of(id))) {
                refused =
                        new EventBrokerException("topic " + name + " is not the one that this restore has made: it was"
                                + " deleted and made again; delete it, plan again and restore with a new journal");
            } else if (foreign > 0) {
                refused = new EventBrokerException("topic " + name + " has " + foreign + " records before any was"
                        + " restored: someone else writes to it; stop the producer, delete the topic, plan again and"
                        + " restore with a new journal");
            }
            if (refused == null) {
                if (isUntouched(create, context)) {
                    context.checkpoint(create, id + TOUCHED);
                }
                own.addAll(wanted);
            } else {
                for (RestorePartition partition : wanted) {
                    context.failed(partition.id(), refused);
                }
            }
        });
        return own;
    }

    private Map<TopicPartition, Long> endsOfUntouched(Map<String, List<RestorePartition>> byTopic, RunContext context) {
        List<TopicPartition> untouched = new ArrayList<>();
        byTopic.forEach((name, wanted) -> {
            if (isUntouched(CreateTopic.id(name), context)) {
                wanted.forEach(p -> untouched.add(new TopicPartition(name, p.partition())));
            }
        });
        return untouched.isEmpty()
                ? Map.of()
                : wire.listOffsets(untouched, BrokerConnection.LATEST, Deadline.after(CALL_WAIT));
    }

    /** The id of the topic that this restore has made, as the journal has it. */
    private static Optional<String> madeId(ActionId create, RunContext context) {
        return context.lastCheckpoint(create).map(note -> note.replace(TOUCHED, ""));
    }

    /** Whether no run of this restore has written to the topic yet. */
    private static boolean isUntouched(ActionId create, RunContext context) {
        return context.lastCheckpoint(create)
                .filter(note -> note.endsWith(TOUCHED))
                .isEmpty();
    }

    /** One for all partitions and all runs of this restore: whoever takes over must be the same producer. */
    private BrokerConnection.ProducerIdAnswer producer(List<RestorePartition> partitions, RunContext context) {
        Optional<String> kept = producerNote.flatMap(context::lastCheckpoint);
        if (kept.isPresent()) {
            String[] parts = kept.get().split(":", -1);
            return new BrokerConnection.ProducerIdAnswer(
                    KafkaError.NONE, Long.parseLong(parts[0]), Short.parseShort(parts[1]));
        }
        if (partitions.stream().allMatch(partition -> partition.records() == 0)) {
            return new BrokerConnection.ProducerIdAnswer(KafkaError.NONE, -1, (short) -1);
        }
        BrokerConnection.ProducerIdAnswer made = wire.initProducerId(Deadline.after(CALL_WAIT));
        // In the journal before the first batch is sent.
        producerNote.ifPresent(action -> context.checkpoint(action, made.producerId() + ":" + made.epoch()));
        return made;
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
        clients.close();
    }
}
