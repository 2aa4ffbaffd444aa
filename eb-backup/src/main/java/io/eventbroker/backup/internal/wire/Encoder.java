package io.eventbroker.backup.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Writes Kafka's protocol types into a growing buffer. Large payloads are not copied: {@link #compactBytes} remembers
 * them, and {@link #finish} hands out the pieces in order for a gathering write.
 */
final class Encoder {
    private ByteBuffer out = ByteBuffer.allocate(512);
    private final List<Integer> cuts = new ArrayList<>();
    private final List<ByteBuffer> payloads = new ArrayList<>();

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes));
            out.flip();
            larger.put(out);
            out = larger;
        }
        return out;
    }

    Encoder int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    Encoder bool(boolean value) {
        return int8(value ? 1 : 0);
    }

    Encoder int16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    Encoder int32(int value) {
        room(4).putInt(value);
        return this;
    }

    Encoder int64(long value) {
        room(8).putLong(value);
        return this;
    }

    Encoder uuid(Uuid id) {
        return int64(id.getMostSignificantBits()).int64(id.getLeastSignificantBits());
    }

    Encoder unsignedVarint(int value) {
        room(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        return this;
    }

    Encoder compactLength(int elements) {
        return unsignedVarint(elements + 1);
    }

    /** With a two-byte length, as in the request header. */
    Encoder string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int16(bytes.length);
        room(bytes.length).put(bytes);
        return this;
    }

    Encoder compactString(@Nullable String value) {
        if (value == null) {
            return unsignedVarint(0);
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        compactLength(bytes.length);
        room(bytes.length).put(bytes);
        return this;
    }

    Encoder compactBytes(ByteBuffer payload) {
        compactLength(payload.remaining());
        cuts.add(out.position());
        payloads.add(payload.duplicate());
        return this;
    }

    Encoder noTags() {
        return unsignedVarint(0);
    }

    /** The whole message behind its four-byte length, in pieces. */
    ByteBuffer[] finish() {
        long size = out.position();
        for (ByteBuffer payload : payloads) {
            size += payload.remaining();
        }
        ByteBuffer[] pieces = new ByteBuffer[2 + 2 * payloads.size()];
        pieces[0] = ByteBuffer.allocate(4).putInt(Math.toIntExact(size)).flip();
        int from = 0;
        for (int i = 0; i < payloads.size(); i++) {
            pieces[1 + 2 * i] = out.slice(from, cuts.get(i) - from);
            pieces[2 + 2 * i] = payloads.get(i);
            from = cuts.get(i);
        }
        pieces[pieces.length - 1] = out.slice(from, out.position() - from);
        return pieces;
    }
}
