package io.eventbroker.backup.store;

import io.eventbroker.backup.store.ObjectStore.Upload;
import io.eventbroker.core.crypto.DataKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts an object while it is uploaded. Parts are encrypted one after the other, each in a turn of its own, into buffers
 * that the store below then writes side by side. Held back is what is less than a chunk, or could be the last one, and of
 * parts that would come out too small for S3 what is encrypted of them.
 */
final class EncryptedUpload implements Upload {
    /** What S3 takes, but for the last. */
    static final int SMALLEST_PART = 5 << 20;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a turn has handed to the store below. */
    private record Sent(CompletableFuture<Void> written) {}

    private final String name;
    private final Upload below;
    private final SpareBuffers buffers;
    private final Executor executor;
    private final Runnable completed;
    /** The last turn that was handed out; the fields below it belong to whoever has the turn. */
    private volatile CompletableFuture<?> turn;

    private volatile boolean closed;

    private @Nullable DataKey key;
    private @Nullable ChunkCipher cipher;
    private final byte[] chunk = new byte[EncryptedHeader.CHUNK];
    private int filled;
    private long number;
    private @Nullable ByteBuffer encrypted;
    private final List<CompletableFuture<Void>> written = new ArrayList<>();

    /**
     * Begins an upload.
     *
     * @param completed runs once the object is visible
     */
    EncryptedUpload(
            String name, Upload below, DataKeys keys, SpareBuffers buffers, Executor executor, Runnable completed) {
        this.name = name;
        this.below = below;
        this.buffers = buffers;
        this.executor = executor;
        this.completed = completed;
        this.turn = CompletableFuture.completedFuture(keys).thenAcceptAsync(this::begin, executor);
    }

    private void begin(DataKeys keys) {
        DataKey made = keys.generate(name);
        key = made;
        EncryptedHeader header = new EncryptedHeader(made.wrapped(), RANDOM.nextLong());
        ByteBuffer start = buffers.take(EncryptedHeader.BYTES);
        encrypted = start;
        header.encode(start);
        cipher = new ChunkCipher(name, made.key(), header.nonceBase());
    }

    /** A whole object, encrypted at once. */
    static ByteBuffer whole(String name, ByteBuffer content, DataKeys keys, SpareBuffers buffers) {
        try (DataKey key = keys.generate(name)) {
            EncryptedHeader header = new EncryptedHeader(key.wrapped(), RANDOM.nextLong());
            ByteBuffer into = buffers.take(Math.toIntExact(EncryptedHeader.storedBytes(content.remaining())));
            header.encode(into);
            ChunkCipher cipher = new ChunkCipher(name, key.key(), header.nonceBase());
            byte[] chunk = new byte[EncryptedHeader.CHUNK];
            ByteBuffer rest = content.duplicate();
            long chunks = EncryptedHeader.chunks(content.remaining());
            for (long i = 0; i < chunks; i++) {
                int length = Math.min(chunk.length, rest.remaining());
                rest.get(chunk, 0, length);
                cipher.encrypt(i, i == chunks - 1, chunk, length, into);
            }
            return into.flip();
        }
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer part) {
        ByteBuffer content = part.duplicate();
        CompletableFuture<Sent> mine = turn.thenApplyAsync(before -> send(content, false), executor);
        turn = mine;
        return mine.thenCompose(Sent::written);
    }

    @Override
    public CompletableFuture<Void> complete() {
        CompletableFuture<Sent> mine = turn.thenApplyAsync(before -> send(NOTHING.duplicate(), true), executor);
        turn = mine;
        return mine.thenCompose(sent -> CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)))
                .thenCompose(all -> below.complete())
                .thenAccept(done -> completed.run());
    }

    private Sent send(ByteBuffer content, boolean last) {
        ChunkCipher current = cipher;
        if (closed || current == null) {
            throw new IllegalStateException("the upload of " + name + " has ended; nothing can be written to it");
        }
        ByteBuffer into = roomFor((long) filled + content.remaining());
        encrypted = into;
        while (content.hasRemaining()) {
            if (filled == chunk.length) {
                current.encrypt(number++, false, chunk, filled, into);
                filled = 0;
            }
            int length = Math.min(chunk.length - filled, content.remaining());
            content.get(chunk, filled, length);
            filled += length;
        }
        if (last) {
            current.encrypt(number++, true, chunk, filled, into);
            wipe();
        } else if (into.position() < SMALLEST_PART) {
            return new Sent(CompletableFuture.completedFuture(null)); // It goes with the next.
        }
        encrypted = null;
        CompletableFuture<Void> writing =
                below.write(into.flip()).whenComplete((done, failure) -> buffers.giveBackUnless(failure, into));
        written.add(writing);
        return new Sent(writing);
    }

    /** A buffer with what is encrypted and not sent yet, and room for the chunks of so much content. */
    private ByteBuffer roomFor(long contentBytes) {
        ByteBuffer before = encrypted;
        long chunks = EncryptedHeader.chunks(contentBytes);
        long size = (before == null ? 0 : before.position()) + chunks * EncryptedHeader.STORED_CHUNK;
        if (before != null && size <= before.capacity()) {
            return before.limit((int) size);
        }
        ByteBuffer larger = buffers.take(Math.toIntExact(size));
        if (before != null) {
            larger.put(before.flip());
            buffers.giveBack(before);
        }
        return larger;
    }

    private void wipe() {
        DataKey used = key;
        if (used != null) {
            used.destroy();
        }
        cipher = null;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            below.close();
            var unused = turn.whenComplete((done, failure) -> {
                wipe();
                ByteBuffer unsent = encrypted;
                encrypted = null;
                if (unsent != null) {
                    buffers.giveBack(unsent);
                }
            });
        }
    }
}
