package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.wire.BatchHeader;
import java.nio.ByteBuffer;

/**
 * Which of a partition's records are taken, by what stands in each of them alone: so it is the same ones every time.
 *
 * @param from the first offset
 * @param to one past the last offset
 * @param until the latest timestamp, in milliseconds; records without a timestamp (−1) are never too late
 */
public record Slice(long from, long to, long until) {
    static final Slice WHOLE = offsets(0, Long.MAX_VALUE);

    static Slice offsets(long from, long to) {
        return new Slice(from, to, Long.MAX_VALUE);
    }

    boolean keeps(long offset, long timestamp) {
        return offset >= from && offset < to && timestamp <= until;
    }

    /** Whether all records are kept that have an offset from the first to before the end, and at most that timestamp. */
    boolean keepsAll(long first, long end, long maxTimestamp) {
        return first >= from && end <= to && maxTimestamp <= until;
    }

    boolean keepsAll(Manifest.Segment segment) {
        return keepsAll(segment.base(), segment.next(), segment.maxTimestamp());
    }

    boolean keepsAll(ByteBuffer buffer, int at) {
        return keepsAll(
                BatchHeader.baseOffset(buffer, at),
                BatchHeader.lastOffset(buffer, at) + 1,
                BatchHeader.maxTimestamp(buffer, at));
    }

    /** Whether no record is kept that has an offset from the first to before the end. */
    boolean keepsNone(long first, long end) {
        return end <= from || first >= to;
    }

    boolean keepsNone(Manifest.Segment segment) {
        return keepsNone(segment.base(), segment.next());
    }

    /** How many records of the batch from an offset on are kept. Decodes only if it must. */
    long kept(ByteBuffer buffer, int at, long covered) {
        if (keepsAll(buffer, at)) {
            return BatchRecords.restored(buffer, at, covered);
        }
        boolean late = BatchHeader.maxTimestamp(buffer, at) > until;
        if (keepsNone(BatchHeader.baseOffset(buffer, at), BatchHeader.lastOffset(buffer, at) + 1)
                || (late && BatchHeader.isLogAppendTime(buffer, at))) {
            return 0;
        }
        if (late) {
            return BatchRewriter.count(buffer, at, covered, this);
        }
        long first = Math.max(from, covered);
        return to <= first ? 0 : BatchRecords.before(buffer, at, to) - BatchRecords.before(buffer, at, first);
    }
}
