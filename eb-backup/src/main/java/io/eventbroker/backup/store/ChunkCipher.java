package io.eventbroker.backup.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts or decrypts the chunks of one object under its data key. One thread at a time.
 *
 * <p>A nonce is the base from the header and the chunk's number. A data key encrypts one object once, and each of its chunks
 * once, so that no nonce meets it twice. Bound to a chunk are the object's name, its number, and whether it is the last:
 * one that was moved, left out, or cut off does not decrypt.
 */
final class ChunkCipher {
    private static final long MOST_CHUNKS = 1L << 32;
    private static final int TAG_BITS = 8 * EncryptedHeader.TAG;

    private final String name;
    private final SecretKey key;
    private final ByteBuffer nonce;
    private final ByteBuffer bound;
    private final Cipher cipher;
    /** Through arrays, which the JDK's cipher is quicker with than with buffers outside the heap. */
    private final byte[] content = new byte[EncryptedHeader.CHUNK];

    private final byte[] stored = new byte[EncryptedHeader.STORED_CHUNK];

    ChunkCipher(String name, SecretKey key, long nonceBase) {
        this.name = name;
        this.key = key;
        this.nonce = ByteBuffer.allocate(12).putLong(0, nonceBase);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        this.bound = ByteBuffer.allocate(17 + nameBytes.length)
                .putInt(0, EncryptedHeader.MAGIC)
                .putInt(4, EncryptedHeader.VERSION)
                .put(17, nameBytes);
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private Cipher begin(int mode, long number, boolean last) throws GeneralSecurityException {
        if (number < 0 || number >= MOST_CHUNKS) {
            throw new IllegalArgumentException(name + ": an encrypted object has at most " + MOST_CHUNKS + " chunks");
        }
        nonce.putInt(8, (int) number);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce.array()));
        cipher.updateAAD(bound.putLong(8, number).put(16, (byte) (last ? 1 : 0)).array());
        return cipher;
    }

    /** Encrypts a chunk; each number once. */
    void encrypt(long number, boolean last, byte[] plain, int length, ByteBuffer into) {
        try {
            int size = begin(Cipher.ENCRYPT_MODE, number, last).doFinal(plain, 0, length, stored);
            into.put(stored, 0, size);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Decrypts a chunk.
     *
     * @param from what is stored of it, from the position to the limit; the position moves behind it
     * @return the content, valid until the next call
     * @throws DamagedObjectException if it is not what was written there
     */
    ByteBuffer decrypt(long number, boolean last, ByteBuffer from) {
        int size = from.remaining();
        from.get(stored, 0, size);
        try {
            int length = begin(Cipher.DECRYPT_MODE, number, last).doFinal(stored, 0, size, content);
            return ByteBuffer.wrap(content, 0, length);
        } catch (AEADBadTagException e) {
            throw new DamagedObjectException(
                    name + " is damaged: chunk " + number + " (content from byte " + number * EncryptedHeader.CHUNK
                            + " on) is not what was encrypted there; it was altered, moved, or the object was cut short"
                            + " or made longer",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt " + name + ": " + e.getMessage(), e);
        }
    }
}
