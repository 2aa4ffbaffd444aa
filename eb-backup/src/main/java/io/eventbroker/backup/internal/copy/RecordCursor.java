package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.WireFormatException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch, each decompressed when it is come to. Copies the batch's bytes when it is made. One thread at a
 * time. All methods throw {@link WireFormatException} if the records cannot be decoded. Layout: KIP-98, Kafka's {@code
 * DefaultRecord}.
 */
final class RecordCursor implements AutoCloseable {
    private static final int LARGEST_RECORD = 1 << 30;
    /** Attributes, timestamp delta and offset delta have one byte each at least. */
    private static final int SHORTEST_RECORD = 3;

    private final long base;
    private final int count;
    private final boolean appendTime;
    private final long baseTimestamp;
    private final long maxTimestamp;
    private final int leaderEpoch;
    private final InputStream in;
    private int read;
    private byte[] body = new byte[1024];
    /** What follows offset and timestamp in the record: key, value, headers. */
    private ByteBuffer rest = ByteBuffer.allocate(0);

    private byte attributes;
    private long timestampDelta;
    private long offset;

    RecordCursor(ByteBuffer buffer, int at) {
        base = BatchHeader.baseOffset(buffer, at);
        count = BatchHeader.recordCount(buffer, at);
        appendTime = BatchHeader.isLogAppendTime(buffer, at);
        baseTimestamp = BatchHeader.baseTimestamp(buffer, at);
        maxTimestamp = BatchHeader.maxTimestamp(buffer, at);
        leaderEpoch = BatchHeader.leaderEpoch(buffer, at);
        byte[] stored = new byte[BatchHeader.sizeInBytes(buffer, at) - BatchHeader.SIZE];
        buffer.get(at + BatchHeader.SIZE, stored);
        try {
            in = BatchCodec.decompress(BatchHeader.codec(buffer, at), new ByteArrayInputStream(stored));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private WireFormatException unreadable(Exception e) {
        return new WireFormatException("the records of the batch at offset " + base + " cannot be decoded: " + e, e);
    }

    /** Goes on to the next record; false behind the last. */
    boolean next() {
        if (read == count) {
            return false;
        }
        try {
            long length = varlong(in);
            if (length < SHORTEST_RECORD || length > LARGEST_RECORD) {
                throw new IOException("record " + read + " has a length of " + length);
            }
            if (body.length < length) {
                body = new byte[(int) Math.max(length, body.length * 2L)];
            }
            if (in.readNBytes(body, 0, (int) length) < length) {
                throw new EOFException("record " + read + " is cut short");
            }
            rest = ByteBuffer.wrap(body, 0, (int) length);
            attributes = rest.get();
            timestampDelta = varlong(rest);
            offset = base + varlong(rest);
            read++;
            return true;
        } catch (IOException | BufferUnderflowException e) {
            throw unreadable(e);
        }
    }

    long offset() {
        return offset;
    }

    /** In milliseconds; −1 for none. Of all records of a batch the same if the broker has set it. */
    long timestamp() {
        return appendTime ? maxTimestamp : baseTimestamp + timestampDelta;
    }

    byte attributes() {
        return attributes;
    }

    /** Bytes of key, value and headers as they are encoded. */
    int restLength() {
        return rest.remaining();
    }

    /** Writes key, value and headers as they are encoded. */
    void writeRest(OutputStream out) throws IOException {
        out.write(body, rest.position(), rest.remaining());
    }

    /** The record as a consumer of that partition sees it; to be called once for each record. */
    ConsumerRecord<byte[], byte[]> toRecord(TopicPartition partition) {
        try {
            byte[] key = bytes();
            byte[] value = bytes();
            // The one way to empty headers that is not an internal class of Kafka's.
            Headers headers = new ConsumerRecord<byte[], byte[]>("", 0, 0, null, null).headers();
            long number = varlong(rest);
            for (long i = 0; i < number; i++) {
                byte[] name = bytes();
                if (name == null) {
                    throw new IOException("a header of the record at offset " + offset + " has no key");
                }
                headers.add(new String(name, StandardCharsets.UTF_8), bytes());
            }
            return new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    timestamp(),
                    appendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                    key == null ? ConsumerRecord.NULL_SIZE : key.length,
                    value == null ? ConsumerRecord.NULL_SIZE : value.length,
                    key,
                    value,
                    headers,
                    leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch));
        } catch (IOException | BufferUnderflowException e) {
            throw unreadable(e);
        }
    }

    private byte @Nullable [] bytes() throws IOException {
        long length = varlong(rest);
        if (length < 0) {
            return null;
        }
        if (length > rest.remaining()) {
            throw new IOException("the record at offset " + offset + " has a part of " + length + " bytes, of which "
                    + rest.remaining() + " are there");
        }
        byte[] bytes = new byte[(int) length];
        rest.get(bytes);
        return bytes;
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

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
