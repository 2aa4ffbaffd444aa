package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import java.nio.ByteBuffer;

/** What of a batch comes back in a restore. */
public final class BatchRecords {
    private BatchRecords() {}

    /** How many records of the batch have an offset of at least {@code from}. Decodes only if it must. */
    public static long restored(ByteBuffer buffer, int at, long from) {
        if (BatchHeader.baseOffset(buffer, at) >= from) {
            return BatchHeader.recordCount(buffer, at);
        }
        return BatchHeader.recordCount(buffer, at) - before(buffer, at, from);
    }

    /** How many records of the batch have an offset below {@code offset}. */
    public static long before(ByteBuffer buffer, int at, long offset) {
        long base = BatchHeader.baseOffset(buffer, at);
        int count = BatchHeader.recordCount(buffer, at);
        if (offset <= base) {
            return 0;
        }
        if (offset > BatchHeader.lastOffset(buffer, at)) {
            return count;
        }
        if (BatchHeader.isDense(buffer, at)) {
            return offset - base;
        }
        return BatchRewriter.countBefore(buffer, at, offset);
    }
}
