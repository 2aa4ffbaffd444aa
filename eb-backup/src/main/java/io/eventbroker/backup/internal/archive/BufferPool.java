package io.eventbroker.backup.internal.archive;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A bounded number of buffers of one size, outside the heap: the bound on what an engine holds in memory. */
public final class BufferPool {
    private final int size;
    private final Semaphore free;
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();

    /**
     * One buffer on loan. It has one owner at a time, who closes the lease when nobody reads or writes the buffer any
     * more; closing again does nothing, so a buffer cannot be given to two.
     */
    public static final class Lease implements AutoCloseable {
        private final ByteBuffer buffer;
        private final AtomicReference<@Nullable BufferPool> pool;

        private Lease(ByteBuffer buffer, @Nullable BufferPool pool) {
            this.buffer = buffer;
            this.pool = new AtomicReference<>(pool);
        }

        /** A buffer on the heap that belongs to no pool: for what is larger than a pool's buffers. */
        public static Lease unpooled(int size) {
            return new Lease(ByteBuffer.allocate(size), null);
        }

        /** The buffer; not to be used once the lease is closed. */
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void close() {
            BufferPool lender = pool.getAndSet(null);
            if (lender != null) {
                lender.giveBack(buffer);
            }
        }
    }

    public BufferPool(int count, int size) {
        this.size = size;
        this.free = new Semaphore(count);
    }

    /** Bytes of each buffer. */
    public int size() {
        return size;
    }

    /**
     * Takes a buffer, waiting for one to be given back.
     *
     * @throws RetryableException if none was given back in time: the store does not take data any more
     */
    public Lease take(Duration wait) {
        try {
            if (!free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RetryableException("the store took no data for " + wait.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting for the store", e);
        }
        ByteBuffer buffer = null;
        try {
            synchronized (spare) {
                buffer = spare.poll();
            }
            if (buffer == null) {
                buffer = ByteBuffer.allocateDirect(size);
            }
            return new Lease(buffer.clear(), this);
        } finally {
            if (buffer == null) {
                free.release(); // There was no memory for it: others must not wait for what nobody has.
            }
        }
    }

    private void giveBack(ByteBuffer buffer) {
        synchronized (spare) {
            spare.push(buffer);
        }
        free.release();
    }
}
