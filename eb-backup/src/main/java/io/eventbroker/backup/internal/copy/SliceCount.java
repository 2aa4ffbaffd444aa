package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Counts what a slice keeps of a partition. By the manifest where a segment is kept or left out whole, by its index where the
 * stretch of an entry is, and only otherwise by the batches.
 */
public final class SliceCount {
    /** Stretches side by side are read at once up to that size. */
    private static final int CHUNK = 4 << 20;

    private final ObjectStore store;
    private final Manifest.Partition partition;
    private final Slice slice;
    /** Positions that are not behind us yet, the next one first. */
    private final PriorityQueue<Long> ahead;

    private final Map<Long, Long> keptBefore = new HashMap<>();
    private long all;
    private long records;
    private long bytes;
    private long cut;
    private long rewritten;

    private SliceCount(ObjectStore store, Manifest.Partition partition, Slice slice, Collection<Long> positions) {
        this.store = store;
        this.partition = partition;
        this.slice = slice;
        this.ahead = new PriorityQueue<>(positions);
    }

    /**
     * Counts. Waits for the store as often as something must be read.
     *
     * @param positions numbers of records of the whole partition, to ask {@link #keptBefore} for
     */
    public static SliceCount of(
            ObjectStore store, Manifest.Partition partition, Slice slice, Collection<Long> positions) {
        SliceCount count = new SliceCount(store, partition, slice, positions);
        count.run();
        return count;
    }

    private void run() {
        for (Manifest.Segment segment : partition.segments()) {
            if (slice.keepsNone(segment)) {
                pass(segment.records(), false);
            } else if (slice.keepsAll(segment)) {
                pass(segment.records(), true);
                bytes += segment.bytes();
                rewritten += segment.rewritten();
            } else {
                count(segment);
            }
        }
        pass(0, true);
    }

    /** Goes past records of which all are kept, or none. */
    private void pass(long number, boolean kept) {
        Long next = ahead.peek();
        while (next != null && next <= all + number) {
            keptBefore.put(next, records + (kept ? Math.max(0, next - all) : 0));
            ahead.remove();
            next = ahead.peek();
        }
        all += number;
        records += kept ? number : 0;
    }

    private void count(Manifest.Segment segment) {
        SegmentIndex index = SealedSegments.read(store, partition.topicPartition(), segment);
        rewritten += segment.rewritten();
        int entries = index.entries().size();
        int entry = 0;
        while (entry < entries) {
            if (keepsNone(index, entry)) {
                pass(records(index, entry), false);
            } else if (keepsAll(index, entry)) {
                pass(records(index, entry), true);
                bytes += Stretch.end(index, entry) - index.entries().get(entry).position();
            } else {
                int last = entry;
                long start = index.entries().get(entry).position();
                while (last + 1 < entries
                        && !keepsNone(index, last + 1)
                        && !keepsAll(index, last + 1)
                        && Stretch.end(index, last + 1) - start <= CHUNK) {
                    last++;
                }
                String name = partition.name(segment);
                Stretch stretch = StoreCalls.await(Stretch.read(store, name, index, entry, last), name);
                while (stretch.next()) {
                    count(stretch);
                }
                entry = last;
            }
            entry++;
        }
    }

    private boolean keepsNone(SegmentIndex index, int entry) {
        return slice.keepsNone(index.entries().get(entry).offset(), end(index, entry));
    }

    private boolean keepsAll(SegmentIndex index, int entry) {
        SegmentIndex.Entry first = index.entries().get(entry);
        return slice.keepsAll(first.offset(), end(index, entry), first.maxTimestamp());
    }

    private static long end(SegmentIndex index, int entry) {
        return entry + 1 < index.entries().size()
                ? index.entries().get(entry + 1).offset()
                : index.segment().next();
    }

    private static long records(SegmentIndex index, int entry) {
        long behind = entry + 1 < index.entries().size()
                ? index.entries().get(entry + 1).recordsBefore()
                : index.segment().records();
        return behind - index.entries().get(entry).recordsBefore();
    }

    private void count(Stretch stretch) {
        ByteBuffer buffer = stretch.buffer();
        int at = stretch.at();
        long there = BatchRecords.restored(buffer, at, stretch.from());
        long kept = slice.kept(buffer, at, stretch.from());
        bytes += kept > 0 ? stretch.size() : 0;
        if (kept == there || kept == 0) {
            pass(there, kept > 0);
            return;
        }
        cut++;
        rewritten += BatchRewriter.isNeeded(buffer, at, stretch.from()) ? 0 : 1;
        try (RecordCursor cursor = new RecordCursor(buffer, at)) {
            while (cursor.next()) {
                if (cursor.offset() >= stretch.from()) {
                    pass(1, slice.keeps(cursor.offset(), cursor.timestamp()));
                }
            }
        }
    }

    /** Records that are kept. */
    public long records() {
        return records;
    }

    /** Of the partition's records, kept or not, so many are left out. */
    public long leftOut() {
        return all - records;
    }

    /** Bytes of the batches that records are kept of. */
    public long bytes() {
        return bytes;
    }

    /** Batches of which some records are kept and others not. */
    public long cut() {
        return cut;
    }

    /** Batches that have to be written anew, at most. */
    public long rewritten() {
        return rewritten;
    }

    /** How many records are kept of the first so many of the partition, which must be one of the positions. */
    public long keptBefore(long position) {
        Long kept = keptBefore.get(position);
        return kept == null ? records : kept;
    }
}
