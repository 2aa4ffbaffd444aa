package io.eventbroker.backup;

import static io.eventbroker.backup.RestoreCalls.CALL_WAIT;
import static io.eventbroker.backup.RestoreCalls.POLL;
import static io.eventbroker.backup.RestoreCalls.attempt;
import static io.eventbroker.backup.RestoreCalls.await;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.GroupPosition;
import io.eventbroker.backup.RestoreAction.HoldTopic;
import io.eventbroker.backup.RestoreAction.Origin;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** Carries a restore out. */
final class RestoreDriver implements ActionDriver<RestoreAction> {
    private static final Duration STALL = Duration.ofMinutes(2);

    private final RecoveryPoint point;
    private final Archive archive;
    private final Set<String> names = new TreeSet<>();
    /** The action beside whose entries the journal keeps the producer id of the whole restore. */
    private final Optional<ActionId> producerNote;

    private final KafkaConnection.Clients clients;
    private final KafkaWire wire;
    private final Admin admin;
    private final TargetTopics topics;

    RestoreDriver(Archive archive, RecoveryPoint point, KafkaConnection target, RestorePlan plan) {
        this.archive = archive;
        this.point = point;
        plan.actions().forEach(action -> {
            if (action instanceof RestorePartition partition) {
                names.add(partition.topic());
            }
        });
        this.producerNote = plan.actions().stream()
                .filter(action -> action instanceof RestorePartition)
                .map(RestoreAction::id)
                .findFirst();
        this.clients = target.open();
        this.wire = clients.wire();
        this.admin = clients.admin();
        this.topics = new TargetTopics(wire, admin);
    }

    /** The state that a restore plan depends on: which of its topics are there, and how many brokers there are. */
    static PlanBasis basis(ClusterState state, Set<String> topics) {
        SortedMap<String, String> there = new TreeMap<>();
        SortedMap<String, Boolean> wanted = new TreeMap<>();
        for (String topic : topics) {
            Optional<TopicState> found = state.topic(TopicName.of(topic));
            found.ifPresent(t -> there.put(topic, t.id()));
            wanted.put(topic, found.isPresent());
        }
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
                        names.stream().map(TopicName::of).toList()),
                names);
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
        final List<HoldTopic> holds = new ArrayList<>();
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
        public Boolean holdTopic(HoldTopic action) {
            return holds.add(action);
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
        return sorted.creates.isEmpty() ? Set.of() : topics.made(sorted.creates, context);
    }

    @Override
    public void apply(List<RestoreAction> actions, RunContext context) {
        Sorted sorted = new Sorted(actions);
        topics.create(sorted.creates, context);
        for (HoldTopic hold : sorted.holds) {
            context.checkCancelled();
            attempt(hold.id(), context, () -> topics.hold(hold, context));
        }
        restore(sorted.partitions, context);
        for (RestoreGroup group : sorted.groups) {
            context.checkCancelled();
            attempt(group.id(), context, () -> restore(group));
        }
        for (ReleaseTopic release : sorted.releases) {
            context.checkCancelled();
            attempt(release.id(), context, () -> topics.release(release, context));
        }
    }

    private void restore(List<RestorePartition> partitions, RunContext context) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, Manifest.Partition> sources = new HashMap<>();
        point.manifest().partitions().forEach(p -> sources.put(p.topicPartition(), p));
        ClusterMetadata metadata = awaitTopics(partitions);
        List<RestorePartition> own = topics.own(partitions, metadata, context);
        BrokerConnection.ProducerIdAnswer producer = producer(own, context);
        List<RestoreEngine.Job> jobs = new ArrayList<>();
        for (RestorePartition partition : own) {
            Origin origin = partition.origin();
            Manifest.Partition source = sources.get(new TopicPartition(origin.topic(), partition.partition()));
            ClusterMetadata.Topic topic = metadata.topics().get(partition.topic());
            if (source == null || topic == null) {
                throw new EventBrokerException(
                        "partition " + origin.topic() + "-" + partition.partition() + " is not in " + point);
            }
            jobs.add(new RestoreEngine.Job(
                    source,
                    slice(origin),
                    partition.records(),
                    new TopicPartition(partition.topic(), partition.partition()),
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

    static Slice slice(Origin origin) {
        return new Slice(
                origin.from(),
                origin.to(),
                origin.until().map(Timestamps::floor).orElse(Long.MAX_VALUE));
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
        Set<String> wanted = new TreeSet<>();
        partitions.forEach(p -> wanted.add(p.topic()));
        Deadline deadline = Deadline.after(CALL_WAIT);
        while (true) {
            ClusterMetadata metadata = wire.metadata(wanted, deadline);
            if (wanted.stream()
                    .allMatch(n -> metadata.topics().containsKey(n)
                            && metadata.topics().get(n).error() == KafkaError.NONE)) {
                return metadata;
            }
            deadline.check("the topics " + wanted);
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

    @Override
    public void close() {
        clients.close();
    }
}
