package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.archive.SegmentIndex.Dropped;
import java.util.List;

/**
 * Follows a segment batch by batch and holds it against its index: every offset must be in a batch or in a dropped
 * range, and a batch may begin before what it covers only where offsets before it were deleted.
 */
final class Coverage {
    private final String name;
    private final List<Dropped> dropped;
    private final long end;
    private long next;
    private int range;

    /** Starts at the beginning. */
    Coverage(String name, SegmentIndex index) {
        this.name = name;
        this.dropped = index.dropped();
        this.end = index.segment().next();
        this.next = index.segment().base();
    }

    /** Starts at an entry of the index. */
    Coverage(String name, SegmentIndex index, SegmentIndex.Entry entry) {
        this(name, index);
        next = Math.max(next, entry.offset());
        for (Dropped one : dropped) {
            if (one.first() > entry.offset()) {
                break;
            }
            next = Math.max(next, one.last() + 1);
        }
        while (range < dropped.size() && dropped.get(range).first() < next) {
            range++;
        }
    }

    /**
     * Goes on to the batch with these offsets.
     *
     * @return the first offset of the batch that is restored
     */
    long batch(long base, long last) {
        skipDropped();
        if (base > next || last < next) {
            throw new ArchiveException(name + " has a batch of offsets " + base + " to " + last + " where offset "
                    + next + " should follow");
        }
        long from = next;
        next = last + 1;
        return from;
    }

    /** To be called behind the last batch. */
    void end() {
        skipDropped();
        if (next != end) {
            throw new ArchiveException(name + " ends before offset " + next + ", its index says " + end);
        }
    }

    private void skipDropped() {
        while (range < dropped.size() && dropped.get(range).first() == next) {
            next = dropped.get(range++).last() + 1;
        }
    }
}
