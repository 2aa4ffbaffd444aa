package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition's batches from the archive in order, a chunk ahead. Checks the CRC-32C of every batch and that the
 * offsets are complete. One thread at a time. Only {@link #next} waits for the store, or for a buffer.
 */
final class PartitionReader {
    static final int CHUNK = 2 << 20;

    private final ObjectStore store;
    private final Manifest.Partition source;
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
    /** Restored records before the batch that comes next. */
    private long recordsBefore;
    /** Bytes of all segments before the batch that comes next. */
    private long bytesBefore;

    /** Records to go to before the next batch is read; −1 for none. */
    private long startAt = -1;

    /** A batch where it lies; valid until the next call. Its bytes may be changed. */
    record Batch(ByteBuffer buffer, int at, int size, long from, long recordsBefore, long records) {}

    /**
     * A reader that stands before the first batch.
     *
     * @param pool to take two buffers from, for as long as there is something to read; a chunk and a batch of ordinary
     *     size should fit into one
     */
    PartitionReader(ObjectStore store, Manifest.Partition source, BufferPool pool) {
        this.store = store;
        this.source = source;
        this.pool = pool;
    }

    long bytesBefore() {
        return bytesBefore;
    }

    /**
     * Lets {@link #next} go on at the batch before which exactly so many restored records stand. It throws if that is in
     * the middle of a batch. Nothing is read before, nor waited for.
     */
    void startAt(long records) {
        letGo();
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

    private void open(int number, long recordsInSegment) {
        Manifest.Segment wanted = source.segments().get(number);
        SegmentIndex index = SealedSegments.read(store, source.topicPartition(), wanted);
        segment = number;
        name = ArchiveNames.segment(source.topicPartition(), wanted);
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
