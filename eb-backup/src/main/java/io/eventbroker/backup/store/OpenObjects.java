package io.eventbroker.backup.store;

import io.eventbroker.core.crypto.DataKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of objects that were read lately, so that not every read unwraps one. Bounded; the key of one that leaves is
 * overwritten once nobody reads with it any more.
 */
final class OpenObjects implements AutoCloseable {
    /** A restore reads 32 partitions at once, of each a segment and its index. */
    static final int MOST = 256;

    /** An object whose key is at hand. */
    record OpenObject(String name, long storedBytes, long nonceBase, DataKey key) {
        long contentBytes() {
            return EncryptedHeader.contentBytes(storedBytes);
        }
    }

    private static final class Entry {
        final CompletableFuture<OpenObject> object = new CompletableFuture<>();
        int leases;
        boolean left;
    }

    /** The right to use an object's key until it is closed. */
    final class Lease implements AutoCloseable {
        private final Entry entry;
        private final boolean fresh;
        private boolean closed;

        private Lease(Entry entry, boolean fresh) {
            this.entry = entry;
            this.fresh = fresh;
        }

        CompletableFuture<OpenObject> object() {
            return entry.object;
        }

        /** Whether the object was opened for this lease, rather than for one before. */
        boolean isFresh() {
            return fresh;
        }

        @Override
        public void close() {
            synchronized (entries) {
                if (!closed) {
                    closed = true;
                    entry.leases--;
                    wipeIfDone(entry);
                }
            }
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Function<String, CompletableFuture<OpenObject>> opening;
    private boolean closed;

    OpenObjects(Function<String, CompletableFuture<OpenObject>> opening) {
        this.opening = opening;
    }

    /** The object, opened unless it is; of several at once, one opens it. */
    Lease lease(String name) {
        Entry entry;
        boolean fresh;
        synchronized (entries) {
            Entry known = entries.get(name);
            fresh = known == null;
            entry = known == null ? new Entry() : known;
            entry.leases++;
            if (fresh && closed) {
                entry.left = true;
            } else if (fresh) {
                entries.put(name, entry);
                dropEldest();
            }
        }
        if (fresh) {
            open(name, entry);
        }
        return new Lease(entry, fresh);
    }

    /** Outside the lock: a store may work on the calling thread. */
    private void open(String name, Entry entry) {
        CompletableFuture<OpenObject> opened;
        try {
            opened = opening.apply(name);
        } catch (RuntimeException | Error e) {
            opened = CompletableFuture.failedFuture(e);
        }
        var unused = opened.whenComplete((object, failure) -> {
            if (failure == null) {
                entry.object.complete(object);
                synchronized (entries) {
                    wipeIfDone(entry); // All leases may have been closed before it was open.
                }
            } else {
                leave(name, entry); // First, so that who sees the failure can try again.
                entry.object.completeExceptionally(failure);
            }
        });
    }

    private void dropEldest() {
        while (entries.size() > MOST) {
            Map.Entry<String, Entry> eldest = entries.entrySet().iterator().next();
            leave(eldest.getKey(), eldest.getValue());
        }
    }

    private void leave(String name, @Nullable Entry entry) {
        synchronized (entries) {
            if (entry != null) {
                entries.remove(name, entry);
                entry.left = true;
                wipeIfDone(entry);
            }
        }
    }

    /** Forgets an object, because another one is there now or may be. */
    void forget(String name) {
        synchronized (entries) {
            leave(name, entries.get(name));
        }
    }

    private static void wipeIfDone(Entry entry) {
        if (entry.left && entry.leases == 0 && entry.object.isDone() && !entry.object.isCompletedExceptionally()) {
            entry.object.join().key().destroy();
        }
    }

    /** Overwrites the keys, those in use once they no longer are. Nothing is kept from now on. */
    @Override
    public void close() {
        synchronized (entries) {
            closed = true;
            Map.copyOf(entries).forEach(this::leave);
        }
    }
}
