package io.eventbroker.backup;

import io.eventbroker.backup.BackupAction.Commit;
import io.eventbroker.backup.BackupAction.CopyPartition;
import io.eventbroker.backup.BackupAction.TakeCut;
import io.eventbroker.backup.BackupAction.TopicRef;
import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.GroupPositions;
import io.eventbroker.backup.internal.copy.SealedSegments;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.TopicName;
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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Carries a backup out. */
final class BackupDriver implements ActionDriver<BackupAction> {
    private static final Duration READ_WAIT = Duration.ofMinutes(2);

    private final Archive archive;
    private final KafkaConnection source;
    private final List<TopicRef> planned;
    private final CopyEngine.Settings settings;
    private final KafkaWire wire;
    private final Admin admin;
    private final Map<TopicPartition, List<SegmentIndex>> copied = new HashMap<>();
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
        this.wire = new KafkaWire(source.settings());
        this.admin = Admin.create(source.properties());
    }

    /** The state that a backup plan depends on: which topics there are, under which ids, with how many partitions. */
    static PlanBasis basis(ClusterState state, List<TopicRef> topics) {
        List<TopicRef> now = new ArrayList<>();
        for (TopicRef topic : topics) {
            state.topic(TopicName.of(topic.name())).ifPresent(t -> now.add(ref(t)));
        }
        return PlanBasis.of(state.clusterId(), now);
    }

    static TopicRef ref(TopicState topic) {
        return new TopicRef(topic.name().value(), topic.id(), topic.partitions().size());
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        return basis(ClusterState.read(admin, deadline, EnumSet.noneOf(ClusterState.Part.class)), planned);
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE; // The engine spreads the partitions over brokers and bounds what is open at once.
    }

    @Override
    public Set<ActionId> inPlace(List<BackupAction> actions, RunContext context) {
        Set<ActionId> found = new HashSet<>();
        for (BackupAction action : actions) {
            Optional<String> document = action.accept(new BackupAction.Handler<Optional<String>>() {
                @Override
                public Optional<String> takeCut(TakeCut cut) {
                    return Optional.of(ArchiveNames.cut(cut.set()));
                }

                @Override
                public Optional<String> copyPartition(CopyPartition copy) {
                    return Optional.empty(); // The engine takes over what is sealed.
                }

                @Override
                public Optional<String> commit(Commit commit) {
                    return Optional.of(ArchiveNames.manifest(commit.set()));
                }
            });
            if (document.isPresent() && archive.find(document.get()).isPresent()) {
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
        // Ends first, positions after: a position past the end is of records that the group has already had.
        ClusterState ends = ClusterState.read(
                admin, Deadline.after(READ_WAIT), EnumSet.of(ClusterState.Part.OFFSETS, ClusterState.Part.CONFIGS));
        Instant at = context.clock().instant();
        List<Manifest.Topic> topics = new ArrayList<>();
        List<Manifest.Range> ranges = new ArrayList<>();
        for (TopicRef wanted : take.topics()) {
            TopicState topic = ends.topic(TopicName.of(wanted.name()))
                    .filter(t -> t.id().equals(wanted.id()))
                    .orElseThrow(() -> new EventBrokerException(
                            "topic " + wanted.name() + " is not there any more, or was made again; plan again"));
            topics.add(new Manifest.Topic(
                    wanted.name(), wanted.id(), wanted.partitions(), topic.replicationFactor(), topic.overrides()));
            for (int i = 0; i < wanted.partitions(); i++) {
                PartitionState partition = topic.partitions().get(i);
                if (partition.endOffset() < 0 || partition.startOffset() < 0) {
                    throw new RetryableException("partition " + wanted.name() + "-" + i + " told no offsets");
                }
                ranges.add(new Manifest.Range(wanted.name(), i, partition.startOffset(), partition.endOffset()));
            }
        }
        List<Manifest.Group> groups = take.groups() ? groups(take) : List.of();
        Manifest.Cut made = new Manifest.Cut(ends.clusterId(), at, topics, ranges, groups);
        String name = ArchiveNames.cut(take.set());
        if (StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(made)), name)) {
            cut = made;
            untouched = true;
        } else {
            cut(take.set()); // An earlier run of this plan has made it.
        }
        context.applied(take.id(), ranges.size() + " partitions, " + groups.size() + " groups");
    }

    private List<Manifest.Group> groups(TakeCut take) {
        Set<String> names = new HashSet<>();
        take.topics().forEach(t -> names.add(t.name()));
        ClusterState state = ClusterState.read(admin, Deadline.after(READ_WAIT), EnumSet.of(ClusterState.Part.GROUPS));
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

    private Manifest.Cut cut(String set) {
        Manifest.Cut known = cut;
        if (known == null) {
            String name = ArchiveNames.cut(set);
            known = Manifest.decode(
                    name,
                    archive.find(name).orElseThrow(() -> new ArchiveException("there is no " + name)),
                    Manifest.Cut.class);
            cut = known;
        }
        return known;
    }

    private void copy(List<CopyPartition> copies, RunContext context) {
        String set = copies.get(0).set();
        boolean fromScratch = untouched;
        untouched = false;
        if (fromScratch) {
            cleared = true;
        }
        if (!cleared) {
            cleared = true;
            StoreCalls.await(archive.store().discardUnfinished(ArchiveNames.set(set)), "unfinished uploads");
        }
        Map<TopicPartition, Manifest.Range> ranges = new HashMap<>();
        cut(set).ranges().forEach(r -> ranges.put(r.topicPartition(), r));
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
                    partition, Uuid.fromString(copy.topicId()), range.start(), range.end(), copy.bytesExpected()));
        }
        ContextListener listener = new ContextListener(context, p -> CopyPartition.id(p.topic(), p.partition()));
        CopyEngine engine = new CopyEngine(wire, archive.store(), set, settings, context.executor(), listener);
        engine.run(jobs, fromScratch ? Map.of() : SealedSegments.find(archive.store(), set, jobs));
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
        Manifest.Cut made = cut(commit.set());
        Map<String, String> ids = new HashMap<>();
        made.topics().forEach(t -> ids.put(t.name(), t.id()));
        List<CopyEngine.Job> unknown = new ArrayList<>();
        for (Manifest.Range range : made.ranges()) {
            if (!copied.containsKey(range.topicPartition())) {
                unknown.add(new CopyEngine.Job(range.topicPartition(), Uuid.ZERO_UUID, range.start(), range.end(), 0));
            }
        }
        Map<TopicPartition, List<SegmentIndex>> found = new HashMap<>(copied);
        if (!unknown.isEmpty()) {
            found.putAll(SealedSegments.find(archive.store(), commit.set(), unknown));
        }
        List<Manifest.Partition> partitions = new ArrayList<>();
        for (Manifest.Range range : made.ranges()) {
            List<Manifest.Segment> segments = found.computeIfAbsent(range.topicPartition(), none -> List.of()).stream()
                    .map(SegmentIndex::segment)
                    .toList();
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
        context.applied(commit.id(), commit.set());
    }

    @Override
    public void close() {
        wire.close();
        admin.close(Duration.ofSeconds(5));
    }

    @Override
    public String toString() {
        return "backup of " + source;
    }
}
