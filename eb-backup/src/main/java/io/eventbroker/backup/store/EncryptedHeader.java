package io.eventbroker.backup.store;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.WrappedKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What an encrypted object begins with, and how large it is. The header has one size whatever it holds, so that the size of
 * the content follows from the size of the object.
 *
 * @param key the data key, wrapped
 * @param nonceBase the first eight bytes of every chunk's nonce
 */
record EncryptedHeader(WrappedKey key, long nonceBase) {
    static final int BYTES = 1024;
    /** Content bytes in a chunk; the last one may have fewer. */
    static final int CHUNK = 64 << 10;

    static final int TAG = 16;
    static final int STORED_CHUNK = CHUNK + TAG;

    static final int MAGIC = 0x4542454E; // "EBEN"
    static final int VERSION = 1;

    private static final int LONGEST_KEY_ID = 256;
    private static final int LONGEST_KEY = 744;
    private static final int CRC_AT = BYTES - 4;

    static long chunks(long contentBytes) {
        return Math.max(1, (contentBytes + CHUNK - 1) / CHUNK);
    }

    static long storedBytes(long contentBytes) {
        return BYTES + contentBytes + TAG * chunks(contentBytes);
    }

    /** The size of the content; of what no encrypted object is as large as, something near it. */
    static long contentBytes(long storedBytes) {
        long body = Math.max(0, storedBytes - BYTES);
        return Math.max(0, body - TAG * Math.max(1, (body + STORED_CHUNK - 1) / STORED_CHUNK));
    }

    /** Whether bytes are how an encrypted object begins. */
    static boolean begins(ByteBuffer bytes) {
        return bytes.remaining() >= 4 && bytes.duplicate().getInt() == MAGIC;
    }

    /**
     * Writes the header.
     *
     * @throws EventBrokerException if the wrapped key is too long for it
     */
    void encode(ByteBuffer into) {
        byte[] id = key.keyId().value().getBytes(StandardCharsets.US_ASCII);
        byte[] wrapped = key.bytes();
        if (wrapped.length > LONGEST_KEY) {
            throw new EventBrokerException("key '" + key.keyId() + "' wraps a data key in " + wrapped.length
                    + " bytes; the header of an encrypted object has room for " + LONGEST_KEY);
        }
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.putInt(MAGIC).putInt(VERSION).putLong(nonceBase);
        put(header, id, LONGEST_KEY_ID);
        put(header, wrapped, LONGEST_KEY);
        header.putInt(crc(header)).flip();
        into.put(header);
    }

    private static void put(ByteBuffer header, byte[] value, int room) {
        header.putShort((short) value.length).put(value).position(header.position() + room - value.length);
    }

    private static byte[] get(ByteBuffer header, int room) {
        byte[] value = new byte[Math.min(room, header.getShort() & 0xffff)];
        header.get(value).position(header.position() + room - value.length);
        return value;
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CRC_AT));
        return (int) crc.getValue();
    }

    /**
     * Reads a header.
     *
     * @param start the first bytes of the object, as many as the header has, or all if it has fewer
     * @param storedBytes of the whole object
     * @throws DamagedObjectException if the object is not encrypted, its header is damaged, or its size impossible
     * @throws EventBrokerException if it is of another version
     */
    static EncryptedHeader decode(String name, ByteBuffer start, long storedBytes) {
        ByteBuffer header = start.slice();
        if (!begins(header)) {
            throw new DamagedObjectException(name + " is not encrypted, as everything under " + EncryptedStore.ENCRYPTED
                    + " of this store has to"
                    + " be; if the archive was made without encryption, open it without EncryptedStore");
        }
        int version = header.remaining() < 8 ? VERSION : header.getInt(4);
        if (version != VERSION) {
            throw new EventBrokerException(
                    name + " is encrypted in the layout of version " + version + "; this SDK reads version " + VERSION);
        }
        if (storedBytes != storedBytes(contentBytes(storedBytes)) || header.remaining() < BYTES) {
            throw new DamagedObjectException(name + " is damaged: it has " + storedBytes
                    + " bytes, as no encrypted object has; it was cut short, or something was appended");
        }
        if (header.getInt(CRC_AT) != crc(header)) {
            throw new DamagedObjectException(name + " is damaged: the CRC-32C of its header does not match");
        }
        try {
            long nonceBase = header.position(8).getLong();
            KeyId id = KeyId.of(new String(get(header, LONGEST_KEY_ID), StandardCharsets.US_ASCII));
            return new EncryptedHeader(WrappedKey.of(id, get(header, LONGEST_KEY)), nonceBase);
        } catch (IllegalArgumentException e) {
            throw new DamagedObjectException(name + " is damaged: its header names no key: " + e.getMessage(), e);
        }
    }
}
