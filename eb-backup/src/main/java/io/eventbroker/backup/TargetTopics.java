package io.eventbroker.backup;

import static io.eventbroker.backup.RestoreCalls.CALL_WAIT;
import static io.eventbroker.backup.RestoreCalls.POLL;
import static io.eventbroker.backup.RestoreCalls.attempt;
import static io.eventbroker.backup.RestoreCalls.await;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.HoldTopic;
import io.eventbroker.backup.RestoreAction.ReleaseTopic;
import io.eventbroker.backup.RestoreAction.RestorePartition;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.RunContext;
import java.util.ArrayList;
import java.util.Collection;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics that a restore writes to: those that it has made or taken over, known by their ids, which its journal keeps, and
 * that nobody else writes to.
 */
final class TargetTopics {
    /** Behind a topic's id in the journal: from here on there may be restored records in it. */
    private static final String TOUCHED = " written to";

    private final KafkaWire wire;
    private final Admin admin;

    TargetTopics(KafkaWire wire, Admin admin) {
        this.wire = wire;
        this.admin = admin;
    }

    /**
     * Those topics that this restore has made. One is known by its id, which the journal has from the moment that the
     * answer came; one whose answer was lost by its configuration, which nobody else gives to a topic, and by being empty.
     */
    Set<ActionId> made(List<CreateTopic> creates, RunContext context) {
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
            } else if (isAsPlanned(topic, create) && isEmpty(create.topic(), create.partitions(), deadline)) {
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

    private boolean isEmpty(String topic, int number, Deadline deadline) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        return wire.listOffsets(partitions, BrokerConnection.LATEST, deadline).values().stream()
                .allMatch(end -> end == 0);
    }

    void create(List<CreateTopic> creates, RunContext context) {
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

    /** Takes a topic over. Does no harm twice, as long as nothing was written. */
    void hold(HoldTopic hold, RunContext context) {
        Deadline deadline = Deadline.after(CALL_WAIT);
        ClusterMetadata.Topic topic =
                wire.metadata(Set.of(hold.topic()), deadline).topics().get(hold.topic());
        if (topic == null || !topic.id().toString().equals(hold.topicId())) {
            throw new EventBrokerException(
                    "topic " + hold.topic() + " is not the one that the plan was made for: it was"
                            + " deleted or made again since; plan again");
        }
        if (topic.partitions().size() != hold.partitions()) {
            throw new EventBrokerException("topic " + hold.topic() + " has "
                    + topic.partitions().size() + " partitions, the plan was made for " + hold.partitions()
                    + "; plan again");
        }
        if (!isEmpty(hold.topic(), hold.partitions(), deadline)) {
            throw new EventBrokerException(
                    "topic " + hold.topic() + " is not empty: records were written to it, so that"
                            + " restored ones would not begin at offset 0; restore into a topic that nothing was written to yet");
        }
        context.checkpoint(hold.id(), hold.topicId());
        configure(hold.topic(), hold.configs(), List.of());
    }

    /** Those in topics that this restore has made or taken over and nobody else has written to. The others have failed. */
    List<RestorePartition> own(List<RestorePartition> partitions, ClusterMetadata metadata, RunContext context) {
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
                refused = new EventBrokerException(
                        "topic " + name + " is not the one that this restore has begun with: it was"
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

    /** The id of the topic that this restore has made or taken over, as the journal has it. */
    private static Optional<String> madeId(ActionId create, RunContext context) {
        return context.lastCheckpoint(create).map(note -> note.replace(TOUCHED, ""));
    }

    /** Whether no run of this restore has written to the topic yet. */
    private static boolean isUntouched(ActionId create, RunContext context) {
        return context.lastCheckpoint(create)
                .filter(note -> note.endsWith(TOUCHED))
                .isEmpty();
    }

    void release(ReleaseTopic release, RunContext context) {
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
        configure(release.topic(), release.set(), release.unset());
    }

    private void configure(String topic, SortedMap<String, String> set, Collection<String> unset) {
        List<AlterConfigOp> changes = new ArrayList<>();
        set.forEach(
                (key, value) -> changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        unset.forEach(key -> changes.add(new AlterConfigOp(new ConfigEntry(key, null), AlterConfigOp.OpType.DELETE)));
        await(
                admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                        .all(),
                "configure topic " + topic);
    }
}
