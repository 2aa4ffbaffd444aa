package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.GroupPositions;
import io.eventbroker.backup.internal.copy.SealedSegments;
import io.eventbroker.backup.internal.copy.StoreCalls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Makes the manifest of what a cut asked for: the segments that were carried over, and behind them those of the set. */
final class ManifestWriter {
    private final Archive archive;
    private final String set;
    private final Manifest.Cut cut;
    private final Map<TopicPartition, List<SealedSegment>> copied;
    private final Map<TopicPartition, Integer> lastEpochs;

    /**
     * A writer for one set.
     *
     * @param copied what this run has copied; the rest, which earlier runs did, is looked up in the store
     * @param lastEpochs of what this run has copied
     */
    ManifestWriter(
            Archive archive,
            String set,
            Manifest.Cut cut,
            Map<TopicPartition, List<SealedSegment>> copied,
            Map<TopicPartition, Integer> lastEpochs) {
        this.archive = archive;
        this.set = set;
        this.cut = cut;
        this.copied = copied;
        this.lastEpochs = lastEpochs;
    }

    /** Writes it, unless another one is there. */
    Manifest write(Instant now) {
        Map<String, String> ids = new HashMap<>();
        cut.topics().forEach(t -> ids.put(t.name(), t.id()));
        Map<TopicPartition, List<SealedSegment>> sealed = sealed();
        Map<TopicPartition, List<SealedSegment>> chains = new HashMap<>();
        List<Manifest.Partition> partitions = new ArrayList<>();
        for (Manifest.Range range : cut.ranges()) {
            List<SealedSegment> own = sealed.getOrDefault(range.topicPartition(), List.of());
            List<SealedSegment> chain = new ArrayList<>();
            range.carriedSegments().forEach(segment -> chain.add(SealedSegment.carried(segment)));
            chain.addAll(own);
            chains.put(range.topicPartition(), chain);
            partitions.add(partition(range, ids.getOrDefault(range.topic(), ""), own, chain));
        }
        List<Manifest.Group> groups = GroupPositions.resolve(archive.store(), cut.groups(), chains);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                set,
                cut.parent(),
                cut.clusterId(),
                cut.at(),
                now,
                archive.write(ArchiveNames.topics(set), new Manifest.Topics(cut.topics())),
                archive.write(ArchiveNames.groups(set), new Manifest.Groups(groups)),
                partitions);
        String name = ArchiveNames.manifest(set);
        if (!StoreCalls.await(archive.store().putIfAbsent(name, Manifest.encode(manifest)), name)) {
            throw new ArchiveException(name + " was written by someone else meanwhile");
        }
        return manifest;
    }

    private Map<TopicPartition, List<SealedSegment>> sealed() {
        List<CopyEngine.Job> unknown = new ArrayList<>();
        for (Manifest.Range range : cut.ranges()) {
            if (!copied.containsKey(range.topicPartition())) {
                unknown.add(new CopyEngine.Job(
                        range.topicPartition(), Uuid.ZERO_UUID, range.start(), range.end(), 0, List.of()));
            }
        }
        Map<TopicPartition, List<SealedSegment>> sealed = new HashMap<>(copied);
        if (!unknown.isEmpty()) {
            sealed.putAll(SealedSegments.find(archive.store(), set, unknown));
        }
        return sealed;
    }

    private Manifest.Partition partition(
            Manifest.Range range, String topicId, List<SealedSegment> sealed, List<SealedSegment> chain) {
        TopicPartition partition = range.topicPartition();
        List<Manifest.Segment> segments =
                chain.stream().map(SealedSegment::segment).toList();
        long end = sealed.isEmpty()
                ? range.start()
                : sealed.get(sealed.size() - 1).segment().next();
        if (end < range.end()) {
            throw new ArchiveException(
                    "partition " + partition + " is archived up to offset " + end + ", the cut is at " + range.end());
        }
        Optional<Manifest.Carried> carried = range.carried();
        return new Manifest.Partition(
                range.topic(),
                topicId,
                range.partition(),
                segments.isEmpty() ? range.start() : segments.get(0).base(),
                end,
                range.compacted(),
                carried.map(Manifest.Carried::absent).orElse(0L)
                        + sealed.stream().mapToLong(SealedSegment::absent).sum(),
                range.heldBack(),
                sealed.isEmpty()
                        ? carried.map(Manifest.Carried::lastEpoch).orElse(-1)
                        : lastEpochs.getOrDefault(partition, -1),
                segments);
    }
}
