package io.eventbroker.backup.internal.copy;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.WireFormatException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/**
 * The slow path for batches that no broker takes as they are: those with gaps, which compaction leaves, those of a
 * LogAppendTime topic, those that a first offset cuts, and those whose base timestamp is a delete horizon (KIP-534).
 * Decodes the records, numbers those that stay from 0 on, keeps every key, value, header and timestamp, and encodes them
 * with the codec they had.
 */
final class BatchRewriter {
    static final int DELETE_HORIZON = 0x40;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int LARGEST_RECORD = 1 << 30;

    private BatchRewriter() {}

    /** True unless the batch can be produced as it is, its header aside. */
    static boolean isNeeded(ByteBuffer buffer, int at, long from) {
        return !BatchHeader.isDense(buffer, at)
                || BatchHeader.baseOffset(buffer, at) < from
                || BatchHeader.isLogAppendTime(buffer, at)
                || (BatchHeader.attributes(buffer, at) & DELETE_HORIZON) != 0;
    }

    private interface RecordVisitor {
        void record(long offset, byte attributes, long timestampDelta, byte[] rest, int restFrom, int restLength)
                throws IOException;
    }

    /** Records of the batch with an offset below the given one. */
    static long countBefore(ByteBuffer buffer, int at, long offset) {
        long[] count = new long[1];
        visit(buffer, at, (o, attributes, delta, rest, from, length) -> count[0] += o < offset ? 1 : 0);
        return count[0];
    }

    /** The batch that holds the records from an offset on, in a buffer of its own. It holds at least one. */
    static ByteBuffer rewrite(ByteBuffer buffer, int at, long from) {
        int codec = BatchHeader.codec(buffer, at);
        boolean appendTime = BatchHeader.isLogAppendTime(buffer, at);
        long baseTimestamp = appendTime ? BatchHeader.maxTimestamp(buffer, at) : BatchHeader.baseTimestamp(buffer, at);
        Bytes out = new Bytes(BatchHeader.sizeInBytes(buffer, at) + 512);
        out.write(new byte[BatchHeader.SIZE], 0, BatchHeader.SIZE);
        int[] count = new int[1];
        long[] maxTimestamp = {Long.MIN_VALUE};
        try (OutputStream records = compress(codec, out)) {
            ByteBuffer prefix = ByteBuffer.allocate(32);
            visit(buffer, at, (offset, attributes, delta, rest, restFrom, restLength) -> {
                if (offset < from) {
                    return;
                }
                long kept = appendTime ? 0 : delta;
                maxTimestamp[0] = Math.max(maxTimestamp[0], baseTimestamp + kept);
                prefix.clear().put(attributes);
                putVarlong(prefix, kept);
                putVarlong(prefix, count[0]++);
                prefix.flip();
                ByteBuffer length = ByteBuffer.allocate(5);
                putVarlong(length, prefix.remaining() + restLength);
                records.write(length.array(), 0, length.position());
                records.write(prefix.array(), 0, prefix.limit());
                records.write(rest, restFrom, restLength);
            });
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
                count[0] - 1,
                baseTimestamp,
                maxTimestamp[0],
                count[0]);
        return batch;
    }

    private static void visit(ByteBuffer buffer, int at, RecordVisitor visitor) {
        long base = BatchHeader.baseOffset(buffer, at);
        int size = BatchHeader.sizeInBytes(buffer, at) - BatchHeader.SIZE;
        byte[] stored = new byte[size];
        buffer.get(at + BatchHeader.SIZE, stored);
        int count = BatchHeader.recordCount(buffer, at);
        byte[] body = new byte[1024];
        try (InputStream in = decompress(BatchHeader.codec(buffer, at), new ByteArrayInputStream(stored))) {
            for (int i = 0; i < count; i++) {
                long length = varlong(in);
                if (length < 3 || length > LARGEST_RECORD) {
                    throw new IOException("record " + i + " has a length of " + length);
                }
                if (body.length < length) {
                    body = new byte[(int) Math.max(length, body.length * 2L)];
                }
                if (in.readNBytes(body, 0, (int) length) < length) {
                    throw new EOFException("record " + i + " is cut short");
                }
                ByteBuffer record = ByteBuffer.wrap(body, 0, (int) length);
                byte attributes = record.get();
                long timestampDelta = varlong(record);
                long offset = base + varlong(record);
                visitor.record(offset, attributes, timestampDelta, body, record.position(), record.remaining());
            }
        } catch (IOException | java.nio.BufferUnderflowException e) {
            throw new WireFormatException("the records of the batch at offset " + base + " cannot be decoded: " + e, e);
        }
    }

    private static InputStream decompress(int codec, InputStream in) throws IOException {
        return new BufferedInputStream(
                switch (codec) {
                    case 0 -> in;
                    case 1 -> new GZIPInputStream(in, 16 << 10);
                    case 2 -> new SnappyInputStream(in);
                    case 3 -> new LZ4FrameInputStream(in);
                    case 4 -> new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE);
                    default -> throw new IOException("unknown codec " + codec);
                },
                16 << 10);
    }

    private static OutputStream compress(int codec, OutputStream out) throws IOException {
        return switch (codec) {
            case 0 -> out;
            case 1 -> new GZIPOutputStream(out, 16 << 10);
            case 2 -> new SnappyOutputStream(out);
            case 3 ->
                new LZ4FrameOutputStream(
                        out,
                        LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                        LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case 4 -> new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE);
            default -> throw new IOException("unknown codec " + codec);
        };
    }

    private static long varlong(InputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the records are cut short");
            }
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a variable-length integer is longer than 10 bytes");
    }

    private static long varlong(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a variable-length integer is longer than 10 bytes");
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
