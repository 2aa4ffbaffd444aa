package io.eventbroker.backup.internal.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads and rewrites the 61-byte header of a record batch of magic 2 where it lies in a buffer; records are never
 * touched. Positions are absolute and the buffer's own position is left alone. Layout: KIP-98, Kafka's {@code
 * DefaultRecordBatch}.
 */
public final class BatchHeader {
    /** Bytes of the header, from the base offset to the record count. */
    public static final int SIZE = 61;
    /** Bytes before those that the length field counts: base offset and the length itself. */
    public static final int LOG_OVERHEAD = 12;
    /** The only magic that the engine copies. */
    public static final int MAGIC = 2;

    private static final int LENGTH = 8;
    private static final int LEADER_EPOCH = 12;
    private static final int MAGIC_AT = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int RECORD_COUNT = 57;

    private static final int LOG_APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private BatchHeader() {}

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    /** Bytes of the whole batch, header included; may exceed what the buffer holds, or be nonsense if it is damaged. */
    public static int sizeInBytes(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LENGTH) + LOG_OVERHEAD;
    }

    /** Epoch of the leader that appended the batch. Not covered by the CRC. */
    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LEADER_EPOCH);
    }

    public static int magic(ByteBuffer buffer, int at) {
        return buffer.get(at + MAGIC_AT);
    }

    public static int attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + ATTRIBUTES);
    }

    /** Kafka's id of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public static int codec(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & 0x07;
    }

    public static boolean isLogAppendTime(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & LOG_APPEND_TIME) != 0;
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TRANSACTIONAL) != 0;
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & CONTROL) != 0;
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_TIMESTAMP);
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID);
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RECORD_COUNT);
    }

    /** True if every offset between the first and the last is taken: the broker accepts no other batch. */
    public static boolean isDense(ByteBuffer buffer, int at) {
        return lastOffsetDelta(buffer, at) + 1 == recordCount(buffer, at);
    }

    /** True if the stored CRC-32C is that of the bytes from the attributes to the end of the batch. */
    public static boolean crcMatches(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CRC) == crc(buffer, at);
    }

    private static int crc(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        ByteBuffer covered = buffer.duplicate();
        covered.limit(at + sizeInBytes(buffer, at)).position(at + ATTRIBUTES);
        crc.update(covered);
        return (int) crc.getValue();
    }

    /**
     * Whether the marker in a control batch aborts its transaction. Control batches are never compressed; their single
     * record has as its key a version and a type, 0 to abort and 1 to commit.
     *
     * @throws WireFormatException if the marker cannot be read
     */
    public static boolean isAbortMarker(ByteBuffer buffer, int at) {
        ByteBuffer record = buffer.duplicate();
        record.limit(at + sizeInBytes(buffer, at)).position(at + SIZE);
        try {
            Decoder in = new Decoder(record);
            in.varlong(); // length
            in.int8(); // attributes
            in.varlong(); // timestamp delta
            in.varlong(); // offset delta
            if (in.varlong() < 4) {
                throw new WireFormatException("control batch at offset " + baseOffset(buffer, at) + " has no type");
            }
            in.int16(); // version
            return in.int16() == 0;
        } catch (java.nio.BufferUnderflowException e) {
            throw new WireFormatException("control batch at offset " + baseOffset(buffer, at) + " is cut short", e);
        }
    }

    /**
     * Makes the batch one that a broker accepts from an idempotent producer: base offset 0, no transaction, the given
     * producer, CRC-32C redone. Everything that a consumer sees stays as it is.
     */
    public static void rewriteForProduce(ByteBuffer buffer, int at, long producerId, short epoch, int sequence) {
        buffer.putLong(at, 0);
        buffer.putShort(at + ATTRIBUTES, (short) (attributes(buffer, at) & ~TRANSACTIONAL));
        buffer.putLong(at + PRODUCER_ID, producerId);
        buffer.putShort(at + PRODUCER_EPOCH, epoch);
        buffer.putInt(at + BASE_SEQUENCE, sequence);
        buffer.putInt(at + CRC, crc(buffer, at));
    }

    /** Writes a whole header in front of records that already lie behind it, CRC-32C included. */
    public static void write(
            ByteBuffer buffer,
            int at,
            int sizeInBytes,
            long baseOffset,
            int attributes,
            int lastOffsetDelta,
            long baseTimestamp,
            long maxTimestamp,
            int recordCount) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + LENGTH, sizeInBytes - LOG_OVERHEAD);
        buffer.putInt(at + LEADER_EPOCH, -1); // the broker sets it
        buffer.put(at + MAGIC_AT, (byte) MAGIC);
        buffer.putShort(at + ATTRIBUTES, (short) attributes);
        buffer.putInt(at + LAST_OFFSET_DELTA, lastOffsetDelta);
        buffer.putLong(at + BASE_TIMESTAMP, baseTimestamp);
        buffer.putLong(at + MAX_TIMESTAMP, maxTimestamp);
        buffer.putLong(at + PRODUCER_ID, -1);
        buffer.putShort(at + PRODUCER_EPOCH, (short) -1);
        buffer.putInt(at + BASE_SEQUENCE, -1);
        buffer.putInt(at + RECORD_COUNT, recordCount);
        buffer.putInt(at + CRC, crc(buffer, at));
    }
}
