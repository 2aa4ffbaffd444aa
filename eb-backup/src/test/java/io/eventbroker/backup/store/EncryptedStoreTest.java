package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.ForwardingStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyNotAllowedException;
import io.eventbroker.core.crypto.UnknownKeyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, ranges, keys and memory of an encrypted store; what an encrypted object looks like is EncryptedObjectTest's. */
class EncryptedStoreTest {
    private static final int CHUNK = 64 << 10;
    private static final String NAME = "sets/a/object";

    @TempDir
    Path directory;

    private final Random random = new Random(26);
    private TestKeys keys;
    private ObjectStore plain;
    private EncryptedStore store;

    @BeforeEach
    void open() {
        keys = new TestKeys("2026-11");
        plain = FileStore.at(directory);
        store = EncryptedStore.over(plain, keys);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] read(ObjectStore from, String name, long offset, int length) {
        ByteBuffer into = ByteBuffer.allocate(length);
        from.read(name, offset, into).join();
        return into.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 15, 9_000_000})
    void readsEveryRangeOfEverySize(int size) {
        byte[] content = randomBytes(size);
        store.put(NAME, ByteBuffer.wrap(content)).join();

        assertThat(store.list("sets/").join()).containsExactly(new StoredObject(NAME, size));
        assertThat(store.size(NAME).join()).isEqualTo(size);
        assertThat(plain.size(NAME).join()).isEqualTo(1024 + size + 16 * Math.max(1, (size + CHUNK - 1) / CHUNK));
        assertThat(read(store, NAME, 0, size)).isEqualTo(content);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(size + 1);
            int to = from + random.nextInt(size - from + 1);
            assertThat(read(store, NAME, from, to - from)).isEqualTo(Arrays.copyOfRange(content, from, to));
        }
        for (long offset : List.of(-1L, (long) size, size + 1L, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> read(store, NAME, offset, 1)).hasCauseInstanceOf(NoSuchObjectException.class);
        }
    }

    /** Remembers the sizes of the parts that arrive, and answers when it is told to. */
    private static final class Parts extends ForwardingStore {
        final List<Integer> sizes = new ArrayList<>();
        final Queue<CompletableFuture<Void>> held = new ConcurrentLinkedQueue<>();
        volatile boolean holding;

        Parts(ObjectStore store) {
            super(store);
        }

        @Override
        protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
            sizes.add(part.remaining());
            CompletableFuture<Void> written = super.writePart(name, part, upload);
            if (!holding) {
                return written;
            }
            CompletableFuture<Void> answer = new CompletableFuture<>();
            held.add(answer);
            return written.thenCompose(done -> answer);
        }
    }

    @Test
    void uploadsPartsOfEverySize() {
        int smallest = 5 << 20;
        Parts parts = new Parts(plain);
        try (EncryptedStore over = EncryptedStore.over(parts, keys)) {
            for (List<Integer> sizes : List.of(
                    List.of(smallest, smallest, smallest, smallest),
                    List.of(smallest + 1, smallest + CHUNK - 1, 6_000_001, 3),
                    List.of(8 << 20, 8 << 20),
                    List.of(1),
                    List.of(CHUNK),
                    List.<Integer>of())) {
                byte[] content =
                        randomBytes(sizes.stream().mapToInt(Integer::intValue).sum());
                parts.sizes.clear();
                try (ObjectStore.Upload upload = over.upload(NAME)) {
                    int at = 0;
                    for (int size : sizes) {
                        ByteBuffer part = ByteBuffer.allocateDirect(size).put(content, at, size);
                        upload.write(part.flip()).join();
                        part.clear().put(new byte[size]); // It is the caller's again.
                        at += size;
                    }
                    upload.complete().join();
                }

                assertThat(over.size(NAME).join()).isEqualTo(content.length);
                assertThat(read(over, NAME, 0, content.length)).isEqualTo(content);
                assertThat(parts.sizes.subList(0, parts.sizes.size() - 1))
                        .allSatisfy(size -> assertThat(size).isGreaterThanOrEqualTo(smallest));
            }
        }
    }

    @Test
    void keepsPartsThatAreUnderWayInOrder() {
        byte[] content = randomBytes(40_000_000);
        try (ObjectStore.Upload upload = store.upload(NAME)) {
            List<CompletableFuture<Void>> written = IntStream.range(0, 5)
                    .mapToObj(i -> upload.write(ByteBuffer.wrap(content, i * 8_000_000, 8_000_000)))
                    .toList();
            assertThat(store.list("sets/").join()).isEmpty();
            upload.complete().join();

            assertThat(written).allMatch(CompletableFuture::isDone);
        }
        assertThat(read(store, NAME, 0, content.length)).isEqualTo(content);
    }

    @Test
    void keepsTheCallerWaitingForTheStoreBelow() {
        Parts parts = new Parts(plain);
        parts.holding = true;
        try (EncryptedStore over = EncryptedStore.over(parts, keys);
                ObjectStore.Upload upload = over.upload(NAME)) {
            CompletableFuture<Void> written = upload.write(ByteBuffer.allocate(6 << 20));
            org.awaitility.Awaitility.await().until(() -> !parts.held.isEmpty());
            CompletableFuture<Void> completed = upload.complete();
            org.awaitility.Awaitility.await().until(() -> parts.held.size() == 2);

            assertThat(written).isNotDone();
            assertThat(completed).isNotDone();
            parts.held.forEach(answer -> answer.complete(null));
            written.join();
            completed.join();
        }
    }

    @Test
    void doesNotCompleteAnUploadOfWhichAPartIsMissing() {
        Parts parts = new Parts(plain);
        parts.holding = true;
        try (EncryptedStore over = EncryptedStore.over(parts, keys);
                ObjectStore.Upload upload = over.upload(NAME)) {
            CompletableFuture<Void> written = upload.write(ByteBuffer.allocate(6 << 20));
            org.awaitility.Awaitility.await().until(() -> !parts.held.isEmpty());
            parts.held.remove().completeExceptionally(new EventBrokerException("no space left"));
            parts.holding = false;

            assertThatThrownBy(written::join).hasMessageContaining("no space left");
            assertThatThrownBy(() -> upload.complete().join()).hasMessageContaining("no space left");
        }
        assertThat(plain.list("").join()).isEmpty();
    }

    @Test
    void leavesNothingOfAnUploadThatIsGivenUp() {
        try (ObjectStore.Upload upload = store.upload(NAME)) {
            upload.write(ByteBuffer.allocate(6 << 20)).join();
        }

        assertThat(plain.list("").join()).isEmpty();
        assertThat(directory.resolve("sets/a")).isEmptyDirectory();
        org.awaitility.Awaitility.await().until(() -> keys.given.stream().allMatch(DataKey::isDestroyed));
    }

    @Test
    void encryptsWhatLiesInSetsAlone() {
        byte[] content = "topic orders, group billing".getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("manifests/p.json", "holds/p", "sets.txt")) {
            store.put(name, ByteBuffer.wrap(content)).join();
            assertThat(read(plain, name, 0, content.length)).isEqualTo(content);
            assertThat(store.size(name).join()).isEqualTo(content.length);
        }
        store.put("sets/p/groups.json", ByteBuffer.wrap(content)).join();
        store.putIfAbsent("sets/p/topics.json", ByteBuffer.wrap(content)).join();
        try (ObjectStore.Upload upload = store.upload("sets/p/0.log")) {
            upload.write(ByteBuffer.wrap(content)).join();
            upload.complete().join();
        }

        assertThat(plain.list("sets/p/").join())
                .hasSize(3)
                .allSatisfy(object -> assertThat(new String(
                                read(plain, object.name(), 0, (int) object.size()), StandardCharsets.ISO_8859_1))
                        .doesNotContain("orders")
                        .doesNotContain("billing"));
    }

    @Test
    void comparesContentWhereAnObjectIsThere() {
        byte[] content = randomBytes(100_000);
        byte[] other = content.clone();
        other[99_999] ^= 1;
        assertThat(store.putIfAbsent(NAME, ByteBuffer.wrap(content)).join()).isTrue();
        byte[] stored = read(plain, NAME, 0, plain.size(NAME).join().intValue());

        assertThat(store.putIfAbsent(NAME, ByteBuffer.wrap(content)).join()).isTrue();
        assertThat(store.putIfAbsent(NAME, ByteBuffer.wrap(other)).join()).isFalse();
        assertThat(store.putIfAbsent(NAME, ByteBuffer.wrap(content, 0, 99_999)).join())
                .isFalse();
        assertThat(read(plain, NAME, 0, stored.length)).isEqualTo(stored);
    }

    @Test
    void readsUnderOldKeysAndWritesUnderTheCurrentOne() {
        store.put("sets/old", ByteBuffer.wrap(new byte[] {1})).join();
        TestKeys rotated = new TestKeys("2027-05", "2026-11");
        try (EncryptedStore after = EncryptedStore.over(plain, rotated);
                EncryptedStore lost = EncryptedStore.over(plain, new TestKeys("2027-05"))) {
            after.put("sets/new", ByteBuffer.wrap(new byte[] {2})).join();

            assertThat(read(after, "sets/old", 0, 1)).containsExactly(1);
            assertThat(read(after, "sets/new", 0, 1)).containsExactly(2);
            assertThat(read(lost, "sets/new", 0, 1)).containsExactly(2);
            assertThatThrownBy(() -> read(lost, "sets/old", 0, 1))
                    .hasCauseInstanceOf(UnknownKeyException.class)
                    .hasMessageContainingAll("sets/old", "'2026-11'", "put it back");
            assertThatThrownBy(() -> read(store, "sets/new", 0, 1))
                    .hasCauseInstanceOf(UnknownKeyException.class)
                    .hasMessageContainingAll("sets/new", "'2027-05'");
        }
    }

    @Test
    void unwrapsNothingUnderAKeyThatIsNotAllowed() {
        store.put("sets/old", ByteBuffer.wrap(new byte[] {1})).join();
        TestKeys rotated = new TestKeys("2027-05", "2026-11");
        try (EncryptedStore all = EncryptedStore.over(plain, rotated);
                EncryptedStore one = all.allowing(KeyId.of("2027-05"));
                EncryptedStore both = all.allowing(KeyId.of("2027-05"), KeyId.of("2026-11"))) {
            assertThatThrownBy(() -> read(one, "sets/old", 0, 1))
                    .hasCauseInstanceOf(KeyNotAllowedException.class)
                    .hasMessageContainingAll("sets/old", "'2026-11'", "[2027-05]", "allow it if");
            assertThat(rotated.unwraps).hasValue(0);
            assertThat(read(both, "sets/old", 0, 1)).containsExactly(1);
            assertThatThrownBy(() -> all.allowing(KeyId.of("2026-11")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2027-05");
            assertThatThrownBy(all::allowing).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void unwrapsOnceForManyReads() {
        store.put(NAME, ByteBuffer.wrap(randomBytes(1_000_000))).join();
        CompletableFuture<?>[] reads = IntStream.range(0, 100)
                .mapToObj(i -> store.read(NAME, i * 10_000L, ByteBuffer.allocate(10_000)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(reads).join();
        assertThatThrownBy(() -> read(store, NAME, 1_000_000, 1)).hasCauseInstanceOf(NoSuchObjectException.class);

        assertThat(keys.unwraps).hasValue(1);
    }

    @Test
    void keepsTheKeysOfAFewObjectsAndOverwritesAllInTheEnd() {
        int objects = OpenObjects.MOST + 10;
        for (int i = 0; i < objects; i++) {
            store.put("sets/" + i, ByteBuffer.wrap(new byte[] {1, (byte) i})).join();
        }
        assertThat(keys.given).hasSize(objects).allMatch(DataKey::isDestroyed);
        for (int i = 0; i < objects; i++) {
            assertThat(read(store, "sets/" + i, 0, 2)).containsExactly(1, (byte) i);
        }
        assertThat(keys.given.stream().filter(key -> !key.isDestroyed())).hasSize(OpenObjects.MOST);
        read(store, "sets/" + (objects - 1), 1, 1);
        assertThat(keys.unwraps).hasValue(objects);
        read(store, "sets/0", 1, 1);
        assertThat(keys.unwraps).hasValue(objects + 1);

        store.close();

        assertThat(keys.given).allMatch(DataKey::isDestroyed);
        assertThatThrownBy(() -> read(store, "sets/0", 0, 1))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
        assertThatThrownBy(() -> store.put("sets/0", ByteBuffer.allocate(1)).join())
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsWhatAnotherWriterHasPutInPlace() {
        try (EncryptedStore other = EncryptedStore.over(FileStore.at(directory), keys)) {
            for (int size : List.of(10, 10, 100_000, 3)) {
                byte[] content = randomBytes(size);
                other.put(NAME, ByteBuffer.wrap(content)).join();

                // From the second byte on: a read of the first one opens an object anew.
                assertThat(read(store, NAME, 1, size - 1)).isEqualTo(Arrays.copyOfRange(content, 1, size));
            }
        }
    }

    @Test
    void saysThatKeysCannotBeHadForNow() {
        store.put(NAME, ByteBuffer.wrap(new byte[] {5})).join();
        for (RuntimeException passing :
                List.of(new RetryableException("throttled"), new DeadlineExceededException("gave up"))) {
            keys.failure = passing;

            assertThatThrownBy(() -> read(store, NAME, 0, 1))
                    .hasCauseInstanceOf(RetryableException.class)
                    .hasMessageContainingAll(NAME, passing.getMessage());
            assertThatThrownBy(() -> store.put(NAME, ByteBuffer.allocate(1)).join())
                    .hasCauseInstanceOf(RetryableException.class);
            try (ObjectStore.Upload upload = store.upload(NAME)) {
                assertThatThrownBy(() -> upload.write(ByteBuffer.allocate(1)).join())
                        .hasCauseInstanceOf(RetryableException.class);
                assertThatThrownBy(() -> upload.complete().join()).hasCauseInstanceOf(RetryableException.class);
            }
        }
        keys.failure = null;

        assertThat(read(store, NAME, 0, 1)).containsExactly(5);
    }

    @Test
    void showsNoKey() throws Exception {
        store.put(NAME, ByteBuffer.wrap(new byte[100])).join();
        List<String> shown = new ArrayList<>(List.of(store.toString(), keys.given.toString()));
        Path file = directory.resolve(NAME);
        byte[] good = Files.readAllBytes(file);
        for (int at : List.of(5, 300, 1023, 1030)) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertThatThrownBy(() -> read(store, NAME, 0, 100)).satisfies(failure -> {
                for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                    shown.add(cause.toString());
                }
            });
        }

        assertThat(String.join("\n", shown)).contains("2026-11").doesNotContain(keys.encodedKeys());
    }
}
