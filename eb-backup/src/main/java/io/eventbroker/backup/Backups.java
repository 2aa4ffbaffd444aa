package io.eventbroker.backup;

import io.eventbroker.backup.BackupAction.TopicRef;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

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
    private static final DateTimeFormatter POINT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

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
     * Plans a backup of what the state shows. Each plan has a recovery point id of its own, made of the time and eight
     * random digits.
     *
     * @param source read with at least topics; with {@link ClusterState.Part#SIZES} the plan says how much there is
     * @throws EventBrokerException if nothing is selected
     */
    public BackupPlan plan(ClusterState source, Selection selection) {
        List<TopicState> topics = source.topics().values().stream()
                .filter(t -> selection.includes(t.name()))
                .toList();
        if (topics.isEmpty()) {
            throw new EventBrokerException(
                    "no topic of cluster " + source.clusterId() + " matches " + selection + "; check the patterns");
        }
        String point = POINT.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        List<TopicRef> refs = topics.stream().map(BackupDriver::ref).toList();
        long bytes = 0;
        int partitions = 0;
        ActionPlan.Builder<BackupAction> plan = ActionPlan.of(BackupPlan.TYPE, BackupDriver.basis(source, refs))
                .fact("point", point)
                .fact("topics", topics.size());
        plan.action(new BackupAction.TakeCut(point, refs, selection.includesGroups()));
        for (TopicState topic : topics) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                PartitionState partition = topic.partitions().get(i);
                long size = Math.max(0, partition.size());
                plan.action(new BackupAction.CopyPartition(point, topic.name().value(), topic.id(), i, size));
                bytes += size;
                partitions++;
            }
        }
        plan.action(new BackupAction.Commit(point, refs));
        plan.fact("partitions", partitions).fact("bytes", bytes);
        plan.note("Producer ids and open transactions are not part of a backup; aborted records are left out.");
        return new BackupPlan(plan.build());
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
