package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import java.time.Instant;
import java.util.List;

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

    /** Bytes of the segments, as stored: compressed as the producers did. */
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
                + topics.topics().size() + " topics, " + records() + " records, " + size().forPeople();
    }
}
