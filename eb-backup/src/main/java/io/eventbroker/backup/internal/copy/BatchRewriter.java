package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.WireFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The slow path for batches that no broker takes as they are: those with gaps, which compaction leaves, those of a
 * LogAppendTime topic, those that a first offset or a {@link Slice} cuts, and those whose base timestamp is a delete horizon
 * (KIP-534). Decodes the records, numbers those that stay from 0 on, keeps every key, value, header and timestamp, and
 * encodes them with the codec they had.
 */
final class BatchRewriter {
    static final int DELETE_HORIZON = 0x40;
    private static final int LOG_APPEND_TIME = 0x08;

    private BatchRewriter() {}

    /** True unless the batch can be produced as it is, its header aside. */
    static boolean isNeeded(ByteBuffer buffer, int at, long from) {
        return !BatchHeader.isDense(buffer, at)
                || BatchHeader.baseOffset(buffer, at) < from
                || BatchHeader.isLogAppendTime(buffer, at)
                || (BatchHeader.attributes(buffer, at) & DELETE_HORIZON) != 0;
    }

    /** Records of the batch with an offset below the given one. */
    static long countBefore(ByteBuffer buffer, int at, long offset) {
        return count(buffer, at, 0, Slice.offsets(0, offset));
    }

    /** Records of the batch from an offset on that the slice keeps. */
    static long count(ByteBuffer buffer, int at, long from, Slice slice) {
        long count = 0;
        try (RecordCursor records = new RecordCursor(buffer, at)) {
            while (records.next()) {
                if (records.offset() >= from && slice.keeps(records.offset(), records.timestamp())) {
                    count++;
                }
            }
        }
        return count;
    }

    /** The batch of those records from an offset on that the slice keeps, in a buffer of its own. It holds at least one. */
    static ByteBuffer rewrite(ByteBuffer buffer, int at, long from, Slice slice) {
        int codec = BatchHeader.codec(buffer, at);
        long baseTimestamp = BatchHeader.isLogAppendTime(buffer, at)
                ? BatchHeader.maxTimestamp(buffer, at)
                : BatchHeader.baseTimestamp(buffer, at);
        Bytes out = new Bytes(BatchHeader.sizeInBytes(buffer, at) + 512);
        out.write(new byte[BatchHeader.SIZE], 0, BatchHeader.SIZE);
        int count = 0;
        long maxTimestamp = Long.MIN_VALUE;
        try (RecordCursor records = new RecordCursor(buffer, at);
                OutputStream encoded = BatchCodec.compress(codec, out)) {
            ByteBuffer prefix = ByteBuffer.allocate(32);
            ByteBuffer length = ByteBuffer.allocate(10);
            while (records.next()) {
                if (records.offset() < from || !slice.keeps(records.offset(), records.timestamp())) {
                    continue;
                }
                maxTimestamp = Math.max(maxTimestamp, records.timestamp());
                prefix.clear().put(records.attributes());
                putVarlong(prefix, records.timestamp() - baseTimestamp);
                putVarlong(prefix, count++);
                prefix.flip();
                putVarlong(length.clear(), prefix.remaining() + records.restLength());
                encoded.write(length.array(), 0, length.position());
                encoded.write(prefix.array(), 0, prefix.limit());
                records.writeRest(encoded);
            }
        } catch (IOException e) {
            throw new WireFormatException(
                    "the batch at offset " + BatchHeader.baseOffset(buffer, at) + " cannot be encoded again: " + e, e);
        }
        ByteBuffer batch = out.toBuffer();
        BatchHeader.write(
                batch,
                0,
                batch.limit(),
                0,
                BatchHeader.attributes(buffer, at) & ~(LOG_APPEND_TIME | DELETE_HORIZON),
                count - 1,
                baseTimestamp,
                maxTimestamp,
                count);
        return batch;
    }

    private static void putVarlong(ByteBuffer out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Grows like its parent, and hands out its bytes without copying them. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int size) {
            super(size);
        }

        synchronized ByteBuffer toBuffer() {
            return ByteBuffer.wrap(buf, 0, count).slice();
        }
    }
}
