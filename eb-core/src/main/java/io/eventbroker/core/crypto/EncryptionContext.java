package io.eventbroker.core.crypto;

import io.eventbroker.core.kind.Checks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a data key is for. It is bound to the wrapped key, which unwraps only when the same is said again: a wrapped key
 * that was put beside other data is of no use there. It is not secret, and KMS writes it to its audit log.
 *
 * @param entries at least one; at most 8,192 bytes of keys and values together, as for KMS; keys that begin with {@code
 *     aws:} belong to AWS
 */
public record EncryptionContext(SortedMap<String, String> entries) {
    private static final int MOST_BYTES = 8_192;

    public EncryptionContext {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
        int bytes = entries.entrySet().stream()
                .mapToInt(entry -> utf8(entry.getKey()).length + utf8(entry.getValue()).length)
                .sum();
        Checks.begin()
                .require(!entries.isEmpty(), "entries", "must not be empty", "say what the key is for")
                .require(bytes <= MOST_BYTES, "entries", "must have at most 8192 bytes, had " + bytes, "")
                .require(
                        entries.keySet().stream().noneMatch(key -> key.isEmpty() || key.startsWith("aws:")),
                        "entries",
                        "must have keys that are not empty and do not begin with 'aws:'",
                        "")
                .end();
    }

    public static EncryptionContext of(Map<String, String> entries) {
        return new EncryptionContext(new TreeMap<>(entries));
    }

    /**
     * Bytes that differ whenever the entries differ: their number, then each key and value with its length before it, by
     * key; numbers are four bytes, most significant first.
     */
    public byte[] canonicalBytes() {
        int size = entries.entrySet().stream()
                .mapToInt(entry -> 8 + utf8(entry.getKey()).length + utf8(entry.getValue()).length)
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(4 + size).putInt(entries.size());
        entries.forEach((key, value) -> {
            put(bytes, utf8(key));
            put(bytes, utf8(value));
        });
        return bytes.array();
    }

    private static void put(ByteBuffer bytes, byte[] text) {
        bytes.putInt(text.length).put(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
