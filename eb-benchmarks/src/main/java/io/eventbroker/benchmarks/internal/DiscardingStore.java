package io.eventbroker.benchmarks.internal;

import io.eventbroker.backup.store.NoSuchObjectException;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Forgets segments as soon as they are written, so that reading from brokers and checking is all that a backup costs; keeps
 * the small objects, which a backup reads again.
 */
final class DiscardingStore implements ObjectStore {
    private final ConcurrentNavigableMap<String, ByteBuffer> kept = new ConcurrentSkipListMap<>();

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        kept.put(name, copy(content));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        ByteBuffer mine = copy(content);
        ByteBuffer other = kept.putIfAbsent(name, mine);
        return CompletableFuture.completedFuture(other == null || other.equals(mine));
    }

    private static ByteBuffer copy(ByteBuffer content) {
        return ByteBuffer.allocate(content.remaining())
                .put(content.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    @Override
    public Upload upload(String name) {
        return new Upload() {
            @Override
            public CompletableFuture<Void> write(ByteBuffer part) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletableFuture<Void> complete() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        ByteBuffer content = kept.get(name);
        if (content == null) {
            return CompletableFuture.failedFuture(new NoSuchObjectException("no object " + name, null));
        }
        into.duplicate().put(content.slice(Math.toIntExact(offset), into.remaining()));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return CompletableFuture.completedFuture(kept.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new StoredObject(entry.getKey(), entry.getValue().remaining()))
                .toList());
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        kept.remove(name);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return CompletableFuture.completedFuture(null);
    }
}
