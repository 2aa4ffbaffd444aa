package io.eventbroker.backup.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex.Reason;
import io.eventbroker.backup.internal.archive.SegmentWriter;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a slice keeps is the same whether it is counted, read, or read from any batch on; and so is what records there are. */
class SliceTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long START = 3;
    private static final int BATCHES = 70;
    private static final int SEGMENT = 18;
    private static final Duration SHORT = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    /** A partition whose first batch is cut by its start; with holes, markers, and timestamps out of order. */
    private final class Log {
        final Random random;
        /** Timestamps by offset. */
        final TreeMap<Long, Long> records = new TreeMap<>();

        final ObjectStore store = FileStore.at(folder);
        final List<Manifest.Segment> segments = new ArrayList<>();
        final long end;

        Log(int seed) {
            random = new Random(seed);
            BufferPool parts = new BufferPool(2, 1 << 20);
            SegmentWriter writer = new SegmentWriter(store, parts, SHORT, "set", PARTITION, START);
            long next = 0;
            for (int i = 0; i < BATCHES; i++) {
                if (i > 0 && i % SEGMENT == 0) {
                    segments.add(writer.seal().join().segment());
                    writer = new SegmentWriter(store, parts, SHORT, "set", PARTITION, next);
                }
                next = batch(writer, next, i);
                if (random.nextInt(4) == 0) {
                    writer.index().dropped(random.nextBoolean() ? Reason.CONTROL : Reason.ABORTED, next, next);
                    next++;
                }
            }
            segments.add(writer.seal().join().segment());
            end = next;
        }

        private long batch(SegmentWriter writer, long base, int number) {
            boolean appendTime = random.nextInt(5) == 0;
            TreeMap<Integer, Long> batch = new TreeMap<>();
            int offsets = 4 + random.nextInt(10);
            for (int delta = 0; delta < offsets; delta++) {
                if (delta == 0 || random.nextInt(6) > 0) {
                    batch.put(delta, 1_000L * number + random.nextInt(3_000));
                }
            }
            long max = batch.values().stream().mapToLong(t -> t).max().orElseThrow();
            ByteBuffer encoded =
                    TestBatches.records(base, offsets - 1, batch, appendTime, 1_000 + random.nextInt(4_000));
            writer.append(encoded, 0, encoded.capacity());
            long restored = 0;
            for (int delta : batch.keySet()) {
                if (base + delta >= START) {
                    records.put(base + delta, appendTime ? max : batch.get(delta));
                    restored++;
                }
            }
            writer.index()
                    .batch(
                            base,
                            base + offsets - 1,
                            encoded.capacity(),
                            restored,
                            BatchRewriter.isNeeded(encoded, 0, Math.max(base, START)),
                            max);
            return base + offsets;
        }

        Manifest.Partition partition() {
            return new Manifest.Partition("t", "id", 0, START, end, true, 0, 0, -1, segments);
        }

        Slice slice() {
            long from = random.nextBoolean() ? START : random.nextLong(end);
            long to = random.nextBoolean() ? end : from + random.nextLong(end);
            long until = random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextLong(BATCHES * 1_000L + 4_000);
            return new Slice(from, to, until);
        }

        List<Long> kept(Slice slice) {
            return records.keySet().stream()
                    .filter(offset -> slice.keeps(offset, records.get(offset)))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void countsAndReadsTheSameFromEveryBatchOn(int seed) {
        // Given
        Log log = new Log(seed);
        assertThat(log.segments).hasSizeGreaterThan(3);
        assertThat(SealedSegments.index(log.store, PARTITION, log.segments.get(0))
                        .join()
                        .entries())
                .hasSizeGreaterThan(3);
        List<Long> positions =
                LongStream.rangeClosed(0, log.records.size()).boxed().toList();
        for (int i = 0; i < 12; i++) {
            Slice slice = log.slice();
            List<Long> expected = log.kept(slice);

            // When
            SliceCount count = SliceCount.of(log.store, log.partition(), slice, positions);

            // Then
            assertThat(count.records()).as("%s", slice).isEqualTo(expected.size());
            assertThat(count.leftOut()).isEqualTo(log.records.size() - expected.size());
            List<Long> offsets = List.copyOf(log.records.keySet());
            for (long position : positions) {
                long before = expected.stream()
                        .filter(offset -> position == offsets.size() || offset < offsets.get((int) position))
                        .count();
                assertThat(count.keptBefore(position))
                        .as("%s before %s", slice, position)
                        .isEqualTo(before);
            }
            assertReadsFromEveryBatch(log, slice, expected);
        }
    }

    private static void assertReadsFromEveryBatch(Log log, Slice slice, List<Long> expected) {
        BufferPool pool = new BufferPool(2, PartitionReader.CHUNK + (1 << 20));
        PartitionReader reader = new PartitionReader(log.store, log.partition(), slice, expected.size(), pool);
        List<Long> starts = new ArrayList<>();
        starts.add(0L);
        for (int i = 0; i < starts.size(); i++) {
            long start = starts.get(i);
            reader.startAt(start);
            List<Long> read = new ArrayList<>();
            for (PartitionReader.Batch batch = reader.next(); batch != null; batch = reader.next()) {
                if (batch.records() == 0) {
                    continue;
                }
                assertThat(batch.recordsBefore()).isEqualTo(start + read.size());
                if (i == 0 && batch.recordsBefore() > 0) {
                    starts.add(batch.recordsBefore());
                }
                values(batch, slice, read);
            }
            assertThat(read)
                    .as("%s from record %s on", slice, start)
                    .isEqualTo(expected.subList((int) start, expected.size()));
        }
        reader.startAt(expected.size() + 1L);
        assertThatThrownBy(reader::next).isInstanceOf(ArchiveException.class);
        reader.close();
    }

    private static void values(PartitionReader.Batch batch, Slice slice, List<Long> into) {
        ByteBuffer buffer = batch.buffer();
        int at = batch.at();
        if (batch.cut() || BatchRewriter.isNeeded(buffer, at, batch.from())) {
            buffer = BatchRewriter.rewrite(buffer, at, batch.from(), slice);
            at = 0;
        }
        assertThat(BatchHeader.recordCount(buffer, at)).isEqualTo((int) batch.records());
        assertThat(BatchHeader.isDense(buffer, at)).isTrue();
        try (RecordCursor cursor = new RecordCursor(buffer, at)) {
            while (cursor.next()) {
                into.add(ByteBuffer.wrap(cursor.toRecord(PARTITION).value()).getLong());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22, 23})
    void findsEveryRecordByOffsetAndByTime(int seed) {
        // Given
        Log log = new Log(seed);
        RecordReader reader = new RecordReader(log.store, log.partition());

        // When, Then
        for (long offset = 0; offset <= log.end + 1; offset++) {
            assertThat(reader.at(offset).map(ConsumerRecord::offset).orElse(-1L))
                    .isEqualTo(log.records.containsKey(offset) ? offset : -1);
            long from = offset;
            assertThat(reader.from(offset)
                            .findFirst()
                            .map(ConsumerRecord::offset)
                            .orElse(-1L))
                    .isEqualTo(log.records.keySet().stream()
                            .filter(o -> o >= from)
                            .findFirst()
                            .orElse(-1L));
        }
        for (long time = -1; time < BATCHES * 1_000L + 4_000; time += 97) {
            long from = time;
            assertThat(reader.since(time).map(ConsumerRecord::offset).orElse(-1L))
                    .isEqualTo(log.records.keySet().stream()
                            .filter(o -> log.records.get(o) >= from)
                            .findFirst()
                            .orElse(-1L));
        }
    }
}
