package io.eventbroker.core.crypto;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.secret.SecretRef;
import io.eventbroker.core.secret.SecretSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.security.auth.Destroyable;

/**
 * Keys of one's own, for those who have no key management service: text with a line for each, its id and 256 bits in
 * Base64. The first one wraps, all of them unwrap, so a new key goes on top and an old one stays until nothing is wrapped
 * under it any more.
 *
 * <pre>
 * # made by KeyRing.create, extended by KeyRing.rotate
 * 2026-11 q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=
 * 2026-05 EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=
 * </pre>
 *
 * <p>A process that is killed in {@link #create} or {@link #rotate} may leave a file with the keys beside the ring, of mode
 * 0600, called {@code .NAME.} and sixteen hexadecimal digits. It stays, for it cannot be told from one that another process
 * is writing: delete it when none is.
 *
 * <p>Whoever reads it reads everything that it wraps, and who loses it has lost that: keep a copy of it where the data is
 * not. {@link #close} overwrites the keys; copies that the JDK's ciphers make of them are overwritten by them or, in part,
 * left to the garbage collector.
 */
public final class KeyRing implements KeyEncryption, Destroyable, AutoCloseable {
    private final String origin;
    private final KeyId current;
    private final Map<KeyId, byte[]> keys;
    private boolean destroyed;

    private KeyRing(String origin, Map<KeyId, byte[]> keys) {
        this.origin = origin;
        this.keys = keys;
        this.current = keys.keySet().iterator().next();
    }

    /**
     * Reads a key ring from a file that its owner alone can read.
     *
     * @throws EventBrokerException if it is not there, others can read it, or it is no key ring
     */
    public static KeyRing read(Path file) {
        byte[] content = KeyRingFile.read(file);
        try {
            return parse(file.toString(), content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Reads a key ring that the host keeps among its secrets.
     *
     * @throws EventBrokerException if there is no such secret, or it is no key ring
     */
    public static KeyRing from(SecretSource source, SecretRef ref) {
        try (var secret = source.resolve(ref)) {
            return secret.useBytes(content -> parse("secret '" + ref.name() + "'", content));
        }
    }

    /**
     * Makes a file with one new random key, which its owner alone can read.
     *
     * @throws EventBrokerException if something is there already, or the file system has no POSIX permissions
     */
    public static void create(Path file, KeyId id) {
        KeyRingFile.create(file, id);
    }

    /**
     * Puts a new random key on top of a file, so that it wraps from the next {@link #read} on. Replaces the file at one
     * stroke; one process at a time may do so.
     *
     * @throws EventBrokerException if the file cannot be read, or has a key of that id
     */
    public static void rotate(Path file, KeyId id) {
        try (KeyRing old = read(file)) {
            if (old.keys.containsKey(id)) {
                throw new EventBrokerException("key ring " + file + " has a key '" + id + "'; choose another id");
            }
            KeyRingFile.addKey(file, id);
        }
    }

    private static KeyRing parse(String origin, byte[] content) {
        Map<KeyId, byte[]> keys = new LinkedHashMap<>();
        try {
            KeyRingFile.parse(origin, content, keys);
            return new KeyRing(origin, keys);
        } catch (RuntimeException e) {
            keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
            throw e;
        }
    }

    @Override
    public KeyId currentKey() {
        return current;
    }

    /** All keys, the current one first. */
    public List<KeyId> keys() {
        return new ArrayList<>(keys.keySet());
    }

    @Override
    public DataKey generateDataKey(EncryptionContext context, Deadline deadline) {
        byte[] dataKey = KeyWrap.randomKey();
        try {
            return DataKey.of(wrap(context, dataKey), dataKey);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    @Override
    public DataKey unwrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        byte[] dataKey = unwrapped(wrapped, context);
        try {
            return DataKey.of(wrapped, dataKey);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    @Override
    public WrappedKey rewrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        byte[] dataKey = unwrapped(wrapped, context);
        try {
            return wrapped.keyId().equals(current) ? wrapped : wrap(context, dataKey);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    private WrappedKey wrap(EncryptionContext context, byte[] dataKey) {
        return WrappedKey.of(current, with(current, key -> KeyWrap.wrap(key, current, context, dataKey)));
    }

    private byte[] unwrapped(WrappedKey wrapped, EncryptionContext context) {
        KeyId id = wrapped.keyId();
        if (!keys.containsKey(id)) {
            throw new UnknownKeyException(
                    id,
                    "key '" + id + "' is not in the key ring " + origin + ", which has " + keys.keySet()
                            + "; put it back from a copy of the ring, for without it what it wraps cannot be read");
        }
        return with(id, key -> {
            try {
                return KeyWrap.unwrap(key, id, context, wrapped.bytes());
            } catch (KeyWrap.Refused e) {
                throw new TamperedKeyException(
                        id,
                        "cannot unwrap a data key under key '" + id + "' of the key ring " + origin + ": "
                                + e.getMessage(),
                        e);
            }
        });
    }

    private byte[] with(KeyId id, Function<byte[], byte[]> use) {
        byte[] copy;
        synchronized (keys) {
            if (destroyed) {
                throw new IllegalStateException("the key ring " + origin + " was closed");
            }
            copy = keys.getOrDefault(id, new byte[0]).clone();
        }
        try {
            return use.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Overwrites the keys. Using the ring afterwards fails; destroying it again does nothing. */
    @Override
    public void destroy() {
        synchronized (keys) {
            keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
            destroyed = true;
        }
    }

    @Override
    public boolean isDestroyed() {
        synchronized (keys) {
            return destroyed;
        }
    }

    @Override
    public void close() {
        destroy();
    }

    /** Where it comes from and the ids of its keys. */
    @Override
    public String toString() {
        return "KeyRing[" + origin + " " + keys.keySet() + "]";
    }
}
