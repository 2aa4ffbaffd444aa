package io.eventbroker.backup.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.ForwardingStore;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.archive.SegmentWriter;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PartitionReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int BATCHES = 60;
    private static final int BATCH = 100_000;
    private static final int LEASES = 3;

    @TempDir
    Path directory;

    private final BufferPool pool = new BufferPool(LEASES, PartitionReader.CHUNK + (1 << 20));
    private ObjectStore files;

    @BeforeEach
    void open() {
        files = FileStore.at(directory);
    }

    /** Batches of ten records each, in two segments. */
    private Manifest.Partition archive() {
        BufferPool parts = new BufferPool(2, 1 << 20);
        List<Manifest.Segment> segments = new ArrayList<>();
        SegmentWriter writer = null;
        for (int i = 0; i < BATCHES; i++) {
            if (i % (BATCHES / 2) == 0) {
                if (writer != null) {
                    segments.add(writer.seal().join().segment());
                }
                writer = new SegmentWriter(files, parts, SHORT, "set", PARTITION, i * 10L);
            }
            ByteBuffer batch = TestBatches.data(i * 10L, 10, BATCH + i, 0);
            writer.append(batch, 0, batch.capacity());
            SegmentIndex.Builder index = writer.index();
            index.batch(i * 10L, i * 10L + 9, batch.capacity(), 10, false, 2_000);
        }
        segments.add(writer.seal().join().segment());
        return new Manifest.Partition("t", "id", 0, 0, BATCHES * 10L, false, 0, 0, -1, segments);
    }

    private static void assertNext(PartitionReader reader, int number) {
        PartitionReader.Batch batch = reader.next();
        assertThat(batch.recordsBefore()).isEqualTo(number * 10L);
        assertThat(batch.size()).isEqualTo(BATCH + number);
    }

    @Test
    void startsAgainAnywhereAndGivesItsBuffersBack() {
        // Given
        PartitionReader reader = new PartitionReader(files, archive(), Slice.WHOLE, BATCHES * 10L, pool);

        // When
        for (int start : List.of(0, 17, 59, 20, 5)) {
            reader.startAt(start * 10L);
            for (int i = start; i < BATCHES; i++) {
                assertNext(reader, i);
            }
            assertThat(reader.next()).isNull();
        }
        reader.close();
        reader.close();

        // Then
        for (int i = 0; i < LEASES; i++) {
            assertThat(pool.take(SHORT)).isNotNull();
        }
        assertThatThrownBy(() -> pool.take(SHORT)).isInstanceOf(RetryableException.class);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void doesNotWaitForAStoreThatHangsToStartAgain() {
        // Given
        List<Runnable> held = new ArrayList<>();
        ObjectStore hanging = new ForwardingStore(files) {
            @Override
            public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
                if (!name.endsWith(".log") || offset == 0 || !held.isEmpty()) {
                    return super.read(name, offset, into);
                }
                CompletableFuture<Void> late = new CompletableFuture<>();
                held.add(() -> {
                    for (int i = into.position(); i < into.limit(); i++) {
                        into.put(i, (byte) 0x55);
                    }
                    late.complete(null);
                });
                return late;
            }
        };
        PartitionReader reader = new PartitionReader(hanging, archive(), Slice.WHOLE, BATCHES * 10L, pool);
        reader.startAt(0);
        assertNext(reader, 0);
        assertThat(held).hasSize(1);

        // When
        reader.startAt(0);
        for (int i = 0; i < 5; i++) {
            assertNext(reader, i);
        }
        held.get(0).run();

        // Then
        for (int i = 5; i < BATCHES; i++) {
            assertNext(reader, i);
        }
        assertThat(reader.next()).isNull();
    }
}
