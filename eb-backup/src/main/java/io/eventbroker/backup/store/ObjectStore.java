package io.eventbroker.backup.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Objects with names, written once and read whole or in ranges. Names are relative, parts separated by {@code /}, of
 * letters, digits and {@code . _ - =}.
 *
 * <p>All methods may be called by many threads. Buffers handed in are not copied and must stay as they are until the
 * future has completed; their position and limit are left alone. Futures fail with {@link
 * io.eventbroker.core.RetryableException} once a store that may recover has been tried for a while, with {@link
 * NoSuchObjectException}, or with {@link io.eventbroker.core.EventBrokerException} otherwise. What a store has
 * acknowledged it keeps: an object is there whole or not at all.
 *
 * <p>Other stores can be added by implementing this interface; {@code ObjectStoreContract} in the tests says what is
 * expected of them.
 */
public interface ObjectStore {
    /** Writes an object, in place of one that is there already. */
    CompletableFuture<Void> put(String name, ByteBuffer content);

    /**
     * Writes an object if there is none of that name. Of several writers exactly one wins.
     *
     * @return false if an object with other content is there; true if this content is now stored
     */
    CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content);

    /** Starts to write an object whose size is not known yet. Nothing is visible before {@link Upload#complete}. */
    Upload upload(String name);

    /** Fills the buffer from its position to its limit with the object's bytes, starting at an offset in the object. */
    CompletableFuture<Void> read(String name, long offset, ByteBuffer into);

    /** The size of an object in bytes. Stores override this if they can ask for one object without a listing. */
    default CompletableFuture<Long> size(String name) {
        return list(name)
                .thenApply(found -> found.stream()
                        .filter(object -> object.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new NoSuchObjectException("asking for " + name + ": no such object", null))
                        .size());
    }

    /** All objects whose name starts with the prefix, sorted by name. */
    CompletableFuture<List<StoredObject>> list(String prefix);

    /** Deletes an object; does nothing if there is none. */
    CompletableFuture<Void> delete(String name);

    /** Throws away what uploads that were never completed have left behind under the prefix. */
    CompletableFuture<Void> discardUnfinished(String prefix);

    /** An object as a listing shows it. */
    record StoredObject(String name, long size) {}

    /** An object in the making; one thread at a time. */
    interface Upload extends AutoCloseable {
        /**
         * Writes the next part. Parts may be under way at the same time; all but the last have at least 5 MiB, which S3
         * asks for.
         */
        CompletableFuture<Void> write(ByteBuffer part);

        /** Makes the object visible, once all parts are written. */
        CompletableFuture<Void> complete();

        /** Gives up an upload that was not completed; otherwise does nothing. Does not throw. */
        @Override
        void close();
    }
}
