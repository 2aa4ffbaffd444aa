package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition's batches from the archive in order, a chunk ahead, without segments of which a slice keeps nothing.
 * Checks the CRC-32C of every batch and that the offsets are complete. One thread at a time. Only {@link #next} waits for
 * the store, or for a buffer.
 */
final class PartitionReader {
    static final int CHUNK = 2 << 20;

    private final ObjectStore store;
    private final Manifest.Partition source;
    private final Slice slice;
    private final long records;
    private final BufferPool pool;

    private int segment = -1;
    private String name = "";
    private long segmentBytes;
    private @Nullable Coverage coverage;
    private int headroom;
    /** Where batches are taken from; without any, once a segment is at its end. */
    private ByteBuffer current = ByteBuffer.allocate(0);

    private BufferPool.@Nullable Lease currentLease;
    /** Belongs to the store while it is read into. */
    private BufferPool.@Nullable Lease ahead;

    private @Nullable CompletableFuture<Void> reading;
    /** Bytes of the segment that have been asked for. */
    private long asked;
    /** Kept records before the batch that comes next. */
    private long recordsBefore;
    /** Bytes of all segments before the batch that comes next. */
    private long bytesBefore;

    /** Records to go to before the next batch is read; −1 for none. */
    private long startAt = -1;

    /**
     * A batch where it lies; valid until the next call. Its bytes may be changed.
     *
     * @param from the first offset that is covered
     * @param recordsBefore kept records of the partition before it
     * @param records how many of it are kept
     * @param cut whether the slice goes through it
     * @param object that it was read from
     * @param position in the object
     */
    record Batch(
            ByteBuffer buffer,
            int at,
            int size,
            long from,
            long recordsBefore,
            long records,
            boolean cut,
            String object,
            long position) {}

    /**
     * A reader that stands before the first batch.
     *
     * @param records how many the slice keeps, behind which nothing more is read; {@link Long#MAX_VALUE} if that is not
     *     known
     * @param pool to take two buffers from, for as long as there is something to read; a chunk and a batch of ordinary
     *     size should fit into one
     */
    PartitionReader(ObjectStore store, Manifest.Partition source, Slice slice, long records, BufferPool pool) {
        this.store = store;
        this.source = source;
        this.slice = slice;
        this.records = records;
        this.pool = pool;
    }

    long bytesBefore() {
        return bytesBefore;
    }

    /**
     * Lets {@link #next} go on at the batch before which exactly so many kept records stand. It throws if that is in
     * the middle of a batch. Nothing is read before, nor waited for.
     */
    void startAt(long records) {
        letGo();
        startAt = records;
    }

    private void seek(long wanted) {
        List<Manifest.Segment> segments = source.segments();
        long before = 0;
        long bytes = 0;
        int found = 0;
        while (found < segments.size()) {
            Manifest.Segment next = segments.get(found);
            long kept = slice.keepsNone(next) ? 0 : next.records();
            // A segment that is cut does not say what is kept of it: it is read.
            if (before + kept > wanted || (kept > 0 && !slice.keepsAll(next))) {
                break;
            }
            before += kept;
            bytes += next.bytes();
            found++;
        }
        segment = found - 1;
        recordsBefore = before;
        bytesBefore = bytes;
        coverage = null;
        current = ByteBuffer.allocate(0);
        if (found == segments.size()) {
            if (before != wanted) {
                throw new ArchiveException("partition " + source.topicPartition() + " has " + before
                        + " records in the archive, fewer than " + wanted);
            }
            return;
        }
        open(found, slice.keepsAll(segments.get(found)) ? wanted - before : 0);
        while (recordsBefore < wanted) {
            if (next() == null) {
                break;
            }
        }
        if (recordsBefore != wanted) {
            throw new ArchiveException("record " + wanted + " of partition " + source.topicPartition()
                    + " lies inside a batch of the archive; the target holds something else than this backup");
        }
    }

    private void open(int number, long recordsInSegment) {
        Manifest.Segment wanted = source.segments().get(number);
        SegmentIndex index = SealedSegments.read(store, source.topicPartition(), wanted);
        segment = number;
        name = ArchiveNames.segment(source.topicPartition(), wanted);
        segmentBytes = index.segment().bytes();
        headroom = index.segment().largestBatch();
        int at = recordsInSegment > 0 ? index.entryForRecord(recordsInSegment) : index.entryForOffset(slice.from());
        if (at <= 0) {
            coverage = new Coverage(name, index);
            asked = 0;
        } else {
            SegmentIndex.Entry entry = index.entries().get(at);
            coverage = new Coverage(name, index, entry);
            asked = entry.position();
            // Before the slice's first offset nothing is kept.
            recordsBefore += recordsInSegment > 0 ? entry.recordsBefore() : 0;
            bytesBefore += entry.position();
        }
        current = ByteBuffer.allocate(0);
        readAhead();
    }

    /** Opens the next segment of which something may be kept; false if there is none. */
    private boolean openNext() {
        List<Manifest.Segment> segments = source.segments();
        while (segment + 1 < segments.size()) {
            Manifest.Segment next = segments.get(segment + 1);
            if (!slice.keepsNone(next)) {
                open(segment + 1, 0);
                return true;
            }
            bytesBefore += next.bytes();
            segment++;
        }
        return false;
    }

    private void readAhead() {
        int length = (int) Math.min(CHUNK, segmentBytes - asked);
        reading = null;
        if (length == 0) {
            return;
        }
        ByteBuffer into = room(headroom + length);
        reading = store.read(name, asked, into.clear().position(headroom).limit(headroom + length));
        asked += length;
    }

    private ByteBuffer room(int bytes) {
        BufferPool.Lease lease = ahead;
        if (lease == null || lease.buffer().capacity() < bytes) {
            if (lease != null) {
                lease.close();
                ahead = null;
            }
            lease = bytes <= pool.size()
                    ? pool.take(StoreCalls.WAIT)
                    : BufferPool.Lease.unpooled(Math.addExact(headroom, CHUNK));
            ahead = lease;
        }
        return lease.buffer();
    }

    /** Puts what is left of the chunk before the next one, which has been read meanwhile. */
    private boolean turn() {
        CompletableFuture<Void> pending = reading;
        BufferPool.Lease arrived = ahead;
        if (pending == null || arrived == null) {
            return false;
        }
        StoreCalls.await(pending, name);
        reading = null;
        ByteBuffer rest = current;
        BufferPool.Lease restLease = currentLease;
        current = arrived.buffer();
        currentLease = arrived;
        ahead = restLease;
        int from = headroom - rest.remaining();
        if (from < 0) {
            throw new ArchiveException(name + " has a batch that is larger than its index says");
        }
        current.put(from, rest, rest.position(), rest.remaining());
        current.position(from);
        readAhead();
        return true;
    }

    /** The next batch, or null behind the last. */
    @Nullable
    Batch next() {
        if (startAt >= 0) {
            long wanted = startAt;
            startAt = -1;
            seek(wanted);
        }
        while (recordsBefore < records) {
            Coverage covered = coverage;
            if (covered == null) {
                if (!openNext()) {
                    return null;
                }
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
        return null;
    }

    private Batch take(Coverage covered) {
        int at = current.position();
        long position = asked - current.remaining();
        int size = checked(name, current, at, position);
        long from = covered.batch(BatchHeader.baseOffset(current, at), BatchHeader.lastOffset(current, at));
        long kept = slice.kept(current, at, from);
        boolean cut = !slice.keepsAll(current, at);
        Batch batch = new Batch(current, at, size, from, recordsBefore, kept, cut, name, position);
        current.position(at + size);
        recordsBefore += kept;
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

    /** Lets the buffers go: the one that the store may still write to once it does not any more. */
    private void letGo() {
        CompletableFuture<Void> pending = reading;
        BufferPool.Lease behind = currentLease;
        BufferPool.Lease filling = ahead;
        reading = null;
        currentLease = null;
        ahead = null;
        current = ByteBuffer.allocate(0);
        coverage = null;
        if (behind != null) {
            behind.close();
        }
        if (filling != null && pending != null) {
            var unused = pending.whenComplete((done, failure) -> filling.close());
        } else if (filling != null) {
            filling.close();
        }
    }

    /** Lets the buffers go; does not wait for the store. */
    void close() {
        letGo();
    }
}
