package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyRing;
import io.eventbroker.core.crypto.WrappedKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an encrypted object looks like in the store below, and that no change to it goes unnoticed. */
class EncryptedObjectTest {
    private static final int HEADER = 1024;
    private static final int CHUNK = 64 << 10;
    private static final int STORED = CHUNK + 16;
    private static final String NAME = "sets/a/object";
    private static final String OTHER = "sets/a/other";

    @TempDir
    Path directory;

    private final KeyRing keys = TestKeys.ring("2026-11");
    private final byte[] content = new byte[3 * CHUNK + 1_000];
    private EncryptedStore store;
    private Path file;
    private byte[] good;

    @BeforeEach
    void write() throws Exception {
        store = EncryptedStore.over(FileStore.at(directory), keys);
        new Random(7).nextBytes(content);
        store.put(NAME, ByteBuffer.wrap(content)).join();
        store.put(OTHER, ByteBuffer.wrap(content)).join();
        file = directory.resolve(NAME);
        good = Files.readAllBytes(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private byte[] read(int offset, int length) {
        ByteBuffer into = ByteBuffer.allocate(length);
        store.read(NAME, offset, into).join();
        return into.array();
    }

    /** A decrypter as the section "Encrypted objects" of docs/archive-format.md tells one to write it. */
    private static byte[] decrypt(String name, byte[] stored) throws Exception {
        ByteBuffer header = ByteBuffer.wrap(stored, 0, 1024);
        assertThat(header.getInt()).isEqualTo(0x4542454E);
        assertThat(header.getInt()).isEqualTo(1);
        byte[] nonceBase = new byte[8];
        header.get(nonceBase);
        byte[] id = new byte[header.getShort()];
        header.get(id).position(18 + 256);
        byte[] wrapped = new byte[header.getShort()];
        header.get(wrapped);
        CRC32C crc = new CRC32C();
        crc.update(stored, 0, 1020);
        assertThat(header.getInt(1020)).isEqualTo((int) crc.getValue());

        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] key = unwrap(name, id, wrapped);
        int number = 0;
        for (int at = 1024; at < stored.length; at += 65_552, number++) {
            int size = Math.min(65_552, stored.length - at);
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer bound = ByteBuffer.allocate(17 + nameBytes.length);
            bound.put(stored, 0, 8).putLong(number);
            bound.put((byte) (at + size == stored.length ? 1 : 0)).put(nameBytes);
            byte[] nonce = ByteBuffer.allocate(12).put(nonceBase).putInt(number).array();
            content.writeBytes(gcm(key, nonce, bound.array(), Arrays.copyOfRange(stored, at, at + size)));
        }
        return content.toByteArray();
    }

    private static byte[] unwrap(String name, byte[] id, byte[] wrapped) throws Exception {
        byte[] ringKey = TestKeys.key(new String(id, StandardCharsets.US_ASCII));
        assertThat(wrapped).hasSize(113).startsWith(1);
        byte[] salt = Arrays.copyOfRange(wrapped, 1, 33);
        assertThat(Arrays.copyOfRange(wrapped, 33, 65)).isEqualTo(derive(ringKey, "commitment", salt));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream bound = new DataOutputStream(bytes);
        bound.write(1);
        bound.writeInt(id.length);
        bound.write(id);
        bound.writeInt(2);
        for (String text : List.of("object", name, "purpose", "eventbroker backup")) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bound.writeInt(utf8.length);
            bound.write(utf8);
        }
        return gcm(
                derive(ringKey, "encryption", salt),
                new byte[12],
                bytes.toByteArray(),
                Arrays.copyOfRange(wrapped, 65, 113));
    }

    private static byte[] derive(byte[] ringKey, String label, byte[] salt) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ringKey, "HmacSHA256"));
        mac.update(("eventbroker key ring 1 " + label).getBytes(StandardCharsets.US_ASCII));
        mac.update(salt);
        mac.update((byte) 1);
        return mac.doFinal();
    }

    private static byte[] gcm(byte[] key, byte[] nonce, byte[] bound, byte[] encrypted) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(bound);
        return cipher.doFinal(encrypted);
    }

    @Test
    void isReadWithNothingButTheDocument() throws Exception {
        store.put("sets/empty", ByteBuffer.allocate(0)).join();

        assertThat(decrypt(NAME, good)).isEqualTo(content);
        assertThat(decrypt("sets/empty", Files.readAllBytes(directory.resolve("sets/empty"))))
                .isEmpty();
    }

    /**
     * An object of each layout is committed and stays readable. {@code -Deb.sample=DIR} writes one of the current layout
     * there instead.
     */
    @Test
    void readsWhatWasWrittenInEveryLayout() {
        byte[] lines = "a line of a backup\n".repeat(4_000).getBytes(StandardCharsets.US_ASCII);
        KeyRing sampleKeys = TestKeys.ring("sample");
        String write = System.getProperty("eb.sample");
        if (write != null) {
            try (EncryptedStore sample = EncryptedStore.over(FileStore.at(Path.of(write)), sampleKeys)) {
                sample.put("sets/sample", ByteBuffer.wrap(lines)).join();
            }
            return;
        }
        try (EncryptedStore sample =
                EncryptedStore.over(FileStore.at(Path.of("src/test/resources/encrypted-v1")), sampleKeys)) {
            ByteBuffer read =
                    ByteBuffer.allocate(sample.size("sets/sample").join().intValue());
            sample.read("sets/sample", 0, read).join();

            assertThat(read.array()).isEqualTo(lines);
        }
    }

    @Test
    void isNeverTheSameTwice() throws Exception {
        Set<ByteBuffer> nonces = new HashSet<>();
        Set<ByteBuffer> chunks = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            store.put(NAME, ByteBuffer.wrap(content)).join();
            byte[] stored = Files.readAllBytes(file);
            nonces.add(ByteBuffer.wrap(stored, 8, 8));
            chunks.add(ByteBuffer.wrap(stored, HEADER, 100));
        }

        assertThat(nonces).hasSize(20);
        assertThat(chunks).hasSize(20);
    }

    private void assertDamaged(byte[] bad, String... words) throws Exception {
        Files.write(file, bad);
        assertThatThrownBy(() -> read(0, content.length))
                .hasCauseInstanceOf(DamagedObjectException.class)
                .satisfies(failure ->
                        List.of(words).forEach(word -> assertThat(failure).hasMessageContaining(word)))
                .hasMessageContaining(NAME);
        Files.write(file, good);
        assertThat(read(0, content.length)).isEqualTo(content);
    }

    @Test
    void findsEveryFlippedBit() throws Exception {
        for (int at = 0; at < good.length; at += at < HEADER + 20 ? 1 : 997) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            if (at >= 4 && at < 8) {
                Files.write(file, bad);
                assertThatThrownBy(() -> read(0, content.length))
                        .hasCauseInstanceOf(EventBrokerException.class)
                        .hasMessageContainingAll(NAME, "version");
            } else {
                assertDamaged(bad, at < 4 ? "is not encrypted" : "is damaged");
            }
        }
    }

    @Test
    void findsWhatWasCutShortOrMadeLonger() throws Exception {
        for (int length : List.of(
                HEADER,
                HEADER + 15,
                HEADER + 16,
                HEADER + 100,
                HEADER + STORED,
                HEADER + STORED + 16,
                HEADER + STORED + 17,
                HEADER + 3 * STORED,
                good.length - 1)) {
            assertDamagedOrShort(Arrays.copyOf(good, length));
        }
        for (int more : List.of(1, 16, 17, STORED)) {
            assertDamaged(Arrays.copyOf(good, good.length + more));
            Files.write(file, Arrays.copyOf(good, good.length + more));
            assertThatThrownBy(() -> read(content.length, 1)).hasCauseInstanceOf(DamagedObjectException.class);
        }
        assertDamaged(Arrays.copyOf(good, 1_000), "is damaged");
        assertDamaged(Arrays.copyOf(good, 4), "is damaged");
        assertDamaged(new byte[0], "is not encrypted");
        Files.delete(file);
        assertThatThrownBy(() -> read(0, 1)).hasCauseInstanceOf(NoSuchObjectException.class);
    }

    /** What is left of an object that was cut short ends before the range, or does not decrypt at its end. */
    private void assertDamagedOrShort(byte[] cut) throws Exception {
        Files.write(file, cut);
        assertThatThrownBy(() -> read(0, content.length))
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOfAny(NoSuchObjectException.class, DamagedObjectException.class));
        int end = store.size(NAME).join().intValue();
        if (end > 0) {
            assertThatThrownBy(() -> read(0, end)).hasCauseInstanceOf(DamagedObjectException.class);
        }
        Files.write(file, good);
        assertThat(read(0, content.length)).isEqualTo(content);
    }

    @Test
    void findsChunksThatChangedPlaces() throws Exception {
        byte[] other = Files.readAllBytes(directory.resolve(OTHER));
        byte[] swapped = good.clone();
        System.arraycopy(good, HEADER, swapped, HEADER + STORED, STORED);
        System.arraycopy(good, HEADER + STORED, swapped, HEADER, STORED);
        assertDamaged(swapped, "chunk 0");
        byte[] leftOut = Arrays.copyOf(good, good.length - STORED);
        System.arraycopy(good, HEADER + 2 * STORED, leftOut, HEADER + STORED, leftOut.length - HEADER - STORED);
        assertDamagedOrShort(leftOut);
        byte[] foreign = good.clone();
        System.arraycopy(other, HEADER + STORED, foreign, HEADER + STORED, STORED);
        assertDamaged(foreign, "chunk 1");
        byte[] header = good.clone();
        System.arraycopy(other, 0, header, 0, HEADER);
        assertDamaged(header);
        store.put(NAME, ByteBuffer.wrap(content)).join();
        byte[] newer = Files.readAllBytes(file);
        System.arraycopy(good, HEADER, newer, HEADER, STORED);
        assertDamaged(newer, "chunk 0");
    }

    @Test
    void findsAnObjectInAnothersPlace() throws Exception {
        assertDamaged(Files.readAllBytes(directory.resolve(OTHER)), "another object was put in its place");
    }

    @Test
    void saysThatAnObjectIsNotEncrypted() throws Exception {
        assertDamaged(
                "{\"content\":{}}".getBytes(StandardCharsets.UTF_8), "is not encrypted", "without EncryptedStore");
        assertDamaged(content, "is not encrypted");
    }

    /** A key encryption whose wrapped keys are longer than any that is known. */
    private static final class LongKeys implements KeyEncryption {
        private static final KeyId ID = KeyId.of("long");

        @Override
        public KeyId currentKey() {
            return ID;
        }

        @Override
        public DataKey generateDataKey(EncryptionContext context, Deadline deadline) {
            return DataKey.of(WrappedKey.of(ID, new byte[745]), new byte[DataKey.BYTES]);
        }

        @Override
        public DataKey unwrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public WrappedKey rewrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void refusesAWrappedKeyThatDoesNotFit() {
        try (EncryptedStore other = EncryptedStore.over(FileStore.at(directory), new LongKeys())) {
            assertThatThrownBy(
                            () -> other.put("sets/long", ByteBuffer.allocate(1)).join())
                    .hasCauseInstanceOf(EventBrokerException.class)
                    .hasMessageContainingAll("'long'", "745 bytes", "744");
        }
    }

    @Test
    void readsWhatIsWholeBesideADamagedChunk() throws Exception {
        byte[] bad = good.clone();
        bad[HEADER + 2 * STORED + 5] ^= 1;
        Files.write(file, bad);

        assertThat(read(0, 2 * CHUNK)).isEqualTo(Arrays.copyOf(content, 2 * CHUNK));
        assertThat(read(3 * CHUNK, 1_000)).isEqualTo(Arrays.copyOfRange(content, 3 * CHUNK, content.length));
        assertThatThrownBy(() -> read(2 * CHUNK - 1, 2))
                .hasCauseInstanceOf(DamagedObjectException.class)
                .hasMessageContaining("chunk 2");
    }
}
