package io.eventbroker.backup.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A folder of a store as a store: brings the contract's names to where everything is encrypted. */
final class Below implements ObjectStore {
    private final ObjectStore store;
    private final String folder;

    Below(ObjectStore store, String folder) {
        this.store = store;
        this.folder = folder;
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        return store.put(folder + name, content);
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        return store.putIfAbsent(folder + name, content);
    }

    @Override
    public Upload upload(String name) {
        return store.upload(folder + name);
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        return store.read(folder + name, offset, into);
    }

    @Override
    public CompletableFuture<Long> size(String name) {
        return store.size(folder + name);
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return store.list(folder + prefix)
                .thenApply(found -> found.stream()
                        .map(object -> new StoredObject(object.name().substring(folder.length()), object.size()))
                        .toList());
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return store.delete(folder + name);
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return store.discardUnfinished(folder + prefix);
    }
}
