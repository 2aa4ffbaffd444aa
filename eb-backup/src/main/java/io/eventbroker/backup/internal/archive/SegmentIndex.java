package io.eventbroker.backup.internal.archive;

import io.eventbroker.backup.store.EncryptedStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What lies where in a segment, and which offsets it covers without holding them. Everything in the manifest's entry of
 * the segment is in here too, so a killed backup finds out from the indexes alone how far it had come.
 */
public final class SegmentIndex {
    /** Stored bytes between two entries, at least; a batch is never split. */
    public static final int INTERVAL = 64 << 10;

    private static final int MAGIC = 0x45424958; // "EBIX"
    /** Of this layout; format versions 1 and 2 of the archive have not changed it. */
    private static final int VERSION = 0;

    private static final int HEADER = 88;
    private static final int ENTRY = 32;
    private static final int RANGE = 17;

    /** Why offsets that a segment covers are not in it. */
    public enum Reason {
        /** Markers that end transactions. */
        CONTROL(1),
        /** Records of transactions that were aborted. */
        ABORTED(2),
        /** Nothing there: left behind by compaction, or a batch that compaction has emptied. */
        ABSENT(3),
        /** Removed by retention or DeleteRecords while the backup ran, before it could read them. */
        LOST(4);

        private final byte code;

        Reason(int code) {
            this.code = (byte) code;
        }

        static Reason of(byte code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            throw new ArchiveException("unknown reason " + code + " for dropped offsets");
        }
    }

    /** Offsets that are not in the segment, first and last included. */
    public record Dropped(Reason reason, long first, long last) {}

    /**
     * Where to start reading.
     *
     * @param offset base offset of the batch that lies at the position
     * @param position in the segment, in bytes
     * @param recordsBefore restored records of this segment before that batch
     * @param maxTimestamp of the records from here to the next entry
     */
    public record Entry(long offset, long position, long recordsBefore, long maxTimestamp) {}

    private final Manifest.Segment totals;
    private final List<Entry> entries;
    private final List<Dropped> dropped;

    private SegmentIndex(Manifest.Segment totals, List<Entry> entries, List<Dropped> dropped) {
        this.totals = totals;
        this.entries = List.copyOf(entries);
        this.dropped = List.copyOf(dropped);
    }

    /** The manifest's entry for this segment. */
    public Manifest.Segment segment() {
        return totals;
    }

    public List<Entry> entries() {
        return entries;
    }

    public List<Dropped> dropped() {
        return dropped;
    }

    /** What is kept of the segment without its index. */
    public SealedSegment sealed() {
        return sealed(Map.of());
    }

    SealedSegment sealed(Map<Long, Long> recordsBefore) {
        // Not the ranges of that reason alone: compaction also takes records out of the middle of a batch.
        long absent = totals.next() - totals.base() - totals.records();
        for (Dropped range : dropped) {
            absent -= range.reason() == Reason.ABSENT ? 0 : range.last() - range.first() + 1;
        }
        return new SealedSegment(totals, absent, recordsBefore);
    }

    /** The last entry at or before which fewer or equally many records stand; none in a segment without batches. */
    public int entryForRecord(long recordsBefore) {
        int low = 0;
        int high = entries.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (entries.get(middle).recordsBefore() <= recordsBefore) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The last entry whose batch starts at or before the offset, or the first. */
    public int entryForOffset(long offset) {
        int low = 0;
        int high = entries.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (entries.get(middle).offset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Collects an index while its segment is written. */
    public static final class Builder {
        private final long base;
        private long next;
        private long bytes;
        private long records;
        private long batches;
        private long rewritten;
        private int largestBatch;
        private long lost;
        private long maxTimestamp = -1;
        private long lastEntryPosition = -INTERVAL;
        // Flat, because a segment has thousands: offset, position, records before, time stamp.
        private long[] entries = new long[4 * 64];
        private int entryCount;
        private final List<Dropped> dropped = new ArrayList<>();

        public Builder(long base) {
            this.base = base;
            this.next = base;
        }

        public long base() {
            return base;
        }

        public long next() {
            return next;
        }

        public long bytes() {
            return bytes;
        }

        public long records() {
            return records;
        }

        /** Notes a batch that is appended to the segment; a hole before it is noted as absent. */
        public void batch(long baseOffset, long lastOffset, int size, long restored, boolean rewrite, long timestamp) {
            if (baseOffset > next) {
                dropped(Reason.ABSENT, next, baseOffset - 1);
            }
            if (bytes - lastEntryPosition >= INTERVAL) {
                if (entryCount * 4 == entries.length) {
                    entries = Arrays.copyOf(entries, entries.length * 2);
                }
                int at = entryCount++ * 4;
                entries[at] = baseOffset;
                entries[at + 1] = bytes;
                entries[at + 2] = records;
                entries[at + 3] = timestamp;
                lastEntryPosition = bytes;
            } else {
                int at = (entryCount - 1) * 4 + 3;
                entries[at] = Math.max(entries[at], timestamp);
            }
            bytes += size;
            records += restored;
            batches++;
            rewritten += rewrite ? 1 : 0;
            largestBatch = Math.max(largestBatch, size);
            maxTimestamp = Math.max(maxTimestamp, timestamp);
            next = lastOffset + 1;
        }

        /** Notes offsets that are covered and not in the segment; a hole before them is noted as absent. */
        public void dropped(Reason reason, long first, long last) {
            if (first > next) {
                dropped(Reason.ABSENT, next, first - 1);
            }
            int end = dropped.size() - 1;
            long from = Math.max(first, next);
            if (end >= 0
                    && dropped.get(end).reason() == reason
                    && dropped.get(end).last() + 1 == from) {
                dropped.set(end, new Dropped(reason, dropped.get(end).first(), last));
            } else {
                dropped.add(new Dropped(reason, from, last));
            }
            lost += reason == Reason.LOST ? last - from + 1 : 0;
            next = last + 1;
        }

        public ByteBuffer encode(int crc32c) {
            ByteBuffer out = ByteBuffer.allocate(HEADER + entryCount * ENTRY + dropped.size() * RANGE + 4);
            out.putInt(MAGIC).putInt(VERSION);
            out.putLong(base).putLong(next).putLong(bytes).putInt(crc32c);
            out.putLong(records).putLong(batches).putLong(rewritten);
            out.putInt(largestBatch).putLong(lost).putLong(maxTimestamp);
            out.putInt(entryCount).putInt(dropped.size());
            for (int i = 0; i < entryCount * 4; i++) {
                out.putLong(entries[i]);
            }
            for (Dropped range : dropped) {
                out.put(range.reason().code).putLong(range.first()).putLong(range.last());
            }
            out.putInt(crc(out, out.position()));
            return out.flip();
        }
    }

    private static int crc(ByteBuffer buffer, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(length).position(0));
        return (int) crc.getValue();
    }

    /**
     * Reads an index.
     *
     * @param set that it lies in
     * @throws ArchiveException if it is damaged
     * @throws io.eventbroker.core.EventBrokerException if it is encrypted
     */
    public static SegmentIndex decode(String set, String name, ByteBuffer stored) {
        EncryptedStore.requirePlain(name, stored);
        ByteBuffer in = stored.slice();
        int size = in.remaining();
        if (size < HEADER + 4 || in.getInt(size - 4) != crc(in, size - 4)) {
            throw new ArchiveException(name + " is damaged: its CRC-32C does not match");
        }
        if (in.getInt() != MAGIC) {
            throw new ArchiveException(name + " is not a segment index");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new ArchiveException(
                    name + " is an index of version " + version + "; this SDK reads version " + VERSION);
        }
        long base = in.getLong();
        long next = in.getLong();
        long bytes = in.getLong();
        int crc32c = in.getInt();
        long records = in.getLong();
        long batches = in.getLong();
        long rewritten = in.getLong();
        int largestBatch = in.getInt();
        long lost = in.getLong();
        long maxTimestamp = in.getLong();
        int entryCount = in.getInt();
        int droppedCount = in.getInt();
        if (size != HEADER + (long) entryCount * ENTRY + (long) droppedCount * RANGE + 4) {
            throw new ArchiveException(name + " is damaged: it has " + size + " bytes for " + entryCount
                    + " entries and " + droppedCount + " ranges");
        }
        List<Entry> entries = new ArrayList<>(entryCount);
        for (int i = 0; i < entryCount; i++) {
            entries.add(new Entry(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
        }
        List<Dropped> dropped = new ArrayList<>(droppedCount);
        for (int i = 0; i < droppedCount; i++) {
            dropped.add(new Dropped(Reason.of(in.get()), in.getLong(), in.getLong()));
        }
        return new SegmentIndex(
                new Manifest.Segment(
                        set,
                        base,
                        next,
                        bytes,
                        crc32c,
                        records,
                        batches,
                        rewritten,
                        largestBatch,
                        lost,
                        maxTimestamp,
                        size,
                        crc(in, size)),
                entries,
                dropped);
    }
}
