package io.eventbroker.backup.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Buffers outside the heap that are used again: a few are kept, more are made when needed, none is waited for. */
final class SpareBuffers {
    private static final int GRAIN = 1 << 20;
    private static final long MOST_KEPT = 64 << 20;

    /** By their capacities; without empty queues. */
    private final TreeMap<Integer, Deque<ByteBuffer>> spare = new TreeMap<>();

    private long kept;

    /** An empty buffer whose limit is that size. */
    ByteBuffer take(int size) {
        synchronized (spare) {
            Map.Entry<Integer, Deque<ByteBuffer>> fitting = spare.ceilingEntry(size);
            if (fitting != null) {
                ByteBuffer found = fitting.getValue().remove();
                if (fitting.getValue().isEmpty()) {
                    spare.remove(fitting.getKey());
                }
                kept -= found.capacity();
                return found.clear().limit(size);
            }
        }
        long rounded = ((long) size + GRAIN - 1) / GRAIN * GRAIN;
        return ByteBuffer.allocateDirect((int) Math.min(Integer.MAX_VALUE, rounded))
                .limit(size);
    }

    /** Takes back a buffer of a call that has ended; of one that failed the store may still use it. */
    void giveBackUnless(@Nullable Throwable failure, ByteBuffer buffer) {
        if (failure == null) {
            giveBack(buffer);
        }
    }

    /** Takes back a buffer that nobody uses any more. */
    void giveBack(ByteBuffer buffer) {
        synchronized (spare) {
            if (kept + buffer.capacity() <= MOST_KEPT) {
                spare.computeIfAbsent(buffer.capacity(), capacity -> new ArrayDeque<>())
                        .add(buffer);
                kept += buffer.capacity();
            }
        }
    }
}
