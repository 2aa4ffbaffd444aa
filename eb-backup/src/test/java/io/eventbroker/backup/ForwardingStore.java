package io.eventbroker.backup;

import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Another store, for tests that step in at a certain call. */
class ForwardingStore implements ObjectStore {
    private final ObjectStore store;

    ForwardingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        return store.put(name, content);
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        return store.putIfAbsent(name, content);
    }

    @Override
    public Upload upload(String name) {
        return store.upload(name);
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        return store.read(name, offset, into);
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return store.delete(name);
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return store.discardUnfinished(prefix);
    }
}
