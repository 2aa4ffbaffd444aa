package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new encrypted store for every call, as if each came from another process. */
class EncryptedS3StoreTest extends ObjectStoreContract {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static EmbeddedObjectStore s3;
    private static String bucket;

    private final List<EncryptedStore> opened = new ArrayList<>();
    private String prefix;

    @BeforeAll
    static void start() {
        s3 = EmbeddedObjectStore.start();
        bucket = s3.bucket();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void freshPrefix() {
        prefix = "encrypted-" + TESTS.incrementAndGet();
    }

    @AfterEach
    void close() {
        s3.faults().clear();
        opened.forEach(EncryptedStore::close);
    }

    @Override
    protected ObjectStore store() {
        S3Store below = S3Store.bucket(s3.asyncClient(), bucket).prefix(prefix);
        EncryptedStore encrypted = EncryptedStore.over(below, TestKeys.ring("2026-11"));
        synchronized (opened) {
            opened.add(encrypted);
        }
        return new Below(encrypted, "sets/");
    }

    @Test
    void knowsItsOwnWriteWhoseAnswerWasLost() {
        ObjectStore store = store();
        s3.faults().loseNextAnswers(1);

        assertThat(store.putIfAbsent("lost", ByteBuffer.wrap(new byte[] {1, 2})).join())
                .isTrue();
    }

    @Test
    void triesAgainWhenTheStoreIsBusy() {
        ObjectStore store = store();
        s3.faults().refuseNext(3);
        store.put("busy", ByteBuffer.wrap(new byte[] {1, 2})).join();
        s3.faults().refuseNext(3);
        store.read("busy", 0, ByteBuffer.allocate(2)).join();

        assertThat(s3.faults().count()).isGreaterThanOrEqualTo(6);
    }
}
