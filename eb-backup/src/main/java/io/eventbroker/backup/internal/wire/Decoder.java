package io.eventbroker.backup.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Reads Kafka's protocol types from a buffer, advancing its position. */
final class Decoder {
    private final ByteBuffer in;

    Decoder(ByteBuffer in) {
        this.in = in;
    }

    byte int8() {
        return in.get();
    }

    boolean bool() {
        return in.get() != 0;
    }

    short int16() {
        return in.getShort();
    }

    int int32() {
        return in.getInt();
    }

    long int64() {
        return in.getLong();
    }

    Uuid uuid() {
        return new Uuid(in.getLong(), in.getLong());
    }

    int unsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new WireFormatException("a variable-length integer is longer than 5 bytes");
    }

    /** Zig-zag encoded, as in records. */
    long varlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new WireFormatException("a variable-length integer is longer than 10 bytes");
    }

    /** The number of elements of a compact array; −1 for null. */
    int compactLength() {
        return unsignedVarint() - 1;
    }

    /** With a two-byte length. */
    String string() {
        byte[] bytes = new byte[Math.max(0, int16())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Nullable
    String compactString() {
        int length = compactLength();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A slice of the bytes field, without copying; empty for null. */
    ByteBuffer compactBytes() {
        int length = Math.max(0, compactLength());
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    void skipInt32Array() {
        int length = compactLength();
        in.position(in.position() + 4 * Math.max(0, length));
    }

    /** Skips all tagged fields; returns one of them, or null if it is not there. */
    @Nullable
    Decoder tag(int wanted) {
        Decoder found = null;
        int count = unsignedVarint();
        for (int i = 0; i < count; i++) {
            int tag = unsignedVarint();
            int length = unsignedVarint();
            if (tag == wanted) {
                found = new Decoder(in.slice(in.position(), length));
            }
            in.position(in.position() + length);
        }
        return found;
    }

    void skipTags() {
        int count = unsignedVarint();
        for (int i = 0; i < count; i++) {
            unsignedVarint();
            in.position(in.position() + unsignedVarint());
        }
    }
}
