package io.eventbroker.backup;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.GroupPosition;
import io.eventbroker.backup.RestoreAction.HoldTopic;
import io.eventbroker.backup.RestoreAction.Origin;
import io.eventbroker.backup.RestoreAction.ReleaseTopic;
import io.eventbroker.backup.RestoreAction.RestoreGroup;
import io.eventbroker.backup.RestoreAction.RestorePartition;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.SliceCount;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the plan of a restore: finds every obstacle, then counts what comes back. Reads the archive only where records are
 * left out.
 */
final class RestorePlanner {
    /** For the time of a restore nothing may be deleted, compacted or recompressed, and old timestamps must be taken. */
    private static final Map<String, String> HELD = Map.of(
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "cleanup.policy", "delete",
            "compression.type", "producer",
            "message.timestamp.type", "CreateTime",
            "message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE),
            "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));

    private static final String MIN_ISR = "min.insync.replicas";
    private static final String LARGEST_BATCH = "max.message.bytes";
    private static final int DEFAULT_LARGEST_BATCH = 1_048_588;
    /** Room for a batch that grows when it is written anew. */
    private static final int REWRITE_SLACK = 4;

    /** Set by operations on the source cluster, or unknown to newer brokers: not part of a topic's nature. */
    private static final Set<String> NOT_RESTORED = Set.of(
            "leader.replication.throttled.replicas",
            "follower.replication.throttled.replicas",
            "message.format.version",
            "message.downconversion.enable",
            "message.timestamp.difference.max.ms");

    private final ObjectStore store;
    private final RecoveryPoint point;
    private final ClusterState target;
    private final RestoreOptions options;

    /** A topic of the recovery point, and where it goes. */
    private record Wanted(Manifest.Topic topic, TopicName target, Optional<TopicState> there) {}

    /** What comes back of a partition. */
    private record Part(Manifest.Partition partition, Origin origin, SliceCount count) {}

    RestorePlanner(ObjectStore store, RecoveryPoint point, ClusterState target, RestoreOptions options) {
        this.store = store;
        this.point = point;
        this.target = target;
        this.options = options;
    }

    RestorePlan plan() {
        List<Wanted> wanted = wanted();
        requireNoObstacle(wanted);
        Map<TopicPartition, Part> parts = parts(wanted);
        Map<String, String> names = new HashMap<>();
        wanted.forEach(w -> names.put(w.topic.name(), w.target.value()));
        List<RestoreGroup> groups = options.includesGroups() ? groups(names, parts) : List.of();

        ActionPlan.Builder<RestoreAction> plan = ActionPlan.of(
                        RestorePlan.TYPE, RestoreDriver.basis(target, new TreeSet<>(names.values())))
                .fact("point", point.id());
        List<ReleaseTopic> releases = new ArrayList<>();
        for (Wanted topic : wanted) {
            List<Part> own = parts.values().stream()
                    .filter(p -> p.partition.topic().equals(topic.topic.name()))
                    .sorted(Comparator.comparingInt(p -> p.partition.partition()))
                    .toList();
            plan.action(prepare(topic, own));
            for (Part part : own) {
                plan.action(new RestorePartition(
                        topic.target.value(),
                        part.partition.partition(),
                        part.origin,
                        part.count.records(),
                        part.count.bytes()));
            }
            releases.add(release(topic, own, groups));
        }
        plan.actions(groups).actions(releases);
        describe(plan, parts);
        return new RestorePlan(plan.build());
    }

    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        for (Manifest.Topic topic : point.topicDocument().topics()) {
            TopicName name = TopicName.of(topic.name());
            if (options.includes(name)) {
                TopicName to = options.nameOf(name);
                wanted.add(new Wanted(topic, to, target.topic(to)));
            }
        }
        if (wanted.isEmpty()) {
            throw new EventBrokerException(point + " has no topic that matches " + options.topicSelection());
        }
        return wanted;
    }

    private void requireNoObstacle(List<Wanted> wanted) {
        List<String> obstacles = new ArrayList<>();
        Map<TopicName, String> taken = new HashMap<>();
        for (Wanted topic : wanted) {
            String other = taken.put(topic.target, topic.topic.name());
            if (other != null) {
                obstacles.add("topics " + other + " and " + topic.topic.name() + " would both be named " + topic.target
                        + "; give RestoreOptions.rename a function that keeps them apart");
            }
            if (topic.there.isEmpty()) {
                obstaclesToMake(topic, obstacles);
            } else if (options.takesExistingTopics()) {
                obstaclesToTakeOver(topic.topic, topic.there.get(), obstacles);
            } else {
                obstacles.add("topic " + topic.target + " exists in cluster " + target.clusterId()
                        + "; a restore only writes to topics that it makes: delete it, leave it out, rename it, or use"
                        + " RestoreOptions.intoExistingTopics if nothing was ever written to it");
            }
        }
        Set<TopicPartition> known = new HashSet<>();
        Set<String> selected = new HashSet<>(taken.values());
        point.manifest().partitions().stream()
                .filter(p -> selected.contains(p.topic()))
                .forEach(p -> known.add(p.topicPartition()));
        options.offsets().keySet().stream()
                .filter(partition -> !known.contains(partition))
                .forEach(partition -> obstacles.add("partition " + partition + ", for which there are offsets, is not"
                        + " among those that are to be restored"));
        if (options.includesGroups()) {
            for (Manifest.Group group : point.groupDocument().groups()) {
                if (group.positions().stream().anyMatch(p -> selected.contains(p.topic()))) {
                    Optional.ofNullable(target.groups().get(group.id()))
                            .filter(g -> g.isActive())
                            .ifPresent(g -> obstacles.add("group " + g.id() + " has members (" + g.state()
                                    + "); stop its consumers first, or restore without groups"));
                }
            }
        }
        if (!obstacles.isEmpty()) {
            throw new RestoreRefusedException(point, obstacles);
        }
    }

    private void obstaclesToMake(Wanted topic, List<String> obstacles) {
        int replicas = options.replicationFactor().orElse(topic.topic.replicationFactor());
        if (replicas > target.brokers().size()) {
            obstacles.add("topic " + topic.target + " needs " + replicas + " replicas, cluster " + target.clusterId()
                    + " has " + target.brokers().size() + " brokers; add brokers, or use"
                    + " RestoreOptions.replicationFactor");
        }
        String minIsr = ownConfigs(topic).get(MIN_ISR);
        if (minIsr != null && Integer.parseInt(minIsr) > replicas) {
            obstacles.add("topic " + topic.target + " has " + MIN_ISR + "=" + minIsr + ", more than its " + replicas
                    + " replicas would be; use RestoreOptions.config(\"" + MIN_ISR + "\", \"" + replicas + "\")");
        }
    }

    private static void obstaclesToTakeOver(Manifest.Topic topic, TopicState there, List<String> obstacles) {
        if (there.partitions().size() != topic.partitions()) {
            obstacles.add("topic " + there.name() + " has " + there.partitions().size() + " partitions, in the recovery"
                    + " point it has " + topic.partitions() + "; a restore keeps each record in its partition");
        }
        // Where offsets were not read, the run finds out before it changes anything.
        if (there.partitions().stream().anyMatch(p -> p.endOffset() > 0)) {
            obstacles.add("topic " + there.name() + " is not empty: records were written to it, so that restored ones"
                    + " would not begin at offset 0; delete it, or rename it with RestoreOptions.rename");
        }
        if (!there.hasConfigs()) {
            obstacles.add(
                    "the properties of topic " + there.name() + " were not read, so that they could not be set again"
                            + " after the restore; read the cluster with ClusterState.Part.CONFIGS");
        }
    }

    private Map<TopicPartition, Part> parts(List<Wanted> wanted) {
        Set<String> selected = new HashSet<>();
        wanted.forEach(w -> selected.add(w.topic.name()));
        Map<TopicPartition, Set<Long>> positions = new HashMap<>();
        if (options.includesGroups()) {
            for (Manifest.Group group : point.groupDocument().groups()) {
                for (Manifest.Position position : group.positions()) {
                    positions
                            .computeIfAbsent(
                                    new TopicPartition(position.topic(), position.partition()), none -> new HashSet<>())
                            .add(position.recordsBefore());
                }
            }
        }
        Map<TopicPartition, Part> parts = new HashMap<>();
        for (Manifest.Partition partition : point.manifest().partitions()) {
            if (selected.contains(partition.topic())) {
                TopicPartition key = partition.topicPartition();
                Origin origin = origin(partition);
                parts.put(
                        key,
                        new Part(
                                partition,
                                origin,
                                SliceCount.of(
                                        store,
                                        partition,
                                        RestoreDriver.slice(origin),
                                        positions.getOrDefault(key, Set.of()))));
            }
        }
        return parts;
    }

    private Origin origin(Manifest.Partition partition) {
        RestoreOptions.Offsets asked = options.offsets().get(partition.topicPartition());
        long from = asked == null
                ? partition.start()
                : Math.min(Math.max(asked.from(), partition.start()), partition.end());
        long to = asked == null ? partition.end() : Math.max(from, Math.min(asked.to(), partition.end()));
        return new Origin(partition.topic(), from, to, options.until());
    }

    private List<RestoreGroup> groups(Map<String, String> names, Map<TopicPartition, Part> parts) {
        List<RestoreGroup> groups = new ArrayList<>();
        for (Manifest.Group group : point.groupDocument().groups()) {
            List<GroupPosition> positions = new ArrayList<>();
            for (Manifest.Position position : group.positions()) {
                Part part = parts.get(new TopicPartition(position.topic(), position.partition()));
                String name = names.get(position.topic());
                if (part != null && name != null) {
                    positions.add(new GroupPosition(
                            name,
                            position.partition(),
                            part.count.keptBefore(position.recordsBefore()),
                            position.metadata()));
                }
            }
            if (!positions.isEmpty()) {
                groups.add(new RestoreGroup(group.id(), positions));
            }
        }
        return groups;
    }

    private RestoreAction prepare(Wanted topic, List<Part> parts) {
        SortedMap<String, String> own = ownConfigs(topic);
        long largest = 0;
        boolean rewritten = false;
        for (Part part : parts) {
            for (Manifest.Segment segment : part.partition.segments()) {
                largest = Math.max(largest, segment.largestBatch());
            }
            rewritten |= part.count.rewritten() > 0;
        }
        long room = Math.max(
                Long.parseLong(own.getOrDefault(LARGEST_BATCH, String.valueOf(DEFAULT_LARGEST_BATCH))),
                rewritten ? largest * REWRITE_SLACK : largest);
        SortedMap<String, String> held = new TreeMap<>(HELD);
        held.put(LARGEST_BATCH, String.valueOf(Math.min(Integer.MAX_VALUE, room)));
        if (topic.there.isPresent()) {
            TopicState there = topic.there.get();
            return new HoldTopic(
                    there.name().value(), there.id(), there.partitions().size(), held);
        }
        own.putAll(held);
        return new CreateTopic(
                topic.target.value(),
                topic.topic.partitions(),
                options.replicationFactor().orElse(topic.topic.replicationFactor()),
                own);
    }

    /** What the topic has once it is restored: an existing one keeps its own. */
    private SortedMap<String, String> ownConfigs(Wanted topic) {
        SortedMap<String, String> own =
                new TreeMap<>(topic.there.map(TopicState::overrides).orElse(topic.topic.configs()));
        if (topic.there.isEmpty()) {
            own.keySet().removeAll(NOT_RESTORED);
        }
        own.putAll(options.configs());
        return own;
    }

    private ReleaseTopic release(Wanted topic, List<Part> parts, List<RestoreGroup> groups) {
        SortedMap<String, String> own = ownConfigs(topic);
        SortedMap<String, String> set = new TreeMap<>();
        List<String> unset = new ArrayList<>();
        Set<String> held = new TreeSet<>(HELD.keySet());
        held.add(LARGEST_BATCH);
        for (String key : held) {
            String value = own.get(key);
            if (value == null) {
                unset.add(key);
            } else {
                set.put(key, value);
            }
        }
        if (topic.there.isPresent()) {
            set.putAll(options.configs());
        }
        Set<ActionId> after = new TreeSet<>();
        parts.forEach(p -> after.add(RestorePartition.id(topic.target.value(), p.partition.partition())));
        for (RestoreGroup group : groups) {
            if (group.positions().stream().anyMatch(p -> p.topic().equals(topic.target.value()))) {
                after.add(group.id());
            }
        }
        return new ReleaseTopic(
                topic.target.value(),
                parts.stream().map(p -> p.count.records()).toList(),
                set,
                unset,
                List.copyOf(after));
    }

    private void describe(ActionPlan.Builder<RestoreAction> plan, Map<TopicPartition, Part> parts) {
        long leftOut = sum(parts, SliceCount::leftOut);
        plan.fact("records", sum(parts, SliceCount::records))
                .fact("bytes", sum(parts, SliceCount::bytes))
                .fact("batchesToRewrite", sum(parts, SliceCount::rewritten));
        options.configs()
                .forEach((key, value) -> plan.note("Every topic gets " + key + "=" + value + ", whatever it had."));
        plan.note("Restored offsets begin at 0 and have no gaps; group positions are moved with them.");
        if (options.until().isPresent() || !options.offsets().isEmpty()) {
            plan.fact("recordsLeftOut", leftOut);
        }
        options.until()
                .ifPresent(until -> plan.fact("until", until.toString())
                        .note("Records with a timestamp after " + until
                                + " are left out, by the timestamp of each; parts of transactions may come back."));
        if (point.lostOffsets() > 0) {
            plan.note(point.lostOffsets() + " offsets had been deleted by retention before they could be backed up.");
        }
        if (point.heldBackOffsets() > 0) {
            plan.note(point.heldBackOffsets() + " offsets lay behind open transactions and were not backed up.");
        }
        if (point.missingOffsets() > 0) {
            plan.note(point.missingOffsets()
                    + " offsets held no record when they were backed up, though their topics were not compacted.");
        }
    }

    private static long sum(Map<TopicPartition, Part> parts, ToLongFunction<SliceCount> number) {
        return parts.values().stream().map(Part::count).mapToLong(number).sum();
    }
}
