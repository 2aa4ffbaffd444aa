package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition's batches from the archive in order, a chunk ahead. Checks the CRC-32C of every batch and that the
 * offsets are complete. One thread at a time.
 */
final class PartitionReader {
    private static final int CHUNK = 2 << 20;

    private final ObjectStore store;
    private final Manifest.Partition source;

    private int segment = -1;
    private String name = "";
    private long segmentBytes;
    private @Nullable Coverage coverage;
    private int headroom;
    private ByteBuffer current = ByteBuffer.allocate(0);
    private ByteBuffer ahead = ByteBuffer.allocate(0);
    private @Nullable CompletableFuture<Void> reading;
    /** Bytes of the segment that have been asked for. */
    private long asked;
    /** Restored records before the batch that comes next. */
    private long recordsBefore;
    /** Bytes of all segments before the batch that comes next. */
    private long bytesBefore;

    /** Records to go to before the next batch is read; −1 for none. */
    private long startAt = -1;

    /** A batch where it lies; valid until the next call. Its bytes may be changed. */
    record Batch(ByteBuffer buffer, int at, int size, long from, long recordsBefore, long records) {}

    PartitionReader(ObjectStore store, Manifest.Partition source) {
        this.store = store;
        this.source = source;
    }

    long bytesBefore() {
        return bytesBefore;
    }

    /**
     * Lets {@link #next} go on at the batch before which exactly so many restored records stand. It throws if that is in
     * the middle of a batch. Nothing is read before.
     */
    void startAt(long records) {
        cancelAhead();
        startAt = records;
    }

    private void seek(long records) {
        long before = 0;
        long bytes = 0;
        int found = 0;
        while (found < source.segments().size()
                && before + source.segments().get(found).records() <= records) {
            before += source.segments().get(found).records();
            bytes += source.segments().get(found).bytes();
            found++;
        }
        segment = found - 1;
        recordsBefore = before;
        bytesBefore = bytes;
        coverage = null;
        current = ByteBuffer.allocate(0);
        if (found == source.segments().size()) {
            if (before != records) {
                throw new ArchiveException("partition " + source.topicPartition() + " has " + before
                        + " records in the archive, fewer than " + records);
            }
            return;
        }
        open(found, records - before);
        while (recordsBefore < records) {
            if (next() == null) {
                break;
            }
        }
        if (recordsBefore != records) {
            throw new ArchiveException("record " + records + " of partition " + source.topicPartition()
                    + " lies inside a batch of the archive; the target holds something else than this backup");
        }
    }

    private SegmentIndex index(int number) {
        Manifest.Segment expected = source.segments().get(number);
        String indexName = ArchiveNames.index(source.set(), source.topicPartition(), expected.base());
        SegmentIndex index = SealedSegments.read(store, indexName, expected.indexBytes());
        if (!index.segment().equals(expected)) {
            throw new ArchiveException(indexName + " is not the index that the manifest names");
        }
        return index;
    }

    private void open(int number, long recordsInSegment) {
        SegmentIndex index = index(number);
        segment = number;
        name = ArchiveNames.segment(
                source.set(), source.topicPartition(), index.segment().base());
        segmentBytes = index.segment().bytes();
        headroom = index.segment().largestBatch();
        long position = 0;
        if (index.entries().isEmpty()) {
            coverage = new Coverage(name, index);
        } else {
            SegmentIndex.Entry entry = index.entries().get(index.entryForRecord(recordsInSegment));
            coverage = recordsInSegment == 0 ? new Coverage(name, index) : new Coverage(name, index, entry);
            if (recordsInSegment > 0) {
                position = entry.position();
                recordsBefore += entry.recordsBefore();
                bytesBefore += position;
            }
        }
        asked = position;
        current = ByteBuffer.allocate(0);
        readAhead();
    }

    private void readAhead() {
        int length = (int) Math.min(CHUNK, segmentBytes - asked);
        if (length == 0) {
            reading = null;
            return;
        }
        if (ahead.capacity() < headroom + length) {
            ahead = ByteBuffer.allocateDirect(headroom + CHUNK);
        }
        ahead.clear().position(headroom).limit(headroom + length);
        reading = store.read(name, asked, ahead);
        asked += length;
    }

    /** Puts what is left of the chunk before the next one, which has been read meanwhile. */
    private boolean turn() {
        CompletableFuture<Void> pending = reading;
        if (pending == null) {
            return false;
        }
        StoreCalls.await(pending, name);
        ByteBuffer rest = current;
        current = ahead;
        int from = headroom - rest.remaining();
        if (from < 0) {
            throw new ArchiveException(name + " has a batch that is larger than its index says");
        }
        current.put(from, rest, rest.position(), rest.remaining());
        current.position(from);
        ahead = rest;
        readAhead();
        return true;
    }

    /** The next batch, or null behind the last. */
    @Nullable
    Batch next() {
        if (startAt >= 0) {
            long records = startAt;
            startAt = -1;
            seek(records);
        }
        while (true) {
            Coverage covered = coverage;
            if (covered == null) {
                if (segment + 1 >= source.segments().size()) {
                    return null;
                }
                open(segment + 1, 0);
                continue;
            }
            if (current.remaining() < BatchHeader.SIZE
                    || current.remaining() < BatchHeader.sizeInBytes(current, current.position())) {
                if (turn()) {
                    continue;
                }
                if (current.hasRemaining()) {
                    throw new ArchiveException(name + " ends inside a batch");
                }
                covered.end();
                coverage = null;
                continue;
            }
            return take(covered);
        }
    }

    private Batch take(Coverage covered) {
        int at = current.position();
        int size = checked(name, current, at, asked - current.remaining());
        long from = covered.batch(BatchHeader.baseOffset(current, at), BatchHeader.lastOffset(current, at));
        long records = BatchRecords.restored(current, at, from);
        Batch batch = new Batch(current, at, size, from, recordsBefore, records);
        current.position(at + size);
        recordsBefore += records;
        bytesBefore += size;
        return batch;
    }

    /** The size of a batch that is whole and intact. */
    static int checked(String name, ByteBuffer batches, int at, long position) {
        int size = BatchHeader.sizeInBytes(batches, at);
        if (size < BatchHeader.SIZE
                || size > batches.limit() - at
                || BatchHeader.magic(batches, at) != BatchHeader.MAGIC
                || !BatchHeader.crcMatches(batches, at)) {
            throw new ArchiveException(
                    name + " is damaged at byte " + position + " or shortly before: a batch's CRC-32C does not match");
        }
        return size;
    }

    private void cancelAhead() {
        CompletableFuture<Void> pending = reading;
        if (pending != null) {
            // The buffer belongs to the store until then.
            try {
                StoreCalls.await(pending, name);
            } catch (RuntimeException e) {
                org.slf4j.LoggerFactory.getLogger(PartitionReader.class).debug("reading ahead failed", e);
            }
            reading = null;
        }
    }

    /** Lets the buffers go. */
    void close() {
        cancelAhead();
        current = ByteBuffer.allocate(0);
        ahead = ByteBuffer.allocate(0);
    }
}
