package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.ObjectStore.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store must do. Extend it to test another one. */
public abstract class ObjectStoreContract {
    /** A store that is empty. */
    protected abstract ObjectStore store();

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read(String name, int length) {
        ByteBuffer into = ByteBuffer.allocate(length);
        store().read(name, 0, into).join();
        return new String(into.array(), StandardCharsets.UTF_8);
    }

    @Test
    void readsBackWhatWasPut() {
        store().put("a/b", text("one")).join();
        store().put("a/b", text("two")).join();
        store().put("a/empty", text("")).join();

        assertThat(read("a/b", 3)).isEqualTo("two");
        assertThat(store().list("a/").join())
                .containsExactly(new StoredObject("a/b", 3), new StoredObject("a/empty", 0));
    }

    @Test
    void leavesTheBufferAsItIs() {
        ByteBuffer content = text("xxcontentyy").position(2).limit(9);
        store().put("a", content).join();

        assertThat(content.position()).isEqualTo(2);
        assertThat(content.limit()).isEqualTo(9);
        assertThat(read("a", 7)).isEqualTo("content");
    }

    @Test
    void readsRanges() {
        store().put("range", text("0123456789")).join();
        ByteBuffer into = ByteBuffer.allocateDirect(8).position(2).limit(5);
        store().read("range", 4, into).join();

        assertThat(new byte[] {into.get(2), into.get(3), into.get(4)}).isEqualTo(new byte[] {'4', '5', '6'});
    }

    @Test
    void saysWhatIsNotThere() {
        store().put("short", text("short")).join();

        for (String name : List.of("missing", "short")) {
            assertThatThrownBy(
                            () -> store().read(name, 3, ByteBuffer.allocate(10)).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(NoSuchObjectException.class);
        }
    }

    @Test
    void tellsSizes() {
        store().put("sized", text("12345")).join();
        store().put("sized.too", text("")).join();

        assertThat(store().size("sized").join()).isEqualTo(5);
        assertThat(store().size("sized.too").join()).isZero();
        assertThatThrownBy(() -> store().size("size").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void putsIfAbsentOnce() {
        assertThat(store().putIfAbsent("once", text("first")).join()).isTrue();
        assertThat(store().putIfAbsent("once", text("other")).join()).isFalse();
        assertThat(store().putIfAbsent("once", text("first")).join()).isTrue();
        assertThat(read("once", 5)).isEqualTo("first");
    }

    @Test
    void letsOneOfManyWritersWin() {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Boolean>> attempts = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> store().putIfAbsent("race", text("writer " + i))
                                    .join(),
                            executor))
                    .toList();

            assertThat(attempts.stream().filter(CompletableFuture::join)).hasSize(1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void uploadsInParts() {
        byte[] content = new byte[13 << 20];
        new Random(1).nextBytes(content);
        try (ObjectStore.Upload upload = store().upload("big/object")) {
            CompletableFuture<?> first = upload.write(ByteBuffer.wrap(content, 0, 6 << 20));
            CompletableFuture<?> second = upload.write(ByteBuffer.wrap(content, 6 << 20, 6 << 20));
            CompletableFuture<?> third = upload.write(ByteBuffer.wrap(content, 12 << 20, 1 << 20));
            CompletableFuture.allOf(first, second, third).join();
            assertThat(store().list("big/").join()).isEmpty();
            upload.complete().join();
        }
        ByteBuffer read = ByteBuffer.allocate(content.length);
        store().read("big/object", 0, read).join();

        assertThat(read.array()).isEqualTo(content);
        assertThat(store().list("big/").join()).containsExactly(new StoredObject("big/object", content.length));
    }

    @Test
    void forgetsWhatWasNotCompleted() {
        try (ObjectStore.Upload upload = store().upload("left/over")) {
            upload.write(ByteBuffer.allocate(6 << 20)).join();
        }
        store().discardUnfinished("left/").join();

        assertThat(store().list("left/").join()).isEmpty();
    }

    @Test
    void listsByPrefixInOrder() {
        for (String name : List.of("p/c", "p/a", "q/a", "p/b/x")) {
            store().put(name, text(name)).join();
        }

        assertThat(store().list("p/").join()).extracting(StoredObject::name).containsExactly("p/a", "p/b/x", "p/c");
        assertThat(store().list("nothing/").join()).isEmpty();
    }

    @Test
    void deletes() {
        store().put("gone", text("x")).join();
        store().delete("gone").join();
        store().delete("gone").join();

        assertThat(store().list("gone").join()).isEmpty();
    }
}
