package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** A partition on its way back to a broker: how much the target has acknowledged, and what comes next. */
final class PartitionRestore extends MovingPartition {
    private final RestoreEngine.Job job;
    private final PartitionReader reader;
    /** Whether it is known what the target holds. */
    private boolean positioned;
    /** Records that the target has acknowledged: also its end offset. */
    private long acknowledged;
    /** Whether the target has acknowledged anything since it was positioned, and so knows the producer. */
    private boolean confirmed;

    private PartitionReader.@Nullable Batch pending;
    private boolean exhausted;
    /** A batch was refused: those that follow will be too, and nothing more is sent. */
    private boolean broken;

    private int inFlight;
    private int sequenceErrors;

    PartitionRestore(RestoreEngine.Job job, int lane, ObjectStore store, BufferPool pool) {
        super(job.partition(), job.topicId(), lane);
        this.job = job;
        this.reader = new PartitionReader(store, job.source(), job.slice(), job.records(), pool);
    }

    RestoreEngine.Job job() {
        return job;
    }

    long total() {
        return job.records();
    }

    boolean isPositioned() {
        return positioned;
    }

    boolean isComplete() {
        return positioned && acknowledged == total();
    }

    boolean isBroken() {
        return broken;
    }

    int inFlight() {
        return inFlight;
    }

    /** Bytes of the archive before the batch that comes next. */
    long bytesBefore() {
        return reader.bytesBefore();
    }

    /** The target holds so many records: goes on behind them. */
    void position(long end) {
        if (end > total()) {
            throw new EventBrokerException("partition " + partition() + " holds " + end + " records, to restore are "
                    + total() + ": someone else writes to it; delete the topic and begin the restore anew");
        }
        acknowledged = end;
        positioned = true;
        rewind();
    }

    /** Whatever is under way does not count any more: goes on behind the last acknowledged batch. */
    void rewind() {
        broken = false;
        confirmed = false;
        inFlight = 0;
        pending = null;
        exhausted = false;
        reader.startAt(acknowledged);
    }

    /**
     * The batch to send now, or null: there is none left, or the answers under way decide. The first batch behind a
     * position travels alone, because a broker that does not know the producer yet takes no second one before it.
     *
     * @throws EventBrokerException if the archive holds fewer records than it says
     */
    PartitionReader.@Nullable Batch peek() {
        if (broken || (!confirmed && inFlight > 0)) {
            return null;
        }
        while (pending == null && !exhausted) {
            pending = reader.next();
            exhausted = pending == null;
            if (pending != null && pending.records() == 0) {
                pending = null; // Every record of it was deleted in the source, or is left out.
            }
        }
        if (pending == null && inFlight == 0 && !isComplete()) {
            throw new EventBrokerException("partition " + partition() + " ends in the archive after " + acknowledged
                    + " records, it should have " + total() + "; verify the backup");
        }
        return pending;
    }

    /** The batch that {@link #peek} has shown is on its way. */
    void sent() {
        pending = null;
        inFlight++;
    }

    /** An answer has come. */
    void answered() {
        inFlight--;
    }

    void acknowledged(long records) {
        acknowledged = records;
        confirmed = true;
        sequenceErrors = 0;
    }

    /** The target refuses what it is sent, for now. */
    void refused() {
        broken = true;
    }

    /** The target does not expect this sequence number: it holds more or less than it showed. Counts how often. */
    int outOfSequence() {
        positioned = false;
        broken = true;
        return ++sequenceErrors;
    }

    void close() {
        reader.close();
    }
}
