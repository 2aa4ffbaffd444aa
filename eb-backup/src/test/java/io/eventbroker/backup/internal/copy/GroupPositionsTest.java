package io.eventbroker.backup.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.copy.BatchSelectionTest.Log;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a group stands is the same whether it was noted while copying or looked up in the archive. */
class GroupPositionsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsEveryPositionWhileCopyingAndAfterwards(long seed) {
        // Given a log with transactions, holes and emptied batches, and a group position at every offset and around
        Random random = new Random(seed);
        Log log = new Log(random);
        long start = log.expected.keySet().iterator().next();
        List<Long> offsets = LongStream.rangeClosed(start, log.end + 2).boxed().toList();
        ObjectStore store = FileStore.at(folder);
        PartitionCopy copy = new PartitionCopy(
                new CopyEngine.Job(PARTITION, Uuid.ONE_UUID, start, log.end, 0, offsets),
                new PartitionCopy.Destination(store, new BufferPool(4, 4096), "set", 400, Duration.ofSeconds(10)),
                List.of(),
                1024);

        // When
        ByteBuffer bytes = ByteBuffer.allocate(
                log.batches.stream().mapToInt(ByteBuffer::capacity).sum());
        log.batches.forEach(batch -> bytes.put(batch.duplicate().clear()));
        BatchSelection selection = BatchSelection.measure(bytes.flip(), start, log.end);
        copy.begin();
        copy.archive(bytes, selection, selection.runs(log.aborted));
        List<SealedSegment> noted =
                copy.sealed().stream().map(CompletableFuture::join).toList();
        List<SealedSegment> unnoted = noted.stream()
                .map(segment -> new SealedSegment(segment.segment(), segment.absent(), Map.of()))
                .toList();

        // Then
        List<Long> expected = offsets.stream()
                .map(offset -> log.expected.entrySet().stream()
                        .filter(e -> e.getKey() < offset && Objects.isNull(e.getValue()))
                        .count())
                .toList();
        assertThat(noted).hasSizeGreaterThan(2);
        assertThat(noted)
                .anySatisfy(segment -> assertThat(segment.recordsBefore()).isNotEmpty());
        assertThat(resolved(store, offsets, noted)).isEqualTo(expected);
        assertThat(resolved(store, offsets, unnoted)).isEqualTo(expected);
    }

    private static List<Long> resolved(ObjectStore store, List<Long> offsets, List<SealedSegment> segments) {
        List<Manifest.Position> positions = offsets.stream()
                .map(offset -> new Manifest.Position(PARTITION.topic(), PARTITION.partition(), offset, -1, ""))
                .toList();
        List<Manifest.Group> groups = GroupPositions.resolve(
                store, List.of(new Manifest.Group("g", "consumer", positions)), Map.of(PARTITION, segments));
        return groups.get(0).positions().stream()
                .map(Manifest.Position::recordsBefore)
                .toList();
    }
}
