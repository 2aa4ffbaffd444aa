package io.eventbroker.backup.internal.archive;

import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes one segment: batches are copied into a part, full parts are sent off while the next one fills. One thread at a
 * time.
 */
public final class SegmentWriter {
    private final ObjectStore store;
    private final BufferPool pool;
    private final Duration storeWait;
    private final String set;
    private final TopicPartition partition;
    private final SegmentIndex.Builder index;
    private final CRC32C crc = new CRC32C();
    private final List<CompletableFuture<Void>> parts = new ArrayList<>();
    private ObjectStore.@Nullable Upload upload;
    private @Nullable ByteBuffer part;

    public SegmentWriter(
            ObjectStore store, BufferPool pool, Duration storeWait, String set, TopicPartition partition, long base) {
        this.store = store;
        this.pool = pool;
        this.storeWait = storeWait;
        this.set = set;
        this.partition = partition;
        this.index = new SegmentIndex.Builder(base);
    }

    /** The index so far: its offsets and sizes, and where to note what is dropped. */
    public SegmentIndex.Builder index() {
        return index;
    }

    /** Appends bytes of a batch that the caller has noted in the index. They are copied before this returns. */
    public void append(ByteBuffer source, int at, int size) {
        int from = at;
        int end = at + size;
        while (from < end) {
            ByteBuffer current = part;
            if (current == null) {
                current = pool.take(storeWait);
                part = current;
            }
            int length = Math.min(end - from, current.remaining());
            current.put(current.position(), source, from, length).position(current.position() + length);
            from += length;
            if (!current.hasRemaining()) {
                send(current.flip());
                part = null;
            }
        }
    }

    private void send(ByteBuffer full) {
        for (CompletableFuture<Void> earlier : parts) {
            if (earlier.isCompletedExceptionally()) {
                pool.giveBack(full);
                earlier.join();
            }
        }
        crc.update(full.duplicate());
        ObjectStore.Upload current = upload;
        if (current == null) {
            current = store.upload(ArchiveNames.segment(set, partition, index.base()));
            upload = current;
        }
        parts.add(current.write(full).whenComplete((done, failure) -> pool.giveBack(full)));
    }

    /** Makes the segment durable, then its index. The writer must not be used afterwards. */
    public CompletableFuture<SealedSegment> seal() {
        ByteBuffer last = part;
        part = null;
        CompletableFuture<Void> written;
        if (upload == null) {
            ByteBuffer whole = last == null ? ByteBuffer.allocate(0) : last.flip();
            crc.update(whole.duplicate());
            written = store.put(ArchiveNames.segment(set, partition, index.base()), whole)
                    .whenComplete((done, failure) -> {
                        if (last != null) {
                            pool.giveBack(last);
                        }
                    });
        } else {
            ObjectStore.Upload open = upload;
            if (last != null) {
                send(last.flip());
            }
            written = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                    .thenCompose(all -> open.complete())
                    .whenComplete((done, failure) -> open.close());
        }
        ByteBuffer encoded = index.encode((int) crc.getValue());
        String name = ArchiveNames.index(set, partition, index.base());
        return written.thenCompose(done -> SealedSegment.seal(store, name, encoded));
    }

    /** Gives up: nothing of the segment becomes visible. */
    public void abandon() {
        if (part != null) {
            pool.giveBack(part);
            part = null;
        }
        ObjectStore.Upload open = upload;
        if (open != null) {
            // Only once the parts under way have given their buffers back.
            var unused = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                    .whenComplete((done, failure) -> open.close());
        }
    }
}
