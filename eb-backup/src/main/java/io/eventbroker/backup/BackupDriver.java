package io.eventbroker.backup;

import io.eventbroker.backup.BackupAction.Commit;
import io.eventbroker.backup.BackupAction.CopyPartition;
import io.eventbroker.backup.BackupAction.TakeCut;
import io.eventbroker.backup.BackupAction.TopicRef;
import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.GroupPositions;
import io.eventbroker.backup.internal.copy.SealedSegments;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.GroupState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunCancelledException;
import io.eventbroker.core.run.RunContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a backup out. */
final class BackupDriver implements ActionDriver<BackupAction> {
    private static final Logger log = LoggerFactory.getLogger(BackupDriver.class);
    private static final String CLEANUP_POLICY = "cleanup.policy";
    private static final Duration READ_WAIT = Duration.ofMinutes(2);

    private final Archive archive;
    private final KafkaConnection source;
    private final List<TopicRef> planned;
    private final CopyEngine.Settings settings;
    private final KafkaConnection.Clients clients;
    private final KafkaWire wire;
    private final Admin admin;
    private final Map<TopicPartition, List<SealedSegment>> copied = new HashMap<>();
    private Manifest.@Nullable Cut cut;
    private boolean cleared;
    /** Whether nothing of the set but its cut can be stored: the cut is what a set begins with, and it is this run's. */
    private boolean untouched;

    BackupDriver(Archive archive, KafkaConnection source, BackupPlan plan, CopyEngine.Settings settings) {
        this.archive = archive;
        this.source = source;
        this.settings = settings;
        this.planned = plan.actions().stream()
                .filter(a -> a instanceof TakeCut)
                .flatMap(a -> ((TakeCut) a).topics().stream())
                .toList();
        this.clients = source.open();
        this.wire = clients.wire();
        this.admin = clients.admin();
    }

    /** The state that a backup plan depends on: which topics there are, under which ids, with how many partitions. */
    static PlanBasis basis(ClusterState state, List<TopicRef> topics) {
        List<TopicRef> now = new ArrayList<>();
        SortedMap<String, Boolean> there = new TreeMap<>();
        for (TopicRef topic : topics) {
            Optional<TopicState> found = state.topic(TopicName.of(topic.name()));
            found.ifPresent(t -> now.add(ref(t)));
            there.put(topic.name(), found.isPresent());
        }
        return PlanBasis.of(state.clusterId(), now).about(there);
    }

    static TopicRef ref(TopicState topic) {
        return new TopicRef(topic.name().value(), topic.id(), topic.partitions().size());
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        PlanBasis basis = basis(
                ClusterState.read(admin, deadline, EnumSet.noneOf(ClusterState.Part.class), names(planned)), planned);
        clients.requireSameCluster(basis.clusterId(), deadline);
        return basis;
    }

    private static List<TopicName> names(List<TopicRef> topics) {
        return topics.stream().map(t -> TopicName.of(t.name())).toList();
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE; // The engine spreads the partitions over brokers and bounds what is open at once.
    }

    @Override
    public Set<ActionId> inPlace(List<BackupAction> actions, RunContext context) {
        Set<ActionId> found = new HashSet<>();
        for (BackupAction action : actions) {
            boolean there = action.accept(new BackupAction.Handler<Boolean>() {
                @Override
                public Boolean takeCut(TakeCut take) {
                    return findCut(take.set(), context).isPresent();
                }

                @Override
                public Boolean copyPartition(CopyPartition copy) {
                    return false; // The engine takes over what is sealed.
                }

                @Override
                public Boolean commit(Commit commit) {
                    return findCut(commit.set(), context).isPresent() && isCommitted(commit.set());
                }
            });
            if (there) {
                found.add(action.id());
            }
        }
        return found;
    }

    @Override
    public void apply(List<BackupAction> actions, RunContext context) {
        List<CopyPartition> copies = new ArrayList<>();
        for (BackupAction action : actions) {
            Runnable step = action.accept(new BackupAction.Handler<Runnable>() {
                @Override
                public Runnable takeCut(TakeCut take) {
                    return () -> BackupDriver.this.takeCut(take, context);
                }

                @Override
                public Runnable copyPartition(CopyPartition copy) {
                    return () -> copies.add(copy);
                }

                @Override
                public Runnable commit(Commit commit) {
                    return () -> BackupDriver.this.commit(commit, context);
                }
            });
            step.run();
        }
        if (!copies.isEmpty()) {
            copy(copies, context);
        }
    }

    private void takeCut(TakeCut take, RunContext context) {
        String token = token(context);
        Deadline deadline = Deadline.after(READ_WAIT);
        // High watermarks are asked for before last stable offsets, or a transaction that ends meanwhile would seem to
        // hold records back; awaited after, when it is known that the topics are there. Positions last: one past the
        // end is of records that the group has already had.
        ListOffsetsResult asked = askHighWatermarks(take, deadline);
        ClusterState ends = ClusterState.read(
                admin,
                deadline,
                EnumSet.of(ClusterState.Part.OFFSETS, ClusterState.Part.CONFIGS),
                names(take.topics()));
        Instant at = context.clock().instant();
        List<Manifest.Topic> topics = new ArrayList<>();
        List<Manifest.Range> ranges = new ArrayList<>();
        for (TopicRef wanted : take.topics()) {
            TopicState topic = ends.topic(TopicName.of(wanted.name()))
                    .filter(t -> t.id().equals(wanted.id()))
                    .orElseThrow(() -> new EventBrokerException(
                            "topic " + wanted.name() + " is not there any more, or was made again; plan again"));
            boolean compacted = Optional.ofNullable(topic.configs().get(CLEANUP_POLICY))
                    .map(policy -> String.valueOf(policy.value()).contains("compact"))
                    .orElse(false);
            topics.add(new Manifest.Topic(
                    wanted.name(), wanted.id(), wanted.partitions(), topic.replicationFactor(), topic.overrides()));
            for (int i = 0; i < wanted.partitions(); i++) {
                PartitionState partition = topic.partitions().get(i);
                if (partition.endOffset() < 0 || partition.startOffset() < 0) {
                    throw new RetryableException("partition " + wanted.name() + "-" + i + " told no offsets");
                }
                long written = highWatermark(asked, new TopicPartition(wanted.name(), i), deadline);
                ranges.add(new Manifest.Range(
                        wanted.name(),
                        i,
                        partition.startOffset(),
                        partition.endOffset(),
                        compacted,
                        Math.max(0, written - partition.endOffset())));
            }
        }
        List<Manifest.Group> groups = take.groups() ? groups(take) : List.of();
        Manifest.Cut made =
                new Manifest.Cut(Manifest.FORMAT_VERSION, token, ends.clusterId(), at, topics, ranges, groups);
        String name = ArchiveNames.cut(take.set());
        if (StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(made)), name)) {
            cut = made;
            untouched = true;
        } else {
            made = cut(take.set(), context); // Made earlier under this journal, or somebody else's.
        }
        context.applied(take.id(), describe(made));
    }

    /** Names the run to later ones: in the journal before it is in the store, so that no other run can have it. */
    private static String token(RunContext context) {
        return context.lastCheckpoint(TakeCut.ID).orElseGet(() -> {
            String random = UUID.randomUUID().toString();
            context.checkpoint(TakeCut.ID, random);
            return random;
        });
    }

    private ListOffsetsResult askHighWatermarks(TakeCut take, Deadline deadline) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicRef topic : take.topics()) {
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new TopicPartition(topic.name(), i));
            }
        }
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)
                        .timeoutMs(Math.max(1, deadline.remainingMillis())));
    }

    private static long highWatermark(ListOffsetsResult asked, TopicPartition partition, Deadline deadline) {
        return AdminCalls.read(asked.partitionResult(partition), "read the high watermark of " + partition, deadline)
                .offset();
    }

    private static String describe(Manifest.Cut cut) {
        String text = cut.ranges().size() + " partitions, " + cut.groups().size() + " groups";
        List<Manifest.Range> waiting =
                cut.ranges().stream().filter(r -> r.heldBack() > 0).toList();
        if (waiting.isEmpty()) {
            return text;
        }
        String heldBack = waiting.stream().mapToLong(Manifest.Range::heldBack).sum() + " offsets of " + waiting.size()
                + " partitions lie behind an open transaction and are left out, "
                + waiting.get(0).topicPartition()
                + " from offset " + waiting.get(0).end() + " on";
        log.warn("{}; if the transaction hangs, kafka-transactions.sh find-hanging names its producer", heldBack);
        return text + "; " + heldBack;
    }

    private List<Manifest.Group> groups(TakeCut take) {
        Set<String> names = new HashSet<>();
        take.topics().forEach(t -> names.add(t.name()));
        ClusterState state = ClusterState.read(
                admin, Deadline.after(READ_WAIT), EnumSet.of(ClusterState.Part.GROUPS), names(take.topics()));
        // A group that may not be read must not be missing from the backup without a word.
        state.requireWhole(ClusterState.Part.GROUPS);
        List<Manifest.Group> groups = new ArrayList<>();
        for (GroupState group : state.groups().values()) {
            List<Manifest.Position> positions = new ArrayList<>();
            group.offsets().forEach((partition, offset) -> {
                if (names.contains(partition.topic())) {
                    positions.add(new Manifest.Position(
                            partition.topic(),
                            partition.partition(),
                            offset.offset(),
                            -1,
                            offset.metadata() == null ? "" : offset.metadata()));
                }
            });
            if (!positions.isEmpty()) {
                groups.add(new Manifest.Group(group.id(), group.type(), positions));
            }
        }
        return groups;
    }

    /** The cut, if it has been made: by this journal's run, because a set that another run has begun is left to that one. */
    private Optional<Manifest.Cut> findCut(String set, RunContext context) {
        if (cut == null) {
            String name = ArchiveNames.cut(set);
            Optional<Manifest.Cut> stored =
                    archive.find(name).map(content -> Manifest.decode(name, content, Manifest.Cut.class));
            if (stored.isPresent()
                    && !context.lastCheckpoint(TakeCut.ID)
                            .equals(Optional.of(stored.get().token()))) {
                throw new EventBrokerException("backup set " + set + " was begun by another run, which keeps a journal"
                        + " of its own; go on with that journal, or make a new plan");
            }
            cut = stored.orElse(null);
        }
        return Optional.ofNullable(cut);
    }

    private Manifest.Cut cut(String set, RunContext context) {
        return findCut(set, context)
                .orElseThrow(() -> new ArchiveException("there is no " + ArchiveNames.cut(set) + " any more"));
    }

    private boolean isCommitted(String set) {
        return archive.find(ArchiveNames.manifest(set)).isPresent();
    }

    private void copy(List<CopyPartition> copies, RunContext context) {
        String set = copies.get(0).set();
        boolean fromScratch = untouched;
        untouched = false;
        if (fromScratch) {
            cleared = true;
        }
        Manifest.Cut made = cut(set, context);
        if (!fromScratch && isCommitted(set)) {
            throw new EventBrokerException(
                    "recovery point " + set + " is committed already; for another one make a new plan");
        }
        if (!cleared) {
            cleared = true;
            StoreCalls.await(archive.store().discardUnfinished(ArchiveNames.set(set)), "unfinished uploads");
        }
        Map<TopicPartition, Manifest.Range> ranges = new HashMap<>();
        made.ranges().forEach(r -> ranges.put(r.topicPartition(), r));
        Map<TopicPartition, SortedSet<Long>> positions = new HashMap<>();
        made.groups()
                .forEach(group -> group.positions()
                        .forEach(p -> positions
                                .computeIfAbsent(new TopicPartition(p.topic(), p.partition()), none -> new TreeSet<>())
                                .add(p.offset())));
        List<CopyEngine.Job> jobs = new ArrayList<>();
        for (CopyPartition copy : copies) {
            TopicPartition partition = new TopicPartition(copy.topic(), copy.partition());
            Manifest.Range range = ranges.get(partition);
            if (range == null) {
                throw new ArchiveException("partition " + partition + " is not in the cut");
            }
            if (range.start() >= range.end()) {
                // Nothing to store. Its action is settled with all others of its kind, in one write to the journal.
                copied.put(partition, List.of());
                continue;
            }
            jobs.add(new CopyEngine.Job(
                    partition,
                    Uuid.fromString(copy.topicId()),
                    range.start(),
                    range.end(),
                    copy.bytesExpected(),
                    List.copyOf(positions.getOrDefault(partition, Collections.emptySortedSet()))));
        }
        ContextListener listener = new ContextListener(context, p -> CopyPartition.id(p.topic(), p.partition()));
        CopyEngine engine = new CopyEngine(wire, archive.store(), set, settings, context.executor(), listener);
        engine.run(jobs, fromScratch ? Map.of() : SealedSegments.takeOver(archive.store(), set, jobs));
        listener.rethrow();
        for (CopyEngine.Job job : jobs) {
            if (listener.isDone(job.partition())) {
                copied.put(job.partition(), engine.segments(job.partition()));
            }
        }
        if (context.isCancelled()) {
            throw new RunCancelledException();
        }
    }

    private void commit(Commit commit, RunContext context) {
        Manifest.Cut made = cut(commit.set(), context);
        Map<String, String> ids = new HashMap<>();
        made.topics().forEach(t -> ids.put(t.name(), t.id()));
        List<CopyEngine.Job> unknown = new ArrayList<>();
        for (Manifest.Range range : made.ranges()) {
            if (!copied.containsKey(range.topicPartition())) {
                unknown.add(new CopyEngine.Job(
                        range.topicPartition(), Uuid.ZERO_UUID, range.start(), range.end(), 0, List.of()));
            }
        }
        Map<TopicPartition, List<SealedSegment>> found = new HashMap<>(copied);
        if (!unknown.isEmpty()) {
            found.putAll(SealedSegments.find(archive.store(), commit.set(), unknown));
        }
        List<Manifest.Partition> partitions = new ArrayList<>();
        for (Manifest.Range range : made.ranges()) {
            List<SealedSegment> sealed = found.computeIfAbsent(range.topicPartition(), none -> List.of());
            List<Manifest.Segment> segments =
                    sealed.stream().map(SealedSegment::segment).toList();
            long end = segments.isEmpty()
                    ? range.start()
                    : segments.get(segments.size() - 1).next();
            if (end < range.end()) {
                throw new ArchiveException("partition " + range.topicPartition() + " is archived up to offset " + end
                        + ", the cut is at " + range.end());
            }
            partitions.add(new Manifest.Partition(
                    commit.set(),
                    range.topic(),
                    ids.getOrDefault(range.topic(), ""),
                    range.partition(),
                    range.start(),
                    end,
                    range.compacted(),
                    sealed.stream().mapToLong(SealedSegment::absent).sum(),
                    range.heldBack(),
                    segments));
        }
        List<Manifest.Group> groups = GroupPositions.resolve(archive.store(), commit.set(), made.groups(), found);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                commit.set(),
                made.clusterId(),
                made.at(),
                context.clock().instant(),
                archive.write(ArchiveNames.topics(commit.set()), new Manifest.Topics(made.topics())),
                archive.write(ArchiveNames.groups(commit.set()), new Manifest.Groups(groups)),
                partitions);
        String name = ArchiveNames.manifest(commit.set());
        if (!StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(manifest)), name)) {
            throw new ArchiveException(name + " was written by someone else meanwhile");
        }
        context.applied(commit.id(), commit.set() + missing(partitions));
    }

    private static String missing(List<Manifest.Partition> partitions) {
        List<Manifest.Partition> holed =
                partitions.stream().filter(p -> p.missing() > 0).toList();
        if (holed.isEmpty()) {
            return "";
        }
        String missing = holed.stream().mapToLong(Manifest.Partition::missing).sum() + " offsets of " + holed.size()
                + " partitions held no record, though their topics are not compacted, such as "
                + holed.get(0).topicPartition();
        log.warn("{}; unless they once were, their leaders have lost records: compare their replicas", missing);
        return "; " + missing;
    }

    @Override
    public void close() {
        clients.close();
    }

    @Override
    public String toString() {
        return "backup of " + source;
    }
}
