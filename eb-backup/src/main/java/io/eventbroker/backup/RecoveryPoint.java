package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A moment that a restore can go back to. Immutable; found with {@link Backups#recoveryPoints}. */
public final class RecoveryPoint {
    private final Manifest manifest;
    private final Manifest.Topics topics;
    private final Manifest.Groups groups;

    RecoveryPoint(Manifest manifest, Manifest.Topics topics, Manifest.Groups groups) {
        this.manifest = manifest;
        this.topics = topics;
        this.groups = groups;
    }

    /** Names the recovery point in its store; later ones sort behind earlier ones. */
    public String id() {
        return manifest.point();
    }

    /** The id of the cluster that was backed up. */
    public String clusterId() {
        return manifest.clusterId();
    }

    /** The moment: when the end of every partition had been read. */
    public Instant takenAt() {
        return manifest.cutAt();
    }

    /**
     * The id of the recovery point that this one goes on from; empty for a full backup. That one may have expired since:
     * everything that a restore needs is named by this one itself.
     */
    public Optional<String> parent() {
        return manifest.parent();
    }

    public List<TopicName> topics() {
        return topics.topics().stream().map(t -> TopicName.of(t.name())).toList();
    }

    /** The ids of the groups whose positions are in it. */
    public List<String> groups() {
        return groups.groups().stream().map(Manifest.Group::id).toList();
    }

    /** Records that a restore brings back. */
    public long records() {
        return manifest.partitions().stream()
                .mapToLong(Manifest.Partition::records)
                .sum();
    }

    /** Bytes of the segments, those of earlier backups included, as stored: compressed as the producers did. */
    public DataSize size() {
        return DataSize.ofBytes(manifest.partitions().stream()
                .mapToLong(Manifest.Partition::bytes)
                .sum());
    }

    /** Offsets that retention or DeleteRecords had removed before the backup could read them. */
    public long lostOffsets() {
        return manifest.partitions().stream()
                .mapToLong(Manifest.Partition::lost)
                .sum();
    }

    /**
     * Offsets behind the last stable one when the recovery point was taken: of transactions that were open, and of all
     * that others had written since they began. None of that is in the recovery point. A few are usual where producers use
     * transactions; many, or the same in each backup, mean one that hangs. 0 for points of archive format 0.
     */
    public long heldBackOffsets() {
        return manifest.partitions().stream()
                .mapToLong(Manifest.Partition::heldBack)
                .sum();
    }

    /**
     * Offsets without a record in topics that were not compacted: unless they once were, the source had lost records
     * before the backup. 0 for points of archive format 0.
     */
    public long missingOffsets() {
        return manifest.partitions().stream()
                .mapToLong(Manifest.Partition::missing)
                .sum();
    }

    Manifest manifest() {
        return manifest;
    }

    Manifest.Topics topicDocument() {
        return topics;
    }

    Manifest.Groups groupDocument() {
        return groups;
    }

    @Override
    public String toString() {
        return "recovery point " + id() + " of cluster " + clusterId() + ": "
                + topics.topics().size() + (topics.topics().size() == 1 ? " topic, " : " topics, ") + records()
                + " records, " + size().forPeople();
    }
}
