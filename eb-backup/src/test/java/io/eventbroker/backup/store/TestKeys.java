package io.eventbroker.backup.store;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyRing;
import io.eventbroker.core.crypto.WrappedKey;
import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.secret.SecretRef;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A key ring whose keys follow from their ids, which counts what it is asked and remembers the data keys that it gave. */
public final class TestKeys implements KeyEncryption {
    private final KeyRing ring;
    final Queue<DataKey> given = new ConcurrentLinkedQueue<>();
    final AtomicInteger unwraps = new AtomicInteger();
    volatile @Nullable RuntimeException failure;

    TestKeys(String... ids) {
        this.ring = ring(ids);
    }

    /** A key ring with these keys, the current one first. */
    public static KeyRing ring(String... ids) {
        String text = Stream.of(ids)
                .map(id -> id + " " + Base64.getEncoder().encodeToString(key(id)))
                .collect(Collectors.joining("\n"));
        return KeyRing.from(ref -> Secret.of(text), new SecretRef("keys"));
    }

    static byte[] key(String id) {
        return HexFormat.of().parseHex(Sha256.of("a key for tests: " + id).hex());
    }

    List<String> encodedKeys() {
        return ring.keys().stream()
                .map(id -> key(id.value()))
                .flatMap(key -> Stream.of(
                        Base64.getEncoder().encodeToString(key), HexFormat.of().formatHex(key)))
                .toList();
    }

    private DataKey remembered(DataKey key) {
        given.add(key);
        return key;
    }

    private void failIfTold() {
        RuntimeException told = failure;
        if (told != null) {
            throw told;
        }
    }

    @Override
    public KeyId currentKey() {
        return ring.currentKey();
    }

    @Override
    public DataKey generateDataKey(EncryptionContext context, Deadline deadline) {
        failIfTold();
        return remembered(ring.generateDataKey(context, deadline));
    }

    @Override
    public DataKey unwrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        unwraps.incrementAndGet();
        failIfTold();
        return remembered(ring.unwrap(wrapped, context, deadline));
    }

    @Override
    public WrappedKey rewrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        return ring.rewrap(wrapped, context, deadline);
    }
}
