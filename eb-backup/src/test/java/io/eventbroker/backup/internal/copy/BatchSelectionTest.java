package io.eventbroker.backup.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.internal.archive.SegmentIndex.Reason;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.FetchCall.AbortedTransaction;
import io.eventbroker.backup.internal.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a log with transactions, holes and emptied batches, whatever window of it a fetch brings. */
class BatchSelectionTest {
    private static final int PRODUCERS = 3;

    /** A log with, for every offset, what a reader of committed records should find there. */
    static final class Log {
        final List<ByteBuffer> batches = new ArrayList<>();
        /** Null for a record that is kept; offsets that no batch has are missing. */
        final Map<Long, Reason> expected = new TreeMap<>();

        final List<AbortedTransaction> aborted = new ArrayList<>();
        long end;

        Log(Random random) {
            Map<Long, Long> open = new HashMap<>();
            Map<Long, Boolean> commits = new HashMap<>();
            end = random.nextInt(100);
            for (int i = 0; i < 60; i++) {
                long producer = random.nextInt(PRODUCERS);
                int records = 1 + random.nextInt(4);
                switch (random.nextInt(6)) {
                    case 0 -> add(TestBatches.data(end, records, 61 + random.nextInt(50), 0), records, null);
                    case 1 -> add(TestBatches.empty(end, records), records, Reason.ABSENT);
                    case 2 -> end += random.nextInt(3); // A hole that compaction has left.
                    case 3, 4 -> {
                        if (!open.containsKey(producer)) {
                            open.put(producer, end);
                            commits.put(producer, random.nextBoolean());
                        }
                        add(
                                TestBatches.transactional(end, records, 61 + random.nextInt(50), producer),
                                records,
                                commits.getOrDefault(producer, true) ? null : Reason.ABORTED);
                    }
                    default -> close(open, commits, producer);
                }
            }
            // A fetch stops at the last stable offset, behind which nothing is open.
            for (long producer = 0; producer < PRODUCERS; producer++) {
                close(open, commits, producer);
            }
        }

        private void close(Map<Long, Long> open, Map<Long, Boolean> commits, long producer) {
            Long first = open.remove(producer);
            if (first != null) {
                boolean commit = commits.getOrDefault(producer, true);
                if (!commit) {
                    aborted.add(new AbortedTransaction(producer, first));
                }
                add(TestBatches.marker(end, producer, commit), 1, Reason.CONTROL);
            }
        }

        private void add(ByteBuffer batch, int offsets, Reason reason) {
            batches.add(batch);
            for (int i = 0; i < offsets; i++) {
                expected.put(end++, reason);
            }
        }
    }

    private static ByteBuffer join(List<ByteBuffer> batches) {
        ByteBuffer all = ByteBuffer.allocate(
                batches.stream().mapToInt(ByteBuffer::capacity).sum());
        batches.forEach(batch -> all.put(batch.duplicate().clear()));
        return all.flip();
    }

    /** Transactions whose abort concerns the window: as a broker does, by their last offset. */
    private static List<AbortedTransaction> abortedIn(Log log, long position) {
        List<AbortedTransaction> found = new ArrayList<>();
        for (AbortedTransaction transaction : log.aborted) {
            for (ByteBuffer batch : log.batches) {
                if (BatchHeader.isControl(batch, 0)
                        && BatchHeader.producerId(batch, 0) == transaction.producerId()
                        && BatchHeader.baseOffset(batch, 0) > transaction.firstOffset()) {
                    if (BatchHeader.baseOffset(batch, 0) >= position) {
                        found.add(transaction);
                    }
                    break;
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsCommittedRecordsOnly(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            // Given
            Log log = new Log(random);
            int firstBatch = random.nextInt(log.batches.size());
            ByteBuffer first = log.batches.get(firstBatch);
            long position =
                    BatchHeader.baseOffset(first, 0) + random.nextInt(BatchHeader.lastOffsetDelta(first, 0) + 1);
            long end = position + 1 + random.nextInt((int) (log.end - position));
            ByteBuffer bytes = join(log.batches.subList(firstBatch, log.batches.size()));
            bytes.limit(bytes.limit() - random.nextInt(200) % Math.max(1, bytes.limit() - first.capacity()));

            // When
            BatchSelection selection = BatchSelection.measure(bytes, position, end);
            List<BatchSelection.Run> runs = selection.runs(abortedIn(log, position));

            // Then
            Map<Long, Reason> found = new TreeMap<>();
            int at = -1;
            for (BatchSelection.Run run : runs) {
                assertThat(run.from()).isGreaterThanOrEqualTo(at);
                at = run.to();
                for (int b = run.from(); b < run.to(); b += BatchHeader.sizeInBytes(bytes, b)) {
                    long from = Math.max(position, BatchHeader.baseOffset(bytes, b));
                    for (long offset = from; offset <= BatchHeader.lastOffset(bytes, b); offset++) {
                        found.put(offset, run.dropped());
                    }
                }
                if (run.dropped() != null) {
                    // The range that is noted is exactly what its batches cover.
                    for (long offset = run.first(); offset <= run.last(); offset++) {
                        assertThat(found).containsKey(offset);
                    }
                }
            }
            Map<Long, Reason> expected = new TreeMap<>(log.expected);
            expected.keySet().removeIf(o -> o < position || o >= selection.next());
            assertThat(found).isEqualTo(expected);
            assertThat(selection.damagedAt()).isEqualTo(-1);
            assertThat(selection.next()).isGreaterThan(position);
        }
    }

    @Test
    void stopsAtADamagedBatch() {
        // Given
        ByteBuffer bytes = join(
                List.of(TestBatches.data(5, 2, 80, 0), TestBatches.data(7, 1, 90, 0), TestBatches.data(8, 1, 90, 0)));
        bytes.put(80 + 70, (byte) 1);

        // When
        BatchSelection selection = BatchSelection.measure(bytes, 5, 9);
        List<BatchSelection.Run> runs = selection.runs(List.of());

        // Then
        assertThat(runs).containsExactly(new BatchSelection.Run(null, 0, 80, 5, 6));
        assertThat(selection.damagedAt()).isEqualTo(7);
    }

    @Test
    void knowsTheEpochBeforeTheNextOffset() {
        // Given
        ByteBuffer bytes = join(List.of(TestBatches.data(5, 2, 80, 3), TestBatches.data(7, 1, 90, 4)));

        // When
        BatchSelection all = BatchSelection.measure(bytes, 5, 100);
        BatchSelection one = BatchSelection.measure(bytes, 5, 6);

        // Then
        assertThat(all.epoch()).isEqualTo(4);
        assertThat(all.next()).isEqualTo(8);
        assertThat(one.epoch()).isEqualTo(3);
        assertThat(one.next()).isEqualTo(7);
    }

    @Test
    void refusesOffsetsThatGoBack() {
        // Given
        ByteBuffer bytes = join(List.of(TestBatches.data(5, 2, 80, 0), TestBatches.data(4, 1, 90, 0)));

        // When
        assertThatThrownBy(() -> BatchSelection.measure(bytes, 5, 100))
                // Then
                .isInstanceOf(WireFormatException.class)
                .hasMessage("offset 4 behind offset 6");
    }
}
