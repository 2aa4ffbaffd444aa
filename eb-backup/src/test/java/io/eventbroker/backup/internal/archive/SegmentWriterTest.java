package io.eventbroker.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.ForwardingStore;
import io.eventbroker.backup.internal.archive.BufferPool.Lease;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the store does, each buffer goes back to the pool exactly once, and not before the store is done with it. */
class SegmentWriterTest {
    private static final int PART = 1_000;
    private static final int BUFFERS = 3;
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private final BufferPool pool = new BufferPool(BUFFERS, PART);

    private SegmentWriter writer(ForwardingStore store) {
        return new SegmentWriter(store, pool, SHORT, "set", new TopicPartition("t", 0), 0);
    }

    private void assertWhole() {
        List<Lease> leases = new ArrayList<>();
        Set<ByteBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < BUFFERS; i++) {
            leases.add(pool.take(SHORT));
            buffers.add(leases.get(i).buffer());
        }
        assertThat(buffers).hasSize(BUFFERS);
        assertThatThrownBy(() -> pool.take(SHORT)).isInstanceOf(RetryableException.class);
        leases.forEach(Lease::close);
    }

    /** Fails the first part for good. */
    private static final class FailingParts extends ForwardingStore {
        int closed;

        FailingParts(Path directory) {
            super(FileStore.at(directory));
        }

        @Override
        protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
            return CompletableFuture.failedFuture(new EventBrokerException("no"));
        }

        @Override
        protected void closed(String name) {
            closed++;
        }
    }

    @Test
    void givesABufferBackOnceAfterAnEarlierPartFailed() {
        // Given
        FailingParts store = new FailingParts(directory);
        SegmentWriter writer = writer(store);
        writer.append(ByteBuffer.allocate(PART), 0, PART);

        // When
        assertThatThrownBy(() -> writer.append(ByteBuffer.allocate(PART), 0, PART))
                .hasRootCauseMessage("no");
        writer.abandon().join();
        writer.abandon().join();

        // Then
        assertWhole();
        assertThat(store.closed).isPositive();
    }

    @Test
    void givesABufferBackOnceWhenNoUploadCanBegin() {
        // Given
        SegmentWriter writer = writer(new ForwardingStore(FileStore.at(directory)) {
            @Override
            public Upload upload(String name) {
                throw new EventBrokerException("disk full");
            }
        });

        // When
        assertThatThrownBy(() -> writer.append(ByteBuffer.allocate(PART), 0, PART))
                .hasMessage("disk full");
        writer.abandon().join();

        // Then
        assertWhole();
    }

    @Test
    void closesTheUploadOfASegmentThatCannotBeSealed() {
        // Given
        FailingParts store = new FailingParts(directory);
        SegmentWriter writer = writer(store);
        writer.append(ByteBuffer.allocate(PART + 1), 0, PART + 1);

        // When
        CompletableFuture<SealedSegment> sealed = writer.seal();

        // Then
        assertThatThrownBy(sealed::join).hasRootCauseMessage("no");
        assertThat(store.closed).isPositive();
        assertWhole();
    }

    @Test
    void keepsABufferThatTheStoreStillReads() {
        // Given
        CompletableFuture<Void> slow = new CompletableFuture<>();
        SegmentWriter writer = writer(new ForwardingStore(FileStore.at(directory)) {
            @Override
            protected CompletableFuture<Void> writePart(String name, ByteBuffer part, Upload upload) {
                return slow;
            }
        });
        writer.append(ByteBuffer.allocate(PART), 0, PART);

        // When
        CompletableFuture<Void> abandoned = writer.abandon();

        // Then
        assertThat(abandoned).isNotDone();
        List<Lease> rest = List.of(pool.take(SHORT), pool.take(SHORT));
        assertThatThrownBy(() -> pool.take(SHORT)).isInstanceOf(RetryableException.class);
        rest.forEach(Lease::close);
        slow.complete(null);
        assertThat(abandoned).isDone();
        assertWhole();
    }

    @Test
    void doesNotCountABufferForWhichThereWasNoMemory() {
        // Given
        BufferPool impossible = new BufferPool(1, -1);

        // When
        for (int i = 0; i < 3; i++) {
            // Then
            assertThatThrownBy(() -> impossible.take(SHORT)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isNotToBeTriedAgainWhenInterrupted() {
        // Given
        Thread.currentThread().interrupt();

        // When
        assertThatThrownBy(() -> pool.take(SHORT))
                .isInstanceOf(EventBrokerException.class)
                .isNotInstanceOf(RetryableException.class);

        // Then
        assertThat(Thread.interrupted()).isTrue();
    }
}
