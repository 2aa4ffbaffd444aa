package io.eventbroker.core.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a key of a key ring wraps a data key: AES-256-GCM under a key derived for this one use.
 *
 * <p>GCM rather than AES key wrap (RFC 3394), which has nothing to bind the context with. GCM alone would have two
 * weaknesses: a repeated nonce is fatal, and a ciphertext can be made that opens under two keys. Deriving a key from 32
 * random bytes takes both away: nonces cannot meet, since no key is used twice, and a second derived value, stored beside
 * the ciphertext, commits it to its key.
 *
 * <p>Stored: the version 1, 32 bytes of salt, 32 bytes of commitment, 48 bytes of ciphertext and tag. Derived by
 * HMAC-SHA-256 with the ring's key over a label and the salt, which is the first block of HKDF-Expand (RFC 5869); the key
 * is uniformly random, so that HKDF-Extract would add nothing.
 */
final class KeyWrap {
    private static final byte VERSION = 1;
    private static final int SALT = 32;
    private static final int COMMITMENT = 32;
    private static final int TAG = 16;
    private static final int LENGTH = 1 + SALT + COMMITMENT + DataKey.BYTES + TAG;
    /** Of a key that is used once. */
    private static final byte[] NONCE = new byte[12];

    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyWrap() {}

    /** Bytes that were not made by this key, or not for this context, or are no longer what was made. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    static byte[] randomKey() {
        byte[] key = new byte[DataKey.BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    static byte[] wrap(byte[] ringKey, KeyId id, EncryptionContext context, byte[] dataKey) {
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        try {
            byte[] ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, ringKey, salt, id, context).doFinal(dataKey);
            return ByteBuffer.allocate(LENGTH)
                    .put(VERSION)
                    .put(salt)
                    .put(derived(ringKey, "commitment", salt))
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    static byte[] unwrap(byte[] ringKey, KeyId id, EncryptionContext context, byte[] wrapped) throws Refused {
        if (wrapped.length != LENGTH || wrapped[0] != VERSION) {
            throw new Refused("it is not of the form that key rings write");
        }
        byte[] salt = Arrays.copyOfRange(wrapped, 1, 1 + SALT);
        byte[] commitment = Arrays.copyOfRange(wrapped, 1 + SALT, 1 + SALT + COMMITMENT);
        try {
            if (!MessageDigest.isEqual(commitment, derived(ringKey, "commitment", salt))) {
                throw new Refused("another key of that id has wrapped it, or it was altered");
            }
            return cipher(Cipher.DECRYPT_MODE, ringKey, salt, id, context)
                    .doFinal(wrapped, 1 + SALT + COMMITMENT, DataKey.BYTES + TAG);
        } catch (AEADBadTagException e) {
            throw new Refused("it belongs to another context, or was altered");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, byte[] ringKey, byte[] salt, KeyId id, EncryptionContext context)
            throws GeneralSecurityException {
        byte[] key = derived(ringKey, "encryption", salt);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, NONCE));
            byte[] name = id.value().getBytes(StandardCharsets.UTF_8);
            cipher.updateAAD(ByteBuffer.allocate(1 + 4 + name.length)
                    .put(VERSION)
                    .putInt(name.length)
                    .put(name)
                    .array());
            cipher.updateAAD(context.canonicalBytes());
            return cipher;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] derived(byte[] ringKey, String label, byte[] salt) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ringKey, "HmacSHA256"));
        mac.update(("eventbroker key ring 1 " + label).getBytes(StandardCharsets.US_ASCII));
        mac.update(salt);
        mac.update((byte) 1);
        return mac.doFinal();
    }
}
