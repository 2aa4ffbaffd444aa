package io.eventbroker.backup;

import io.eventbroker.backup.store.NoSuchObjectException;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory, for tests that make a great many of them. Knows no uploads. */
final class MemoryStore implements ObjectStore {
    private final ConcurrentNavigableMap<String, ByteBuffer> objects = new ConcurrentSkipListMap<>();

    private static ByteBuffer copy(ByteBuffer content) {
        return ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        objects.put(name, copy(content));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        ByteBuffer there = objects.putIfAbsent(name, copy(content));
        return CompletableFuture.completedFuture(there == null || there.equals(content));
    }

    @Override
    public Upload upload(String name) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        ByteBuffer content = objects.get(name);
        if (content == null || content.remaining() < offset + into.remaining()) {
            return CompletableFuture.failedFuture(new NoSuchObjectException("no such object or range: " + name, null));
        }
        into.duplicate().put(content.slice((int) offset, into.remaining()));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return CompletableFuture.completedFuture(objects.tailMap(prefix, true).entrySet().stream()
                .takeWhile(e -> e.getKey().startsWith(prefix))
                .map(e -> new StoredObject(e.getKey(), e.getValue().remaining()))
                .toList());
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        objects.remove(name);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return CompletableFuture.completedFuture(null);
    }
}
