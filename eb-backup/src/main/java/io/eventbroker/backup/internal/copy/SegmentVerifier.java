package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.DamagedObjectException;
import io.eventbroker.backup.store.NoSuchObjectException;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * Reads a partition's share of the archive from end to end and holds it against what the manifest and the indexes say:
 * checksums of objects and batches, sizes, counts, index entries, and the chain of offsets.
 */
public final class SegmentVerifier {
    private static final int CHUNK = 4 << 20;

    private final ObjectStore store;
    private final LongConsumer progress;
    private long bytes;

    /**
     * A verifier for one partition.
     *
     * @param progress hears how many bytes have been read; what it throws ends the check
     */
    public SegmentVerifier(ObjectStore store, LongConsumer progress) {
        this.store = store;
        this.progress = progress;
    }

    /** What is wrong, one sentence an object; empty if nothing is. */
    public List<String> verify(Manifest.Partition partition) {
        List<String> wrong = new ArrayList<>();
        long next = partition.start();
        for (Manifest.Segment segment : partition.segments()) {
            if (segment.base() != next) {
                wrong.add("partition " + partition.topicPartition() + ": offsets " + next + " to "
                        + (segment.base() - 1) + " are in no segment");
            }
            next = segment.next();
            try {
                verify(partition, segment);
            } catch (ArchiveException
                    | NoSuchObjectException
                    | DamagedObjectException
                    | io.eventbroker.backup.internal.wire.WireFormatException e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
        }
        if (next < partition.end()) {
            wrong.add("partition " + partition.topicPartition() + ": offsets " + next + " to " + (partition.end() - 1)
                    + " are in no segment");
        }
        return wrong;
    }

    private void verify(Manifest.Partition partition, Manifest.Segment expected) {
        SegmentIndex index = SealedSegments.read(store, partition.topicPartition(), expected);
        new Walk(ArchiveNames.segment(partition.topicPartition(), expected), index).run();
    }

    private final class Walk {
        private final String name;
        private final SegmentIndex index;
        private final Coverage coverage;
        private final Iterator<SegmentIndex.Entry> entries;
        private final CRC32C crc = new CRC32C();
        private long position;
        private long records;
        private long batches;
        private SegmentIndex.@org.jspecify.annotations.Nullable Entry entry;

        Walk(String name, SegmentIndex index) {
            this.name = name;
            this.index = index;
            this.coverage = new Coverage(name, index);
            this.entries = index.entries().iterator();
            this.entry = entries.hasNext() ? entries.next() : null;
        }

        void run() {
            long size = index.segment().bytes();
            int headroom = index.segment().largestBatch();
            ByteBuffer current = ByteBuffer.allocate(0);
            ByteBuffer ahead = ByteBuffer.allocateDirect((int) Math.min(CHUNK, size) + headroom);
            ByteBuffer spare = ByteBuffer.allocateDirect(ahead.capacity());
            long asked = 0;
            CompletableFuture<Void> reading = null;
            try {
                while (position < size) {
                    if (reading == null) {
                        asked = ask(ahead, headroom, asked, size);
                        reading = store.read(name, asked - ahead.remaining(), ahead);
                    }
                    StoreCalls.await(reading, name);
                    crc.update(ahead.duplicate());
                    int from = headroom - current.remaining();
                    if (from < 0) {
                        throw new ArchiveException(
                                name + " is damaged at byte " + position + ": a batch is larger than the index says");
                    }
                    ahead.put(from, current, current.position(), current.remaining());
                    current = ahead.position(from);
                    ByteBuffer free = spare;
                    spare = current;
                    ahead = free;
                    reading = null;
                    if (asked < size) {
                        asked = ask(ahead, headroom, asked, size);
                        reading = store.read(name, asked - ahead.remaining(), ahead);
                    }
                    long before = position;
                    walk(current);
                    bytes += position - before;
                    progress.accept(bytes);
                    if (position == before && asked == size && reading == null) {
                        throw new ArchiveException(
                                name + " is damaged at byte " + position + ": it ends inside a batch");
                    }
                }
            } finally {
                if (reading != null) {
                    StoreCalls.await(reading.exceptionally(e -> null), name);
                }
            }
            if ((int) crc.getValue() != index.segment().crc32c()) {
                throw new ArchiveException(name + " is damaged: its CRC-32C does not match the manifest");
            }
            coverage.end();
            if (records != index.segment().records()
                    || batches != index.segment().batches()
                    || entry != null) {
                throw new ArchiveException(name + " has " + records + " records in " + batches
                        + " batches, the manifest says " + index.segment().records() + " in "
                        + index.segment().batches());
            }
            if (index.segment().bytes() == 0) {
                return;
            }
            try {
                StoreCalls.await(store.read(name, index.segment().bytes(), ByteBuffer.allocate(1)), name);
            } catch (NoSuchObjectException e) {
                return; // It ends where it should.
            }
            throw new ArchiveException(name + " is longer than the manifest says");
        }

        private long ask(ByteBuffer into, int headroom, long asked, long size) {
            int length = (int) Math.min(CHUNK, size - asked);
            into.clear().position(headroom).limit(headroom + length);
            return asked + length;
        }

        private void walk(ByteBuffer buffer) {
            while (buffer.remaining() >= BatchHeader.SIZE) {
                int at = buffer.position();
                int batchSize = BatchHeader.sizeInBytes(buffer, at);
                if (batchSize < BatchHeader.SIZE || batchSize > index.segment().largestBatch()) {
                    throw new ArchiveException(
                            name + " is damaged at byte " + position + ": a batch has " + batchSize + " bytes");
                }
                if (batchSize > buffer.remaining()) {
                    return;
                }
                if (BatchHeader.magic(buffer, at) != BatchHeader.MAGIC || !BatchHeader.crcMatches(buffer, at)) {
                    throw new ArchiveException(
                            name + " is damaged at byte " + position + ": a batch's CRC-32C does not match");
                }
                long base = BatchHeader.baseOffset(buffer, at);
                SegmentIndex.Entry expected = entry;
                if (expected != null && expected.position() == position) {
                    if (expected.offset() != base || expected.recordsBefore() != records) {
                        throw new ArchiveException(name + " does not match its index at byte " + position);
                    }
                    entry = entries.hasNext() ? entries.next() : null;
                }
                long from = coverage.batch(base, BatchHeader.lastOffset(buffer, at));
                records += BatchRecords.restored(buffer, at, from);
                batches++;
                position += batchSize;
                buffer.position(at + batchSize);
            }
        }
    }
}
