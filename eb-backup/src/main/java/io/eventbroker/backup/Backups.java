package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

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
            throw new EventBrokerException("recovery point " + point.id()
                    + " has expired, or is about to; look for it once more," + " and lift the hold if it stays away");
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
     * Opens a recovery point to read its records, without Kafka. Nothing is read yet.
     *
     * @param point one of this store
     */
    public ArchiveReader open(RecoveryPoint point) {
        return new ArchiveReader(point, archive.store());
    }

    /**
     * Plans a restore into a cluster where none of the topics exists yet, unless the options say otherwise. Where the options
     * leave records out, reads what they cut from the archive to count what comes back; otherwise reads nothing.
     *
     * @param target read with everything, or at least groups (unless they are left out), and with properties and offsets of
     *     topics that exist and are to be restored into
     * @throws RestoreRefusedException if something stands in the way, naming everything that does
     * @throws EventBrokerException if nothing is selected, or what must be read of the archive is damaged
     * @throws io.eventbroker.core.RetryableException if the store does not answer
     */
    public RestorePlan planRestore(RecoveryPoint point, ClusterState target, RestoreOptions options) {
        return new RestorePlanner(archive.store(), point, target, options).plan();
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
