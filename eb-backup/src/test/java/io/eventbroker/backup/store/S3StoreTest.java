package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3StoreTest extends ObjectStoreContract {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static String bucket;
    private static EmbeddedObjectStore s3;
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
        prefix = "test-" + TESTS.incrementAndGet();
    }

    @AfterEach
    void noFaults() {
        s3.faults().clear();
    }

    @Override
    protected ObjectStore store() {
        return S3Store.bucket(s3.asyncClient(), bucket).prefix(prefix);
    }

    @Test
    void triesAgainWhenTheStoreIsBusy() {
        s3.faults().refuseNext(3);
        store().put("busy", ByteBuffer.wrap(new byte[] {1, 2})).join();

        assertThat(store().list("busy").join()).hasSize(1);
    }

    @Test
    void knowsItsOwnWriteWhoseAnswerWasLost() {
        s3.faults().loseNextAnswers(1);

        assertThat(store().putIfAbsent("lost", ByteBuffer.wrap(new byte[] {1, 2}))
                        .join())
                .isTrue();
    }
}
