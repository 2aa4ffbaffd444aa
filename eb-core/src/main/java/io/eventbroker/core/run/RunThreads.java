package io.eventbroker.core.run;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs a driver's parallel work under the run's id: on the host's executor, or on threads that end with the run. Closing
 * interrupts what still works, waits until it has returned, and forgets what was handed out but not begun.
 */
final class RunThreads implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunThreads.class);
    private static final long REMIND_MILLIS = 30_000;

    private final RunId id;
    private final Optional<Executor> hosts;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Thread> working = new HashSet<>();
    private @Nullable ExecutorService own;
    private boolean closed;

    RunThreads(RunId id, Optional<Executor> hosts) {
        this.id = id;
        this.hosts = hosts;
    }

    @Override
    public void execute(Runnable task) {
        requireOpen();
        hosts.orElseGet(this::own).execute(() -> {
            if (begin()) {
                try {
                    marked(task);
                } finally {
                    end();
                }
            }
        });
    }

    private void marked(Runnable task) {
        String before = MDC.get(RunId.MDC_KEY);
        MDC.put(RunId.MDC_KEY, id.value());
        try {
            task.run();
        } finally {
            if (before == null) {
                MDC.remove(RunId.MDC_KEY);
            } else {
                MDC.put(RunId.MDC_KEY, before);
            }
        }
    }

    private synchronized boolean begin() {
        return !closed && working.add(Thread.currentThread());
    }

    private synchronized void end() {
        working.remove(Thread.currentThread());
        if (closed && Thread.interrupted()) {
            // The interrupt was meant for the task; the thread is its owner's again.
            LOG.debug("A task of run {} was interrupted at its end", id);
        }
        notifyAll();
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("run " + id + " has ended");
        }
    }

    private synchronized ExecutorService own() {
        requireOpen();
        ExecutorService pool = own;
        if (pool == null) {
            pool = Executors.newCachedThreadPool(
                    task -> new Thread(task, "eb-run-" + id + "-" + count.incrementAndGet()));
            own = pool;
        }
        return pool;
    }

    @Override
    public synchronized void close() {
        closed = true;
        working.forEach(Thread::interrupt);
        if (own != null) {
            own.shutdownNow();
        }
        boolean interrupted = false;
        while (!working.isEmpty()) {
            try {
                wait(REMIND_MILLIS);
                if (!working.isEmpty()) {
                    LOG.warn("Run {} waits for {} of its threads to return: {}", id, working.size(), working);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
