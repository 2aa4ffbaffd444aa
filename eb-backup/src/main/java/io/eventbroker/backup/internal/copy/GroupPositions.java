package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Finds out where committed positions lie among the restored records: exactly, by the index and the batch's header. */
public final class GroupPositions {
    private static final int READS_AT_ONCE = 16;

    private final ObjectStore store;
    private final Map<TopicPartition, List<SealedSegment>> segments;

    private GroupPositions(ObjectStore store, Map<TopicPartition, List<SealedSegment>> segments) {
        this.store = store;
        this.segments = segments;
    }

    /**
     * The groups with {@code recordsBefore} filled in. Positions past the end of the copy stand at its end. What was
     * not noted while its segment was written, because an earlier run or backup did that, is looked up: in the index of the segment
     * that the position lies in, and in the stretch between two entries.
     *
     * @param segments of every partition, in order and from the first on, those of earlier sets included; positions in
     *     other partitions are left out
     */
    public static List<Manifest.Group> resolve(
            ObjectStore store, List<Manifest.Group> groups, Map<TopicPartition, List<SealedSegment>> segments) {
        GroupPositions positions = new GroupPositions(store, segments);
        Map<Manifest.Position, Long> found = new HashMap<>();
        Map<Manifest.Position, CompletableFuture<Long>> underWay = new HashMap<>();
        for (Manifest.Group group : groups) {
            for (Manifest.Position position : group.positions()) {
                if (!segments.containsKey(new TopicPartition(position.topic(), position.partition()))) {
                    continue;
                }
                underWay.put(position, positions.recordsBefore(position));
                if (underWay.size() == READS_AT_ONCE) {
                    settle(underWay, found);
                }
            }
        }
        settle(underWay, found);
        return groups.stream()
                .map(group -> new Manifest.Group(
                        group.id(),
                        group.type(),
                        group.positions().stream()
                                .filter(found::containsKey)
                                .map(p -> new Manifest.Position(
                                        p.topic(), p.partition(), p.offset(), found.getOrDefault(p, 0L), p.metadata()))
                                .toList()))
                .toList();
    }

    private static void settle(
            Map<Manifest.Position, CompletableFuture<Long>> underWay, Map<Manifest.Position, Long> found) {
        underWay.forEach((position, records) -> found.put(
                position, StoreCalls.await(records, "a position in " + position.topic() + "-" + position.partition())));
        underWay.clear();
    }

    private CompletableFuture<Long> recordsBefore(Manifest.Position position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        long offset = position.offset();
        long before = 0;
        for (SealedSegment sealed : segments.getOrDefault(partition, List.of())) {
            Manifest.Segment segment = sealed.segment();
            if (offset >= segment.next()) {
                before += segment.records();
            } else if (offset <= segment.base() || segment.batches() == 0) {
                break;
            } else {
                long beforeSegment = before;
                Long noted = sealed.recordsBefore().get(offset);
                if (noted != null) {
                    return CompletableFuture.completedFuture(beforeSegment + noted);
                }
                return SealedSegments.index(store, partition, segment)
                        .thenCompose(index -> recordsBefore(partition, index, offset))
                        .thenApply(records -> beforeSegment + records);
            }
        }
        return CompletableFuture.completedFuture(before);
    }

    private CompletableFuture<Long> recordsBefore(TopicPartition partition, SegmentIndex index, long offset) {
        int number = index.entryForOffset(offset);
        String name = ArchiveNames.segment(partition, index.segment());
        return Stretch.read(store, name, index, number, number).thenApply(stretch -> {
            long records = index.entries().get(number).recordsBefore();
            while (stretch.next()) {
                ByteBuffer buffer = stretch.buffer();
                int at = stretch.at();
                if (BatchHeader.lastOffset(buffer, at) >= offset) {
                    return records
                            + BatchRecords.before(buffer, at, offset)
                            - BatchRecords.before(buffer, at, Math.min(offset, stretch.from()));
                }
                records += BatchRecords.restored(buffer, at, stretch.from());
            }
            return records;
        });
    }
}
