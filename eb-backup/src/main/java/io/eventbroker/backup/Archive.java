package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The documents of an archive in its store. */
final class Archive {
    private final ObjectStore store;

    Archive(ObjectStore store) {
        this.store = store;
    }

    List<String> points() {
        List<String> points = new ArrayList<>();
        for (StoredObject object : StoreCalls.await(store.list(ArchiveNames.MANIFESTS), "the recovery points")) {
            String file = object.name().substring(ArchiveNames.MANIFESTS.length());
            if (file.endsWith(".json")) {
                points.add(file.substring(0, file.length() - ".json".length()));
            }
        }
        return points;
    }

    RecoveryPoint open(String point) {
        String name = ArchiveNames.manifest(point);
        Manifest manifest = Manifest.decode(
                name,
                find(name).orElseThrow(() -> new ArchiveException("there is no " + name + " in " + store)),
                Manifest.class);
        if (!manifest.point().equals(point)) {
            throw new ArchiveException(name + " is the manifest of recovery point " + manifest.point());
        }
        return new RecoveryPoint(
                manifest,
                document(manifest.topics(), Manifest.Topics.class),
                document(manifest.groups(), Manifest.Groups.class));
    }

    <T> T document(Manifest.Document document, Class<T> type) {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(document.bytes()));
        StoreCalls.await(store.read(document.name(), 0, content), document.name());
        if (crc(content) != document.crc32c()) {
            throw new ArchiveException(document.name() + " is damaged: its CRC-32C does not match the manifest");
        }
        return Manifest.decode(document.name(), content, type);
    }

    Manifest.Document write(String name, Object content) {
        ByteBuffer encoded = Manifest.encode(content);
        StoreCalls.await(store.put(name, encoded), name);
        return new Manifest.Document(name, encoded.remaining(), crc(encoded));
    }

    private static int crc(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    /** The whole of a small object. */
    Optional<ByteBuffer> find(String name) {
        for (StoredObject object : StoreCalls.await(store.list(name), name)) {
            if (object.name().equals(name)) {
                ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(object.size()));
                StoreCalls.await(store.read(name, 0, content), name);
                return Optional.of(content);
            }
        }
        return Optional.empty();
    }

    ObjectStore store() {
        return store;
    }
}
