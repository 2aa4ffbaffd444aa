package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.SegmentIndex.Reason;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.FetchCall.AbortedTransaction;
import io.eventbroker.backup.internal.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the bytes that a fetch has brought for a partition goes into the archive: committed records, as batches that
 * are left as they are. Control batches, batches of aborted transactions and batches without records are dropped. Pure;
 * reads headers and checksums only.
 */
final class BatchSelection {
    /**
     * Batches that lie side by side and share a fate.
     *
     * @param dropped why they are not kept; null if they are
     * @param from in the bytes
     * @param to in the bytes, exclusive
     * @param first offset
     * @param last offset
     */
    record Run(@Nullable Reason dropped, int from, int to, long first, long last) {}

    private final ByteBuffer records;
    private final long position;
    private int length;
    private long next;
    private int epoch = -1;
    private long damagedAt = -1;

    private BatchSelection(ByteBuffer records, long position) {
        this.records = records;
        this.position = position;
        this.next = position;
    }

    /**
     * Looks how far the bytes reach. They may end inside a batch.
     *
     * @param position the first offset that is wanted; Kafka starts at the batch that holds it
     * @param end the first offset that is not wanted any more; the batch that holds it is taken whole
     * @throws WireFormatException if this is not a sequence of batches of magic 2 with growing offsets
     */
    static BatchSelection measure(ByteBuffer records, long position, long end) {
        BatchSelection selection = new BatchSelection(records, position);
        selection.measure(end);
        return selection;
    }

    private void measure(long end) {
        while (records.limit() - length >= BatchHeader.SIZE && next < end) {
            int magic = BatchHeader.magic(records, length);
            if (magic != BatchHeader.MAGIC) {
                throw new WireFormatException(
                        "a batch of magic " + magic + " at offset " + BatchHeader.baseOffset(records, length)
                                + "; only magic 2 (Kafka 0.11 and newer) can be backed up");
            }
            int size = BatchHeader.sizeInBytes(records, length);
            if (size < BatchHeader.SIZE) {
                throw new WireFormatException(
                        "a batch of " + size + " bytes at offset " + BatchHeader.baseOffset(records, length));
            }
            if (size > records.limit() - length) {
                return;
            }
            long behind = BatchHeader.lastOffset(records, length) + 1;
            if (behind <= next && length > 0) {
                throw new WireFormatException("offset " + (behind - 1) + " behind offset " + (next - 1));
            }
            if (behind > next) {
                next = behind;
                epoch = BatchHeader.leaderEpoch(records, length);
            }
            length += size;
        }
    }

    /** Bytes of whole batches that are wanted; 0 if there is none. */
    int length() {
        return length;
    }

    /** The offset behind them, where to go on reading. */
    long next() {
        return next;
    }

    /** The first offset that is wanted. */
    long position() {
        return position;
    }

    /** Epoch of the leader that wrote the last of them; −1 if unknown. */
    int epoch() {
        return epoch;
    }

    /** The base offset of the batch whose checksum does not match, at which {@link #runs} has stopped; −1 for none. */
    long damagedAt() {
        return damagedAt;
    }

    /**
     * Sorts the batches. With the same bytes the runs are in order of offsets and reach from the position to {@link
     * #next}, but for offsets that no batch has.
     *
     * @param transactions those that the broker says were aborted
     */
    List<Run> runs(List<AbortedTransaction> transactions) {
        List<AbortedTransaction> aborted = transactions.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
        int nextAborted = 0;
        Set<Long> aborting = new HashSet<>();
        List<Run> runs = new ArrayList<>();
        for (int at = 0; at < length; at += BatchHeader.sizeInBytes(records, at)) {
            if (!BatchHeader.crcMatches(records, at)) {
                damagedAt = BatchHeader.baseOffset(records, at);
                break;
            }
            long last = BatchHeader.lastOffset(records, at);
            while (nextAborted < aborted.size() && aborted.get(nextAborted).firstOffset() <= last) {
                aborting.add(aborted.get(nextAborted++).producerId());
            }
            if (last >= position) {
                add(runs, reason(at, aborting), at, last);
            }
        }
        return runs;
    }

    private @Nullable Reason reason(int at, Set<Long> aborting) {
        if (BatchHeader.isControl(records, at)) {
            if (BatchHeader.isAbortMarker(records, at)) {
                aborting.remove(BatchHeader.producerId(records, at));
            }
            return Reason.CONTROL;
        }
        if (BatchHeader.isTransactional(records, at) && aborting.contains(BatchHeader.producerId(records, at))) {
            return Reason.ABORTED;
        }
        return BatchHeader.recordCount(records, at) == 0 ? Reason.ABSENT : null;
    }

    private void add(List<Run> runs, @Nullable Reason reason, int at, long last) {
        long first = Math.max(position, BatchHeader.baseOffset(records, at));
        int to = at + BatchHeader.sizeInBytes(records, at);
        Run before = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        // A hole between dropped batches has a reason of its own; between kept ones their headers show it.
        if (before != null && before.dropped() == reason && (reason == null || before.last() + 1 == first)) {
            runs.set(runs.size() - 1, new Run(reason, before.from(), to, before.first(), last));
        } else {
            runs.add(new Run(reason, at, to, first, last));
        }
    }
}
