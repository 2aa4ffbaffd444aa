package io.eventbroker.backup.internal.archive;

import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bounded number of buffers of one size, outside the heap: the bound on what a backup holds in memory. */
public final class BufferPool {
    private final int size;
    private final Semaphore free;
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();

    public BufferPool(int count, int size) {
        this.size = size;
        this.free = new Semaphore(count);
    }

    /**
     * Takes a buffer, waiting for one to be given back.
     *
     * @throws RetryableException if none was given back in time: the store does not take data any more
     */
    public ByteBuffer take(Duration wait) {
        try {
            if (!free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RetryableException("the store took no data for " + wait.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while waiting for the store", e);
        }
        synchronized (spare) {
            ByteBuffer buffer = spare.poll();
            return buffer != null ? buffer.clear() : ByteBuffer.allocateDirect(size);
        }
    }

    public void giveBack(ByteBuffer buffer) {
        synchronized (spare) {
            spare.push(buffer);
        }
        free.release();
    }
}
