package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * The batches of a segment from one entry of its index to before another, read with one call of the store. Checks the
 * CRC-32C of every batch, and the offsets. One thread at a time.
 */
final class Stretch {
    private final String name;
    private final long start;
    private final ByteBuffer batches;
    private final Coverage coverage;
    private int at = -1;
    private int behind;
    private long from;

    private Stretch(String name, long start, ByteBuffer batches, Coverage coverage) {
        this.name = name;
        this.start = start;
        this.batches = batches;
        this.coverage = coverage;
    }

    /** Where the stretch of an entry ends in the segment; the last one's at the segment's end. */
    static long end(SegmentIndex index, int entry) {
        return entry + 1 < index.entries().size()
                ? index.entries().get(entry + 1).position()
                : index.segment().bytes();
    }

    /** Reads from the first entry to the end of the last one's stretch. */
    static CompletableFuture<Stretch> read(ObjectStore store, String name, SegmentIndex index, int first, int last) {
        SegmentIndex.Entry entry = index.entries().get(first);
        ByteBuffer batches = ByteBuffer.allocate(Math.toIntExact(end(index, last) - entry.position()));
        return store.read(name, entry.position(), batches).thenApply(read -> {
            Coverage coverage = first == 0 ? new Coverage(name, index) : new Coverage(name, index, entry);
            return new Stretch(name, entry.position(), batches, coverage);
        });
    }

    /** Goes to the next batch; false behind the last. */
    boolean next() {
        if (behind == batches.limit()) {
            return false;
        }
        at = behind;
        if (batches.limit() - at < BatchHeader.SIZE) {
            throw new ArchiveException(name + " ends inside a batch at byte " + position());
        }
        behind = at + PartitionReader.checked(name, batches, at, position());
        from = coverage.batch(BatchHeader.baseOffset(batches, at), BatchHeader.lastOffset(batches, at));
        return true;
    }

    /** Holds the batch, at {@link #at}. */
    ByteBuffer buffer() {
        return batches;
    }

    int at() {
        return at;
    }

    int size() {
        return behind - at;
    }

    /** The first offset of the batch that is covered. */
    long from() {
        return from;
    }

    String object() {
        return name;
    }

    /** Of the batch, in the object. */
    long position() {
        return start + at;
    }
}
