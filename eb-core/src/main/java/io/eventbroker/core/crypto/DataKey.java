package io.eventbroker.core.crypto;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.security.auth.Destroyable;

/**
 * A 256-bit key for data, in the clear, with its wrapped form to keep beside the data. Close it when the data is
 * encrypted or decrypted: that overwrites the key.
 */
@JsonIgnoreType
public final class DataKey implements Destroyable, AutoCloseable {
    /** The length of a data key in bytes. */
    public static final int BYTES = 32;

    private final WrappedKey wrapped;
    private final Plain key;

    private DataKey(WrappedKey wrapped, Plain key) {
        this.wrapped = wrapped;
        this.key = key;
    }

    /**
     * Takes a copy of the key; for implementations of {@link KeyEncryption}, which overwrite their own.
     *
     * @throws IllegalArgumentException unless the key has 32 bytes
     */
    public static DataKey of(WrappedKey wrapped, byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a data key has 32 bytes, was " + key.length);
        }
        return new DataKey(wrapped, new Plain(key.clone()));
    }

    public WrappedKey wrapped() {
        return wrapped;
    }

    /**
     * The key for a {@code Cipher} of AES. It is a view: once this data key is destroyed, using it fails with {@link
     * IllegalStateException}.
     */
    public SecretKey key() {
        return key;
    }

    /** Overwrites the key. Using it afterwards fails; destroying it again does nothing. */
    @Override
    public void destroy() {
        key.destroy();
    }

    @Override
    public boolean isDestroyed() {
        return key.isDestroyed();
    }

    @Override
    public void close() {
        destroy();
    }

    /** The id of the key that wraps it, and nothing of the key itself. */
    @Override
    public String toString() {
        return "DataKey[wrapped by " + wrapped.keyId() + "]";
    }

    /** The JDK's own key of bytes keeps a copy that cannot be overwritten; its ciphers overwrite what they are given. */
    private static final class Plain implements SecretKey {
        private static final long serialVersionUID = 1;

        private final transient byte[] bytes;
        private transient boolean destroyed;

        Plain(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String getAlgorithm() {
            return "AES";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            synchronized (bytes) {
                if (destroyed) {
                    throw new IllegalStateException("this data key was destroyed");
                }
                return bytes.clone();
            }
        }

        @Override
        public void destroy() {
            synchronized (bytes) {
                Arrays.fill(bytes, (byte) 0);
                destroyed = true;
            }
        }

        @Override
        public boolean isDestroyed() {
            synchronized (bytes) {
                return destroyed;
            }
        }

        private void writeObject(ObjectOutputStream out) throws NotSerializableException {
            throw new NotSerializableException("a data key is not written");
        }

        @Override
        public String toString() {
            return "AES[hidden]";
        }
    }
}
