package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/** Batches whose header is right and whose records nobody looks into. */
final class TestBatches {
    private static final int APPEND_TIME = 0x08;
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

    /**
     * A batch of records that can be read: their values begin with their offsets.
     *
     * @param records timestamps by offset delta
     * @param size of each value
     */
    static ByteBuffer records(
            long base, int lastDelta, SortedMap<Integer, Long> records, boolean appendTime, int size) {
        long first = records.get(records.firstKey());
        long max = records.values().stream().mapToLong(t -> t).max().orElseThrow();
        ByteBuffer buffer = ByteBuffer.allocate(BatchHeader.SIZE + records.size() * (size + 64));
        buffer.position(BatchHeader.SIZE);
        records.forEach((delta, timestamp) -> {
            ByteBuffer record = ByteBuffer.allocate(size + 64);
            record.put((byte) 0);
            varlong(record, timestamp - first);
            varlong(record, delta);
            varlong(record, -1); // no key
            varlong(record, size);
            record.putLong(record.position(), base + delta).position(record.position() + size);
            varlong(record, 0); // no headers
            varlong(buffer, record.position());
            buffer.put(record.flip());
        });
        int attributes = appendTime ? APPEND_TIME : 0;
        int length = buffer.position();
        ByteBuffer batch = ByteBuffer.allocate(length).put(0, buffer, 0, length);
        BatchHeader.write(batch, 0, length, base, attributes, lastDelta, first, max, records.size());
        return batch;
    }

    private static void varlong(ByteBuffer out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
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
