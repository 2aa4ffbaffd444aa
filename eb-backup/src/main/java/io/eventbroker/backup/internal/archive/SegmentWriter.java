package io.eventbroker.backup.internal.archive;

import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes one segment: batches are copied into a part, full parts are sent off while the next one fills. One thread at a
 * time. After any method but {@link #seal} has thrown, {@link #abandon} is all that may be called.
 */
public final class SegmentWriter {
    private final ObjectStore store;
    private final BufferPool pool;
    private final Duration storeWait;
    private final String set;
    private final TopicPartition partition;
    private final SegmentIndex.Builder index;
    private final CRC32C crc = new CRC32C();
    private final Map<Long, Long> recordsBefore = new HashMap<>();
    private final List<CompletableFuture<Void>> parts = new ArrayList<>();
    private ObjectStore.@Nullable Upload upload;
    /** The part that fills. From {@link #send} on it belongs to the store until its write has ended. */
    private BufferPool.@Nullable Lease part;

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

    /** Remembers how many of the segment's records stand before an offset inside it. */
    public void note(long offset, long records) {
        recordsBefore.put(offset, records);
    }

    /** Appends bytes of batches, which the caller notes in the index afterwards. They are copied before this returns. */
    public void append(ByteBuffer source, int at, int size) {
        int from = at;
        int end = at + size;
        while (from < end) {
            BufferPool.Lease filling = part;
            if (filling == null) {
                filling = pool.take(storeWait);
                part = filling;
            }
            ByteBuffer buffer = filling.buffer();
            int length = Math.min(end - from, buffer.remaining());
            buffer.put(buffer.position(), source, from, length).position(buffer.position() + length);
            from += length;
            if (!buffer.hasRemaining()) {
                part = null;
                send(filling);
            }
        }
    }

    private void send(BufferPool.Lease full) {
        CompletableFuture<Void> written;
        try {
            for (CompletableFuture<Void> earlier : parts) {
                if (earlier.isCompletedExceptionally()) {
                    earlier.join();
                }
            }
            ByteBuffer content = full.buffer().flip();
            crc.update(content.duplicate());
            ObjectStore.Upload current = upload;
            if (current == null) {
                current = store.upload(name());
                upload = current;
            }
            written = current.write(content);
        } catch (RuntimeException | Error e) {
            full.close();
            throw e;
        }
        parts.add(written.whenComplete((done, failure) -> full.close()));
    }

    private String name() {
        return ArchiveNames.segment(set, partition, index.base());
    }

    /**
     * Makes the segment durable, then its index. The writer must not be used afterwards. Whatever goes wrong shows in the
     * future, which completes only once the store holds none of the buffers any more.
     */
    public CompletableFuture<SealedSegment> seal() {
        try {
            CompletableFuture<Void> written = finish();
            ByteBuffer encoded = index.encode((int) crc.getValue());
            String indexName = ArchiveNames.index(set, partition, index.base());
            return written.thenCompose(done -> SealedSegment.seal(store, set, indexName, encoded, recordsBefore));
        } catch (RuntimeException | Error e) {
            return abandon().handle((done, failure) -> null).thenCompose(done -> CompletableFuture.failedFuture(e));
        }
    }

    private CompletableFuture<Void> finish() {
        BufferPool.Lease last = part;
        ObjectStore.Upload open = upload;
        part = null;
        if (open == null) {
            return putWhole(last);
        }
        if (last != null) {
            send(last);
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenCompose(all -> open.complete())
                .whenComplete((done, failure) -> open.close());
    }

    private CompletableFuture<Void> putWhole(BufferPool.@Nullable Lease last) {
        try {
            ByteBuffer whole =
                    last == null ? ByteBuffer.allocate(0) : last.buffer().flip();
            crc.update(whole.duplicate());
            return store.put(name(), whole).whenComplete((done, failure) -> {
                if (last != null) {
                    last.close();
                }
            });
        } catch (RuntimeException | Error e) {
            if (last != null) {
                last.close();
            }
            throw e;
        }
    }

    /**
     * Gives up: nothing of the segment becomes visible. May be called again.
     *
     * @return completes, in order, once the store holds none of the buffers any more and the upload is closed
     */
    public CompletableFuture<Void> abandon() {
        BufferPool.Lease filling = part;
        part = null;
        if (filling != null) {
            filling.close();
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).handle((done, failure) -> {
            ObjectStore.Upload open = upload;
            if (open != null) {
                open.close();
            }
            return null;
        });
    }
}
