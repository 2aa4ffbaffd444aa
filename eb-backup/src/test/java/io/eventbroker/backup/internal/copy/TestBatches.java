package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Batches whose header is right and whose records nobody looks into. */
final class TestBatches {
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private TestBatches() {}

    /** A batch of so many records and bytes in all. */
    static ByteBuffer data(long base, int records, int size, int epoch) {
        return write(ByteBuffer.allocate(size), base, records - 1, records, 0, -1, epoch);
    }

    static ByteBuffer transactional(long base, int records, int size, long producer) {
        return write(ByteBuffer.allocate(size), base, records - 1, records, TRANSACTIONAL, producer, 0);
    }

    /** A batch that compaction has emptied. */
    static ByteBuffer empty(long base, int offsets) {
        return write(ByteBuffer.allocate(BatchHeader.SIZE), base, offsets - 1, 0, 0, -1, 0);
    }

    static ByteBuffer marker(long base, long producer, boolean commit) {
        byte[] record = {0, 0, 0, 0, 8, 0, 0, 0, (byte) (commit ? 1 : 0), 0, 0};
        ByteBuffer buffer = ByteBuffer.allocate(BatchHeader.SIZE + record.length);
        buffer.put(BatchHeader.SIZE, record);
        return write(buffer, base, 0, 1, TRANSACTIONAL | CONTROL, producer, 0);
    }

    private static ByteBuffer write(
            ByteBuffer buffer, long base, int lastDelta, int records, int attributes, long producer, int epoch) {
        BatchHeader.write(buffer, 0, buffer.capacity(), base, attributes, lastDelta, 1_000, 2_000, records);
        buffer.putInt(12, epoch);
        buffer.putLong(43, producer);
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(21));
        return buffer.putInt(17, (int) crc.getValue());
    }
}
