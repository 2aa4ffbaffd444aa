package io.eventbroker.core.run;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Runs a driver's parallel work under the run's id: on the host's executor, or on threads that end with the run. */
final class RunThreads implements Executor, AutoCloseable {
    private final RunId id;
    private final Optional<Executor> hosts;
    private final AtomicInteger count = new AtomicInteger();
    private @Nullable ExecutorService own;
    private boolean closed;

    RunThreads(RunId id, Optional<Executor> hosts) {
        this.id = id;
        this.hosts = hosts;
    }

    @Override
    public void execute(Runnable task) {
        Runnable marked = () -> {
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
        };
        hosts.orElseGet(this::own).execute(marked);
    }

    private synchronized ExecutorService own() {
        if (closed) {
            throw new IllegalStateException("run " + id + " has ended");
        }
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
        if (own != null) {
            own.shutdownNow();
        }
    }
}
