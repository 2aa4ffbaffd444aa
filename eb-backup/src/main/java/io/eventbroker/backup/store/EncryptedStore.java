package io.eventbroker.backup.store;

import io.eventbroker.backup.store.OpenObjects.OpenObject;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyId;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store that encrypts what it keeps in another one: everything under {@code sets/}, which is all of an archive but its
 * manifests. Each object has a random data key of its own, which a {@link KeyEncryption} wraps; it is encrypted in chunks of
 * 64 KiB with AES-256-GCM, so that any part of it can be read alone. What was altered, cut short, moved or swapped is found
 * out when it is read ({@link DamagedObjectException}). docs/archive-format.md describes the layout.
 *
 * <pre>{@code
 * try (KeyRing keys = KeyRing.read(file);
 *         EncryptedStore store = EncryptedStore.over(S3Store.bucket(s3, "kafka-backups"), keys)) {
 *     Backups backups = Backups.in(store);
 * }
 * }</pre>
 *
 * <p>New objects are encrypted under the current key, older ones stay readable as long as their keys are there. Not hidden are
 * the names of objects, their sizes, and the manifests: names of topics, offsets, counts, times, checksums.
 *
 * <p>Encrypts on threads of its own, of which there are at most as many as processors, or four, and which end when there is
 * nothing to do. Beside the caller's buffers it holds outside the heap, for each part that is being written, as much as the
 * part and at most 5 MiB more, for each read at most 5 MiB, and 64 MiB to use again. Of the last 256 objects that were read it
 * keeps the data keys, until {@link #close}, which overwrites them; copies that the JDK's cipher has made are left to the
 * garbage collector. The store below and the key encryption are the host's and are not closed.
 */
public final class EncryptedStore implements ObjectStore, AutoCloseable {
    /** What the names of encrypted objects begin with. */
    static final String ENCRYPTED = "sets/";

    /** In one read of the store below: 4 MiB, wherever they begin. */
    private static final int CHUNKS_AT_ONCE = 65;

    private static final int FEWEST_THREADS = 4;
    private static final int IDLE_SECONDS = 10;

    private final ObjectStore store;
    private final DataKeys keys;
    private final SpareBuffers buffers = new SpareBuffers();
    private final OpenObjects objects = new OpenObjects(this::open);
    private final ThreadPoolExecutor threads;

    private EncryptedStore(ObjectStore store, DataKeys keys) {
        this.store = store;
        this.keys = keys;
        AtomicInteger count = new AtomicInteger();
        int most = Math.max(FEWEST_THREADS, Runtime.getRuntime().availableProcessors());
        this.threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "eb-encryption-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    throw new IllegalStateException(this + " was closed");
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Encrypts what is kept in that store, under the current key. Nothing is read or written yet. */
    public static EncryptedStore over(ObjectStore store, KeyEncryption keys) {
        return new EncryptedStore(store, new DataKeys(keys, Set.of()));
    }

    /**
     * The same, but of what is encrypted under other keys than these nothing is unwrapped, even if the key encryption has the
     * key: for a store that others can write to. Without, all keys that the key encryption has are used.
     *
     * @throws IllegalArgumentException if the current key is not among them
     */
    public EncryptedStore allowing(KeyId... only) {
        Set<KeyId> allowed = new LinkedHashSet<>(List.of(only));
        if (allowed.isEmpty()) {
            throw new IllegalArgumentException("at least the current key '" + keys.currentKey() + "' must be allowed");
        }
        return new EncryptedStore(store, keys.allowing(allowed));
    }

    /**
     * Refuses what is encrypted; for whoever reads without an encrypted store.
     *
     * @param start the first bytes of the object
     * @throws EventBrokerException if they are how an encrypted object begins
     */
    public static void requirePlain(String name, ByteBuffer start) {
        if (EncryptedHeader.begins(start)) {
            throw new EventBrokerException(name + " is encrypted; open the archive through EncryptedStore.over with the"
                    + " keys that it was written with");
        }
    }

    private static boolean isEncrypted(String name) {
        return name.startsWith(ENCRYPTED);
    }

    private CompletableFuture<ByteBuffer> whole(String name, ByteBuffer content) {
        // Not supplyAsync, which throws what the threads of a closed store refuse instead of failing with it.
        return CompletableFuture.completedFuture(content.duplicate())
                .thenApplyAsync(plain -> EncryptedUpload.whole(name, plain, keys, buffers), threads);
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        if (!isEncrypted(name)) {
            return store.put(name, content);
        }
        return whole(name, content)
                .thenCompose(whole ->
                        store.put(name, whole).whenComplete((done, failure) -> buffers.giveBackUnless(failure, whole)))
                .whenComplete((done, failure) -> objects.forget(name));
    }

    /** One of the same content is there if what it decrypts to is the same. */
    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        if (!isEncrypted(name)) {
            return store.putIfAbsent(name, content);
        }
        ByteBuffer plain = content.duplicate();
        return whole(name, plain)
                .thenCompose(whole -> store.putIfAbsent(name, whole)
                        .whenComplete((done, failure) -> buffers.giveBackUnless(failure, whole)))
                .thenCompose(stored -> {
                    objects.forget(name);
                    return stored ? CompletableFuture.completedFuture(true) : holds(name, plain);
                });
    }

    private CompletableFuture<Boolean> holds(String name, ByteBuffer content) {
        OpenObjects.Lease lease = objects.lease(name);
        return lease.object()
                .thenCompose(object -> {
                    if (object.contentBytes() != content.remaining()) {
                        return CompletableFuture.completedFuture(false);
                    }
                    ByteBuffer there = ByteBuffer.allocate(content.remaining());
                    return read(object, 0, there.duplicate()).thenApply(read -> there.equals(content));
                })
                .whenComplete((same, failure) -> lease.close());
    }

    @Override
    public Upload upload(String name) {
        Upload below = store.upload(name);
        return isEncrypted(name)
                ? new EncryptedUpload(name, below, keys, buffers, threads, () -> objects.forget(name))
                : below;
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        if (!isEncrypted(name)) {
            return store.read(name, offset, into);
        }
        if (offset == 0) {
            objects.forget(name); // Who begins an object looks at all of it; who goes on needs no second look.
        }
        ByteBuffer room = into.duplicate();
        OpenObjects.Lease lease = objects.lease(name);
        return read(lease, offset, room.duplicate())
                .exceptionallyCompose(failure -> lease.isFresh()
                        ? CompletableFuture.failedFuture(failure)
                        : afterChange(lease, failure, name, offset, room));
    }

    private CompletableFuture<Void> read(OpenObjects.Lease lease, long offset, ByteBuffer into) {
        return lease.object()
                .thenCompose(object -> read(object, offset, into))
                .whenComplete((done, failure) -> lease.close());
    }

    /** What was known of the object when it was opened may not hold any more: looks, and reads anew if so. */
    private CompletableFuture<Void> afterChange(
            OpenObjects.Lease stale, Throwable failure, String name, long offset, ByteBuffer into) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RetryableException || stale.object().isCompletedExceptionally()) {
            return CompletableFuture.failedFuture(failure);
        }
        return store.size(name).thenCompose(size -> {
            if (cause instanceof NoSuchObjectException
                    && size == stale.object().join().storedBytes()) {
                return CompletableFuture.failedFuture(failure);
            }
            objects.forget(name);
            return read(objects.lease(name), offset, into);
        });
    }

    private CompletableFuture<OpenObject> open(String name) {
        return store.size(name).thenCompose(size -> {
            ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, EncryptedHeader.BYTES));
            return store.read(name, 0, start)
                    .thenApplyAsync(
                            read -> {
                                EncryptedHeader header = EncryptedHeader.decode(name, start, size);
                                return new OpenObject(name, size, header.nonceBase(), keys.unwrap(name, header.key()));
                            },
                            threads);
        });
    }

    /** Fills the buffer, whose position moves. */
    private CompletableFuture<Void> read(OpenObject object, long offset, ByteBuffer into) {
        if (offset < 0 || offset > object.contentBytes() - into.remaining()) {
            return CompletableFuture.failedFuture(new NoSuchObjectException(
                    "reading " + object.name() + ": it ends at " + object.contentBytes() + ", asked for were "
                            + into.remaining() + " bytes from " + offset + " on",
                    null));
        }
        if (!into.hasRemaining()) {
            return CompletableFuture.completedFuture(null);
        }
        long first = offset / EncryptedHeader.CHUNK;
        long behind = Math.min(first + CHUNKS_AT_ONCE, EncryptedHeader.chunks(offset + into.remaining()));
        long from = EncryptedHeader.BYTES + first * EncryptedHeader.STORED_CHUNK;
        long to = Math.min(object.storedBytes(), EncryptedHeader.BYTES + behind * EncryptedHeader.STORED_CHUNK);
        ByteBuffer stored = buffers.take((int) (to - from));
        return store.read(object.name(), from, stored)
                .thenApplyAsync(read -> decrypt(object, first, stored.duplicate(), offset, into), threads)
                .whenComplete((next, failure) -> buffers.giveBackUnless(failure, stored))
                .thenCompose(next -> read(object, next, into));
    }

    /** Decrypts whole chunks and copies what was asked for of them; returns the offset behind it. */
    private static long decrypt(OpenObject object, long first, ByteBuffer stored, long offset, ByteBuffer into) {
        ChunkCipher cipher = new ChunkCipher(object.name(), object.key().key(), object.nonceBase());
        long last = EncryptedHeader.chunks(object.contentBytes()) - 1;
        long next = offset;
        int end = stored.limit();
        for (long number = first; stored.position() < end; number++) {
            stored.limit(Math.min(end, stored.position() + EncryptedHeader.STORED_CHUNK));
            ByteBuffer content = cipher.decrypt(number, number == last, stored);
            content.position((int) (next - number * EncryptedHeader.CHUNK));
            content.limit(Math.min(content.limit(), content.position() + into.remaining()));
            next += content.remaining();
            into.put(content);
        }
        return next;
    }

    /** Of the content; of an object that is not encrypted as it should be, which no read accepts, something near it. */
    @Override
    public CompletableFuture<Long> size(String name) {
        CompletableFuture<Long> stored = store.size(name);
        return isEncrypted(name) ? stored.thenApply(EncryptedHeader::contentBytes) : stored;
    }

    /** With the sizes that {@link #size} gives, of which nothing has to be read. */
    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return store.list(prefix)
                .thenApply(found -> found.stream()
                        .map(object -> isEncrypted(object.name())
                                ? new StoredObject(object.name(), EncryptedHeader.contentBytes(object.size()))
                                : object)
                        .toList());
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return store.delete(name).whenComplete((done, failure) -> objects.forget(name));
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return store.discardUnfinished(prefix);
    }

    /** Overwrites the data keys that it has; the store is not to be used any more. */
    @Override
    public void close() {
        threads.shutdown();
        objects.close();
    }

    /** The store below and the id of the current key. */
    @Override
    public String toString() {
        return store + " (encrypted under key '" + keys.currentKey() + "')";
    }
}
