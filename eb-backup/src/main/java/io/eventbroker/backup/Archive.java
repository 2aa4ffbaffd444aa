package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32C;

/** The documents of an archive in its store. */
final class Archive {
    private static final int POINTS_AT_ONCE = 16;

    private final ObjectStore store;

    Archive(ObjectStore store) {
        this.store = store;
    }

    /** All recovery points, those that cannot be read by their problems. */
    RecoveryPoints points() {
        List<StoredObject> manifests = documents(ArchiveNames.MANIFESTS);
        SortedMap<String, EventBrokerException> unreadable = new TreeMap<>();
        List<RecoveryPoint> readable = StoreCalls.each(
                        manifests,
                        POINTS_AT_ONCE,
                        object -> open(object).handle((point, failure) -> {
                            if (failure == null) {
                                return Optional.of(point);
                            }
                            RuntimeException cause = StoreCalls.asRuntime(failure);
                            if (cause instanceof EventBrokerException problem
                                    && !(cause instanceof RetryableException)) {
                                synchronized (unreadable) {
                                    unreadable.put(point(object), problem);
                                }
                                return Optional.<RecoveryPoint>empty();
                            }
                            throw new CompletionException(cause);
                        }),
                        "a recovery point")
                .stream()
                .flatMap(Optional::stream)
                .toList();
        unreadable.keySet().removeIf(point -> !isCommitted(point)); // It has expired since it was listed.
        return new RecoveryPoints(readable, unreadable);
    }

    private static String point(StoredObject manifest) {
        return id(ArchiveNames.MANIFESTS, manifest);
    }

    private static String id(String folder, StoredObject document) {
        String name = document.name();
        return name.substring(folder.length(), name.length() - ArchiveNames.DOCUMENT.length());
    }

    /** The ids of all recovery points, readable or not. */
    List<String> pointIds() {
        return documents(ArchiveNames.MANIFESTS).stream().map(Archive::point).toList();
    }

    private List<StoredObject> documents(String folder) {
        return StoreCalls.await(store.list(folder), "the objects in " + folder).stream()
                .filter(object -> object.name().endsWith(ArchiveNames.DOCUMENT))
                .toList();
    }

    /** All holds, by the ids of the recovery points that they are on. */
    SortedMap<String, LegalHold> holds() {
        SortedMap<String, LegalHold> holds = new TreeMap<>();
        for (StoredObject object : documents(ArchiveNames.HOLDS)) {
            String point = id(ArchiveNames.HOLDS, object);
            hold(point).ifPresent(hold -> holds.put(point, hold));
        }
        return holds;
    }

    Optional<LegalHold> hold(String point) {
        String name = ArchiveNames.hold(point);
        return find(name).map(content -> Manifest.decode(name, content, LegalHold.class));
    }

    RecoveryPoint open(String point) {
        String name = ArchiveNames.manifest(point);
        StoredObject manifest = stored(name)
                .orElseThrow(() ->
                        new ArchiveException("there is no recovery point " + point + ": no " + name + " in " + store));
        return StoreCalls.await(open(manifest), name);
    }

    /** The recovery point that a backup goes on from. */
    RecoveryPoint parent(String point) {
        requireParent(point);
        return open(point);
    }

    void requireParent(String point) {
        if (!isCommitted(point)) {
            throw new EventBrokerException("recovery point " + point + ", which this backup was to go on from, has"
                    + " expired meanwhile; make a new plan");
        }
    }

    /** Whether there is a recovery point of that id. */
    boolean isCommitted(String point) {
        return stored(ArchiveNames.manifest(point)).isPresent();
    }

    private CompletableFuture<RecoveryPoint> open(StoredObject stored) {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(stored.size()));
        return store.read(stored.name(), 0, content).thenCompose(read -> {
            Manifest manifest = Manifest.decode(stored.name(), content, Manifest.class);
            if (!manifest.point().equals(point(stored))) {
                throw new ArchiveException(stored.name() + " is the manifest of recovery point " + manifest.point());
            }
            return document(manifest.topics(), Manifest.Topics.class)
                    .thenCombine(
                            document(manifest.groups(), Manifest.Groups.class),
                            (topics, groups) -> new RecoveryPoint(manifest, topics, groups));
        });
    }

    private <T> CompletableFuture<T> document(Manifest.Document document, Class<T> type) {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(document.bytes()));
        return store.read(document.name(), 0, content).thenApply(read -> {
            EncryptedStore.requirePlain(document.name(), content);
            if (crc(content) != document.crc32c()) {
                throw new ArchiveException(document.name() + " is damaged: its CRC-32C does not match the manifest");
            }
            return Manifest.decode(document.name(), content, type);
        });
    }

    /** Writes a document that a manifest will name; one of other content, which one may name already, is not replaced. */
    Manifest.Document write(String name, Object content) {
        ByteBuffer encoded = Manifest.encode(content);
        if (!StoreCalls.await(store.putIfAbsent(name, encoded), name)) {
            throw new ArchiveException(name + " is there already, with other content; make a new plan");
        }
        return new Manifest.Document(name, encoded.remaining(), crc(encoded));
    }

    private static int crc(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    /** The whole of a small object. */
    Optional<ByteBuffer> find(String name) {
        return stored(name).map(object -> {
            ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(object.size()));
            StoreCalls.await(store.read(name, 0, content), name);
            EncryptedStore.requirePlain(name, content);
            return content;
        });
    }

    Optional<StoredObject> stored(String name) {
        return StoreCalls.await(store.list(name), name).stream()
                .filter(object -> object.name().equals(name))
                .findFirst();
    }

    ObjectStore store() {
        return store;
    }
}
