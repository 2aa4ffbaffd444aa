package io.eventbroker.backup;

import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes everything on; tests override what is to go wrong. */
public class ForwardingStore implements ObjectStore {
    private final ObjectStore store;

    public ForwardingStore(ObjectStore store) {
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
        Upload upload = store.upload(name);
        return new Upload() {
            @Override
            public CompletableFuture<Void> write(ByteBuffer part) {
                return writePart(name, part, upload);
            }

            @Override
            public CompletableFuture<Void> complete() {
                return upload.complete();
            }

            @Override
            public void close() {
                upload.close();
                closed(name);
            }
        };
    }

    protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
        return upload.write(part);
    }

    protected void closed(String name) {}

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        return store.read(name, offset, into);
    }

    @Override
    public CompletableFuture<Long> size(String name) {
        return store.size(name);
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
