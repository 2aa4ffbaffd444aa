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
import io.eventbroker.backup.internal.copy.SealedSegments;
import io.eventbroker.backup.internal.copy.StoreCalls;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a backup out. */
final class BackupDriver implements ActionDriver<BackupAction> {
    private static final Logger log = LoggerFactory.getLogger(BackupDriver.class);

    private final Archive archive;
    private final KafkaConnection source;
    private final List<TopicRef> planned;
    private final CopyEngine.Settings settings;
    private final KafkaConnection.Clients clients;
    private final KafkaWire wire;
    private final Admin admin;
    private final Map<TopicPartition, List<SealedSegment>> copied = new HashMap<>();
    private final Map<TopicPartition, Integer> lastEpochs = new HashMap<>();
    private Manifest.@Nullable Cut cut;
    private boolean parentSeen;
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
                ClusterState.read(admin, deadline, EnumSet.noneOf(ClusterState.Part.class), CutReader.names(planned)),
                planned);
        clients.requireSameCluster(basis.clusterId(), deadline);
        return basis;
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
                    return findCut(commit.set(), context).isPresent() && stands(commit.set());
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
        Manifest.Cut made = new CutReader(admin, archive, context.clock()).read(take, token(context));
        String name = ArchiveNames.cut(take.set());
        if (StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(made)), name)) {
            // From here on what the cut names is safe from expiry; what expired before is not, so look now.
            requireParent(made);
            cut = made;
            untouched = true;
        } else {
            made = cut(take.set(), context); // Made earlier under this journal, or somebody else's.
        }
        context.applied(take.id(), describe(made));
    }

    /** Once in a run, after the cut is there. */
    private void requireParent(Manifest.Cut made) {
        if (!parentSeen) {
            made.parent().ifPresent(archive::requireParent);
            parentSeen = true;
        }
    }

    /** Names the run to later ones: in the journal before it is in the store, so that no other run can have it. */
    private static String token(RunContext context) {
        return context.lastCheckpoint(TakeCut.ID).orElseGet(() -> {
            String random = UUID.randomUUID().toString();
            context.checkpoint(TakeCut.ID, random);
            return random;
        });
    }

    private static String describe(Manifest.Cut cut) {
        String text = cut.ranges().size() + " partitions, " + cut.groups().size() + " groups";
        List<Manifest.Range> whole =
                cut.ranges().stream().filter(r -> !r.whole().isEmpty()).toList();
        if (!whole.isEmpty()) {
            text += "; " + whole.size() + " of them copied whole, such as "
                    + whole.get(0).topicPartition() + ": " + whole.get(0).whole();
        }
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

    /** The cut to work by. A run that goes on looks once more whether there is what it goes on from. */
    private Manifest.Cut cut(String set, RunContext context) {
        Manifest.Cut found = findCut(set, context).orElseThrow(() -> collected(set));
        requireParent(found);
        return found;
    }

    private static ArchiveException collected(String set) {
        return new ArchiveException("there is no " + ArchiveNames.cut(set) + " any more: the backup was taken for"
                + " abandoned and cleared away; make a new plan");
    }

    private void copy(List<CopyPartition> copies, RunContext context) {
        String set = copies.get(0).set();
        boolean fromScratch = untouched;
        untouched = false;
        if (fromScratch) {
            cleared = true;
        }
        Manifest.Cut made = cut(set, context);
        if (!fromScratch && archive.isCommitted(set)) {
            throw new EventBrokerException(
                    "recovery point " + set + " is committed already; for another one make a new plan");
        }
        requireInTime(made, context);
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
                    List.copyOf(positions.getOrDefault(partition, Collections.emptySortedSet())),
                    range.carried().map(BackupDriver::before)));
        }
        ContextListener listener = new ContextListener(
                context, p -> CopyPartition.id(p.topic(), p.partition()), p -> remark(ranges.get(p)));
        CopyEngine engine = new CopyEngine(wire, archive.store(), set, settings, context.executor(), listener);
        engine.run(jobs, fromScratch ? Map.of() : SealedSegments.takeOver(archive.store(), set, jobs));
        listener.rethrow();
        for (CopyEngine.Job job : jobs) {
            if (listener.isDone(job.partition())) {
                copied.put(job.partition(), engine.segments(job.partition()));
                lastEpochs.put(job.partition(), engine.lastEpoch(job.partition()));
            }
        }
        if (context.isCancelled()) {
            throw new RunCancelledException();
        }
    }

    private static CopyEngine.Before before(Manifest.Carried carried) {
        List<Manifest.Segment> segments = carried.segments();
        return new CopyEngine.Before(
                carried.lastEpoch(),
                segments.isEmpty() ? Optional.empty() : Optional.of(segments.get(segments.size() - 1)));
    }

    private static String remark(Manifest.@Nullable Range range) {
        if (range == null) {
            return "";
        }
        return range.whole().isEmpty()
                ? range.carried()
                        .map(carried -> ", from offset " + range.start() + " on")
                        .orElse("")
                : ", copied whole: " + range.whole();
    }

    private void commit(Commit commit, RunContext context) {
        Manifest.Cut made = cut(commit.set(), context);
        requireInTime(made, context);
        Manifest manifest = new ManifestWriter(archive, commit.set(), made, copied, lastEpochs)
                .write(context.clock().instant());
        if (!stands(commit.set())) {
            throw new ArchiveException(ArchiveNames.manifest(commit.set()) + " was deleted as soon as it was written");
        }
        context.applied(commit.id(), commit.set() + missing(manifest.partitions()));
    }

    /**
     * Whether the manifest is there to stay. Who clears an abandoned set away deletes its cut, then looks for a manifest;
     * who commits writes the manifest, then looks for the cut: one of both sees the other.
     */
    private boolean stands(String set) {
        if (!archive.isCommitted(set)) {
            return false;
        }
        if (archive.stored(ArchiveNames.cut(set)).isEmpty()) {
            String name = ArchiveNames.manifest(set);
            StoreCalls.await(archive.store().delete(name), name);
            throw collected(set);
        }
        return true;
    }

    /** What carries compacted partitions over must have read them to the end while all tombstones were there. */
    private static void requireInTime(Manifest.Cut made, RunContext context) {
        Instant now = context.clock().instant();
        for (Manifest.Range range : made.ranges()) {
            Optional<Instant> readBy =
                    range.start() < range.end() ? range.carried().flatMap(Manifest.Carried::readBy) : Optional.empty();
            if (readBy.isPresent() && !now.isBefore(readBy.get())) {
                throw new EventBrokerException("partition " + range.topicPartition() + " is compacted, and from "
                        + readBy.get() + " on, before the backup was at its end, markers of deleted keys may have"
                        + " vanished; make a new plan");
            }
        }
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
