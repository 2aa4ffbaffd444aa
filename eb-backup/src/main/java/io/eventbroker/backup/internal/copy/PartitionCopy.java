package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.archive.SegmentIndex.Reason;
import io.eventbroker.backup.internal.archive.SegmentWriter;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition on its way into the archive: how far it has come, and the segment that is being written. */
final class PartitionCopy extends MovingPartition {
    private static final Logger log = LoggerFactory.getLogger(PartitionCopy.class);

    /** Where segments go. */
    record Destination(ObjectStore store, BufferPool pool, String set, long segmentBytes, Duration storeWait) {}

    private final CopyEngine.Job job;
    private final Destination destination;
    private final List<CompletableFuture<SealedSegment>> sealed = new ArrayList<>();
    private @Nullable SegmentWriter writer;
    /** The first offset that is not in the archive yet. */
    private long position;
    /** Epoch of the leader that wrote the record before the position; −1 if unknown. */
    private int epoch = -1;
    /** The first offset that has not been asked for yet, and the epoch before it. */
    private long requested;

    private int requestedEpoch = -1;
    private long bytes;
    /** Set while bytes are on their way into the segment: if it still is afterwards, nobody knows how many got there. */
    private boolean writing;

    /** Of the job's positions, the first that has not been passed yet. */
    private int nextPosition;

    private boolean epochLookedUp;
    int fetchBytes;
    int crcFailures;

    PartitionCopy(CopyEngine.Job job, Destination destination, List<SealedSegment> alreadySealed, int fetchBytes) {
        super(job.partition(), job.topicId(), 0);
        this.job = job;
        this.destination = destination;
        this.fetchBytes = fetchBytes;
        this.position = job.start();
        for (SealedSegment segment : alreadySealed) {
            sealed.add(CompletableFuture.completedFuture(segment));
            position = segment.segment().next();
            bytes += segment.segment().bytes();
        }
        this.requested = position;
    }

    CopyEngine.Job job() {
        return job;
    }

    long position() {
        return position;
    }

    long requested() {
        return requested;
    }

    int requestedEpoch() {
        return requestedEpoch;
    }

    long bytes() {
        return bytes;
    }

    /** Of the leader that wrote the last archived offset; −1 if unknown. */
    int epoch() {
        return epoch;
    }

    boolean isComplete() {
        return position >= job.end();
    }

    List<CompletableFuture<SealedSegment>> sealed() {
        return sealed;
    }

    /** What was asked for and has not been archived is asked for again. */
    void restart() {
        requested = position;
        requestedEpoch = epoch;
    }

    /** So far the answers under way reach. */
    void requestedUpTo(BatchSelection selection) {
        requested = selection.next();
        requestedEpoch = selection.epoch();
    }

    /**
     * Gets ready to be read by a task.
     *
     * @throws IllegalStateException if an earlier task has left it halfway
     */
    void begin() {
        if (writing) {
            throw new IllegalStateException("partition " + partition() + " was left in the middle of a batch");
        }
        if (!epochLookedUp) {
            epochLookedUp = true;
            lookUpEpoch();
        }
        restart();
    }

    /**
     * A run that goes on behind sealed segments, its own or those of an earlier backup, learns from the last of their
     * batches which leader wrote it: one read of little more than the distance of two index entries. Only if that batch
     * ends the segment: of what was dropped behind it no epoch is known, and an older one would look like a truncated log.
     */
    private void lookUpEpoch() {
        Manifest.Segment last;
        if (!sealed.isEmpty()) {
            last = sealed.get(sealed.size() - 1).join().segment();
        } else {
            epoch = job.before().map(CopyEngine.Before::epoch).orElse(-1);
            last = job.before().flatMap(CopyEngine.Before::last).orElse(null);
        }
        if (epoch >= 0 || last == null || last.batches() == 0 || last.next() != position) {
            return;
        }
        String name = ArchiveNames.segment(partition(), last);
        try {
            List<SegmentIndex.Entry> entries = StoreCalls.await(
                            SealedSegments.index(destination.store(), partition(), last), name)
                    .entries();
            long from = entries.get(entries.size() - 1).position();
            ByteBuffer tail = ByteBuffer.allocate(Math.toIntExact(last.bytes() - from));
            StoreCalls.await(destination.store().read(name, from, tail), name);
            int at = 0;
            int batch = 0;
            while (tail.limit() - at >= BatchHeader.SIZE) {
                batch = at;
                at += PartitionReader.checked(name, tail, at, from + at);
            }
            if (BatchHeader.lastOffset(tail, batch) + 1 == position) {
                epoch = BatchHeader.leaderEpoch(tail, batch);
            }
        } catch (RuntimeException e) {
            log.debug("The epoch before offset {} of {} stays unknown", position, partition(), e);
        }
    }

    /** Writes selected batches to the segment, and seals it where the next would make it too large. */
    void archive(ByteBuffer records, BatchSelection selection, List<BatchSelection.Run> runs) {
        writing = true;
        for (BatchSelection.Run run : runs) {
            Reason dropped = run.dropped();
            if (dropped == null) {
                keep(records, run.from(), run.to());
            } else {
                SegmentWriter current = writer();
                passDropped(current, run.last());
                current.index().dropped(dropped, run.first(), run.last());
                position = run.last() + 1;
            }
        }
        if (position == selection.next()) {
            epoch = selection.epoch();
        } else if (!runs.isEmpty()) {
            epoch = -1; // Stopped at a damaged batch.
        }
        if (isComplete()) {
            seal();
        }
        writing = false;
    }

    private void keep(ByteBuffer records, int from, int to) {
        int start = from;
        int at = from;
        while (at < to) {
            int size = BatchHeader.sizeInBytes(records, at);
            long before = writer().index().bytes() + (at - start);
            if (before > 0 && before + size > destination.segmentBytes()) {
                write(records, start, at);
                start = at;
                seal();
            }
            at += size;
        }
        write(records, start, to);
    }

    /** The bytes first, then the index: it never speaks of what is not there. */
    private void write(ByteBuffer records, int from, int to) {
        SegmentWriter current = writer();
        current.append(records, from, to - from);
        SegmentIndex.Builder index = current.index();
        for (int at = from; at < to; at += BatchHeader.sizeInBytes(records, at)) {
            long last = BatchHeader.lastOffset(records, at);
            pass(current, records, at, last);
            index.batch(
                    BatchHeader.baseOffset(records, at),
                    last,
                    BatchHeader.sizeInBytes(records, at),
                    BatchRecords.restored(records, at, position),
                    BatchRewriter.isNeeded(records, at, position),
                    BatchHeader.maxTimestamp(records, at));
            position = last + 1;
        }
        bytes += to - from;
    }

    /** Notes how many records stand before the positions that a batch reaches; it is not in the index yet. */
    private void pass(SegmentWriter current, ByteBuffer records, int at, long last) {
        while (nextPosition < job.positions().size() && job.positions().get(nextPosition) <= last) {
            long offset = job.positions().get(nextPosition++);
            long before = BatchRecords.before(records, at, offset)
                    - BatchRecords.before(records, at, Math.min(offset, position));
            current.note(offset, current.index().records() + before);
        }
    }

    private void passDropped(SegmentWriter current, long last) {
        while (nextPosition < job.positions().size() && job.positions().get(nextPosition) <= last) {
            current.note(job.positions().get(nextPosition++), current.index().records());
        }
    }

    /** Notes offsets that were deleted before they could be read, and goes on behind them. */
    void skipLost(long until) {
        writing = true;
        SegmentWriter current = writer();
        passDropped(current, until - 1);
        current.index().dropped(Reason.LOST, position, until - 1);
        position = until;
        epoch = -1;
        restart();
        if (isComplete()) {
            seal();
        }
        writing = false;
    }

    private SegmentWriter writer() {
        SegmentWriter current = writer;
        if (current == null) {
            // What the store has refused for good makes the rest useless: better to know now than at the end.
            for (CompletableFuture<SealedSegment> earlier : sealed) {
                if (earlier.isCompletedExceptionally()) {
                    earlier.join();
                }
            }
            current = new SegmentWriter(
                    destination.store(),
                    destination.pool(),
                    destination.storeWait(),
                    destination.set(),
                    partition(),
                    position);
            writer = current;
        }
        return current;
    }

    private void seal() {
        SegmentWriter current = writer;
        writer = null;
        if (current != null) {
            sealed.add(current.seal());
        }
    }

    /** Gives up the segment that is being written; completes once the store is rid of it. */
    CompletableFuture<Void> abandon() {
        SegmentWriter current = writer;
        writer = null;
        return current == null ? CompletableFuture.completedFuture(null) : current.abandon();
    }
}
