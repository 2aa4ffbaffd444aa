package io.eventbroker.backup;

import io.eventbroker.backup.RestoreAction.CreateTopic;
import io.eventbroker.backup.RestoreAction.GroupPosition;
import io.eventbroker.backup.RestoreAction.ReleaseTopic;
import io.eventbroker.backup.RestoreAction.RestoreGroup;
import io.eventbroker.backup.RestoreAction.RestorePartition;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The front door: backs topics up into a store, lists and verifies what is there, restores it. Immutable; may be used by
 * many threads, and several backups into one store do not disturb each other.
 *
 * <pre>{@code
 * Backups backups = Backups.in(S3Store.bucket(s3, "kafka-backups").prefix("prod"));
 * BackupPlan copy = backups.plan(
 *         ClusterState.read(admin, soon), Selection.topics(TopicPattern.glob("orders.*")).withGroups());
 * RecoveryPoint point = backups.run(copy, KafkaConnection.of(properties), options).await(tonight).recoveryPoint();
 * backups.verify(point, options).await(tonight).requireSuccess();
 * }</pre>
 */
public final class Backups {
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

    private final Archive archive;
    private final Clock clock;
    private final CopyEngine.Settings settings;

    private Backups(Archive archive, Clock clock, CopyEngine.Settings settings) {
        this.archive = archive;
        this.clock = clock;
        this.settings = settings;
    }

    /** Backups in that store. Nothing is read or written yet. */
    public static Backups in(ObjectStore store) {
        return new Backups(new Archive(store), Clock.systemUTC(), CopyEngine.Settings.defaults());
    }

    /** The same with another clock, which stamps plans and tells ages. */
    Backups clock(Clock other) {
        return new Backups(archive, other, settings);
    }

    /**
     * Seals segments at about that size instead of 128 MiB. Smaller ones lose less work when a backup is killed, larger
     * ones make fewer objects.
     *
     * @throws IllegalArgumentException if not between 1 KiB and 2 GiB
     */
    public Backups segmentSize(DataSize size) {
        if (size.bytes() < 1024 || size.bytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("segments have 1 KiB to 2 GiB, was " + size.forPeople());
        }
        return new Backups(
                archive,
                clock,
                new CopyEngine.Settings(
                        size.bytes(),
                        settings.partBytes(),
                        settings.openPartitions(),
                        settings.fetchBytes(),
                        settings.stall()));
    }

    /**
     * Plans a full backup of what the state shows. Each plan has a recovery point id of its own, made of the time and
     * eight random digits.
     *
     * @param source read with at least topics; with {@link ClusterState.Part#SIZES} the plan says how much there is
     * @throws EventBrokerException if nothing is selected
     */
    public BackupPlan plan(ClusterState source, Selection selection) {
        return new BackupPlanner(clock.instant()).full(source, selection);
    }

    /**
     * Plans a backup that copies only what has come since another recovery point, and carries that one's segments over.
     * What it makes is a recovery point like any other: it names all that it needs, and stays whole when the parent
     * expires. So parents can be chained for ever; a full backup now and then bounds what a damaged object takes away.
     *
     * <p>A partition is copied whole where it cannot go on: it is new, its topic was made again, retention removed
     * offsets that came after the parent, its log was truncated, or its topic is compacted and so much time has passed
     * that markers of deleted keys may be gone ({@code delete.retention.ms} after the parent, less an hour, or a quarter
     * of it if that is less). The plan says so of each as far as the state tells, and the run's report says it for good.
     *
     * <p>Segments are carried over whole. A restore therefore may bring back records at a partition's beginning which
     * retention or DeleteRecords had removed by the time of this recovery point, up to one segment's worth.
     *
     * @param source as for {@link #plan}; with {@link ClusterState.Part#OFFSETS} and {@link ClusterState.Part#CONFIGS} the
     *     plan knows where partitions can go on
     * @throws EventBrokerException if nothing is selected
     */
    public BackupPlan planIncremental(ClusterState source, Selection selection, RecoveryPoint parent) {
        return new BackupPlanner(clock.instant()).incremental(source, selection, parent);
    }

    /**
     * Starts a backup. A run that was killed goes on, with the same plan and journal, behind the last sealed segment of
     * each partition. Only that journal may: a run with another one, or with none, is refused once the first has begun to
     * write, so give a run that is to be resumed, perhaps on another machine, a journal that it can still find there.
     */
    public Run<BackupReport> run(BackupPlan plan, KafkaConnection source, RunOptions options) {
        return PlanRunner.start(
                plan,
                new BackupDriver(archive, source, plan, settings),
                options,
                report -> new BackupReport(
                        report, report.succeeded() ? Optional.of(archive.open(plan.point())) : Optional.empty()));
    }

    /**
     * All recovery points in the store. Reads every manifest, several at once; one that cannot be read does not hide the
     * others.
     *
     * @throws io.eventbroker.core.RetryableException if the store does not answer
     */
    public RecoveryPoints recoveryPoints() {
        return archive.points();
    }

    /**
     * The recovery point of that id.
     *
     * @throws EventBrokerException if there is none, or its manifest is damaged
     */
    public RecoveryPoint recoveryPoint(String id) {
        return archive.open(id);
    }

    /**
     * Plans what the policy lets go, and what nothing needs any more: segments of recovery points that are gone, what killed
     * runs have left, backups that never ended. Reads the whole listing of the store. An object goes only if no recovery
     * point that stays names it, so chains stay whole; the newest recovery point of a cluster and those with a {@link
     * LegalHold} stay whatever the policy says. Safe beside backups that are under way, see {@link
     * RetentionPolicy#abandonUnfinishedAfter}; and a backup that goes on from a recovery point keeps it.
     *
     * @throws EventBrokerException if a manifest, a hold or the beginning of an unfinished backup cannot be read, naming
     *     it: then nobody knows what is needed
     * @throws IllegalArgumentException if the policy has no rule
     */
    public ExpiryPlan planExpiry(RetentionPolicy policy) {
        Instant now = clock.instant();
        Inventory inventory = Inventory.read(archive, now, policy.grace());
        return ExpiryPlanner.plan(inventory, archive.holds(), policy, now);
    }

    /**
     * Starts an expiry: manifests first, then what nothing needs once they are gone, as the run finds it. If it is killed,
     * plan again and run that, or run the same plan with its journal.
     *
     * @throws io.eventbroker.core.run.DeletesNotAllowedException unless the options allow as many deletes as the plan has
     *     actions
     */
    public Run<Report> run(ExpiryPlan plan, RunOptions options) {
        return PlanRunner.start(plan, new ExpiryDriver(archive, plan), options);
    }

    /**
     * Keeps a recovery point until the hold is lifted, whatever a policy says. A hold that is there already stays as it is.
     *
     * @param by who wants it
     * @param reason what for
     * @throws EventBrokerException if the recovery point is not there any more
     */
    public LegalHold hold(RecoveryPoint point, String by, String reason) {
        LegalHold hold = new LegalHold(point.id(), by, reason, clock.instant());
        String name = ArchiveNames.hold(point.id());
        boolean unused = StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(hold)), name);
        // An expiry that is under way looks for the hold once more after it has deleted the manifest.
        if (!archive.isCommitted(point.id())) {
            throw new EventBrokerException(
                    "recovery point " + point.id() + " has expired, or is about to; look for it once more");
        }
        return archive.hold(point.id()).orElse(hold);
    }

    /** Lifts a hold; does nothing if there is none. */
    public void lift(RecoveryPoint point) {
        String name = ArchiveNames.hold(point.id());
        StoreCalls.await(archive.store().delete(name), name);
    }

    /** All holds, by the ids of the recovery points that they are on. */
    public SortedMap<String, LegalHold> holds() {
        return archive.holds();
    }

    /**
     * Starts to read all of a recovery point's data: every checksum, every index, every batch, the chain of offsets. The
     * report fails for each partition in which something is wrong and names the objects. Needs no journal: the one in the
     * options is left alone.
     */
    public Run<Report> verify(RecoveryPoint point, RunOptions options) {
        return PlanRunner.start(
                VerifyDriver.plan(point), new VerifyDriver(archive, point), options.journal(Journal.inMemory()));
    }

    /**
     * Plans a restore into a cluster where none of the topics exists yet.
     *
     * @throws RestoreRefusedException if something stands in the way, naming everything that does
     * @throws EventBrokerException if nothing is selected
     */
    public RestorePlan planRestore(RecoveryPoint point, ClusterState target, RestoreOptions options) {
        List<String> obstacles = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        ActionPlan.Builder<RestoreAction> actions;
        List<Manifest.Topic> topics = point.topicDocument().topics().stream()
                .filter(t -> options.topicPattern().matches(TopicName.of(t.name())))
                .toList();
        if (topics.isEmpty()) {
            throw new EventBrokerException(point + " has no topic that matches " + options.topicPattern());
        }
        topics.forEach(t -> names.add(t.name()));
        actions = ActionPlan.of(RestorePlan.TYPE, RestoreDriver.basis(target, names))
                .fact("point", point.id());
        for (Manifest.Topic topic : topics) {
            obstacles(topic, target, options, obstacles);
        }
        List<RestoreGroup> groups = options.includesGroups() ? groups(point, names) : List.of();
        for (RestoreGroup group : groups) {
            Optional.ofNullable(target.groups().get(group.group()))
                    .filter(g -> g.isActive())
                    .ifPresent(g -> obstacles.add("group " + g.id() + " has members (" + g.state()
                            + "); stop its consumers first, or restore without groups"));
        }
        if (!obstacles.isEmpty()) {
            throw new RestoreRefusedException(point, obstacles);
        }
        long records = 0;
        long bytes = 0;
        long rewritten = 0;
        List<ReleaseTopic> releases = new ArrayList<>();
        for (Manifest.Topic topic : topics) {
            List<Manifest.Partition> partitions = point.manifest().partitions().stream()
                    .filter(p -> p.topic().equals(topic.name()))
                    .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                    .toList();
            actions.action(create(topic, partitions, options));
            for (Manifest.Partition partition : partitions) {
                actions.action(new RestorePartition(
                        topic.name(), partition.partition(), partition.records(), partition.bytes()));
                records += partition.records();
                bytes += partition.bytes();
                rewritten += partition.segments().stream()
                        .mapToLong(Manifest.Segment::rewritten)
                        .sum();
            }
            releases.add(release(topic, partitions, groups, options));
        }
        actions.actions(groups).actions(releases);
        actions.fact("records", records).fact("bytes", bytes).fact("batchesToRewrite", rewritten);
        options.configs()
                .forEach((key, value) -> actions.note("Every topic gets " + key + "=" + value + ", whatever it had."));
        actions.note("Restored offsets begin at 0 and have no gaps; group positions are moved with them.");
        if (point.lostOffsets() > 0) {
            actions.note(
                    point.lostOffsets() + " offsets had been deleted by retention before they could be backed up.");
        }
        if (point.heldBackOffsets() > 0) {
            actions.note(point.heldBackOffsets() + " offsets lay behind open transactions and were not backed up.");
        }
        if (point.missingOffsets() > 0) {
            actions.note(point.missingOffsets()
                    + " offsets held no record when they were backed up, though their topics were not compacted.");
        }
        return new RestorePlan(actions.build());
    }

    private static void obstacles(
            Manifest.Topic topic, ClusterState target, RestoreOptions options, List<String> obstacles) {
        if (target.topic(TopicName.of(topic.name())).isPresent()) {
            obstacles.add("topic " + topic.name() + " exists in cluster " + target.clusterId()
                    + "; a restore only writes to topics that it makes: delete it, or leave it out");
        }
        int replicas = options.replicationFactor().orElse(topic.replicationFactor());
        if (replicas > target.brokers().size()) {
            obstacles.add("topic " + topic.name() + " needs " + replicas + " replicas, cluster " + target.clusterId()
                    + " has " + target.brokers().size() + " brokers; add brokers, or use"
                    + " RestoreOptions.replicationFactor");
        }
        String minIsr = ownConfigs(topic, options).get(MIN_ISR);
        if (minIsr != null && Integer.parseInt(minIsr) > replicas) {
            obstacles.add("topic " + topic.name() + " has " + MIN_ISR + "=" + minIsr + ", more than its " + replicas
                    + " replicas would be; use RestoreOptions.config(\"" + MIN_ISR + "\", \"" + replicas + "\")");
        }
    }

    private static CreateTopic create(
            Manifest.Topic topic, List<Manifest.Partition> partitions, RestoreOptions options) {
        SortedMap<String, String> configs = new TreeMap<>(ownConfigs(topic, options));
        configs.putAll(HELD);
        long largest = 0;
        boolean rewritten = false;
        for (Manifest.Partition partition : partitions) {
            for (Manifest.Segment segment : partition.segments()) {
                largest = Math.max(largest, segment.largestBatch());
                rewritten |= segment.rewritten() > 0;
            }
        }
        long room = Math.max(
                Long.parseLong(configs.getOrDefault(LARGEST_BATCH, String.valueOf(DEFAULT_LARGEST_BATCH))),
                rewritten ? largest * REWRITE_SLACK : largest);
        configs.put(LARGEST_BATCH, String.valueOf(Math.min(Integer.MAX_VALUE, room)));
        return new CreateTopic(
                topic.name(),
                topic.partitions(),
                options.replicationFactor().orElse(topic.replicationFactor()),
                configs);
    }

    private static SortedMap<String, String> ownConfigs(Manifest.Topic topic, RestoreOptions options) {
        SortedMap<String, String> own = new TreeMap<>(topic.configs());
        own.keySet().removeAll(NOT_RESTORED);
        own.putAll(options.configs());
        return own;
    }

    private static ReleaseTopic release(
            Manifest.Topic topic,
            List<Manifest.Partition> partitions,
            List<RestoreGroup> groups,
            RestoreOptions options) {
        SortedMap<String, String> own = ownConfigs(topic, options);
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
        Set<ActionId> after = new TreeSet<>();
        partitions.forEach(p -> after.add(RestorePartition.id(topic.name(), p.partition())));
        for (RestoreGroup group : groups) {
            if (group.positions().stream().anyMatch(p -> p.topic().equals(topic.name()))) {
                after.add(group.id());
            }
        }
        return new ReleaseTopic(
                topic.name(),
                partitions.stream().map(Manifest.Partition::records).toList(),
                set,
                unset,
                List.copyOf(after));
    }

    private static List<RestoreGroup> groups(RecoveryPoint point, Set<String> topics) {
        List<RestoreGroup> groups = new ArrayList<>();
        for (Manifest.Group group : point.groupDocument().groups()) {
            List<GroupPosition> positions = new ArrayList<>();
            for (Manifest.Position position : group.positions()) {
                if (topics.contains(position.topic())) {
                    positions.add(new GroupPosition(
                            position.topic(), position.partition(), position.recordsBefore(), position.metadata()));
                }
            }
            if (!positions.isEmpty()) {
                groups.add(new RestoreGroup(group.id(), positions));
            }
        }
        return groups;
    }

    /**
     * Starts a restore. A run that was killed goes on, with the same plan and journal, behind the last record that the
     * target holds; nothing is written twice.
     */
    public Run<Report> run(RestorePlan plan, KafkaConnection target, RunOptions options) {
        return PlanRunner.start(plan, new RestoreDriver(archive, archive.open(plan.point()), target, plan), options);
    }

    @Override
    public String toString() {
        return "backups in " + archive.store();
    }
}
