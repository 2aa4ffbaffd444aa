package io.eventbroker.examples.quickstart;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Samples the used heap five times a second and keeps the highest. */
final class HeapWatch implements AutoCloseable {
    private final AtomicLong peak = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heap-watch");
        thread.setDaemon(true);
        return thread;
    });

    HeapWatch() {
        var sampling = timer.scheduleAtFixedRate(this::sample, 0, 200, TimeUnit.MILLISECONDS);
        assert !sampling.isCancelled();
    }

    private void sample() {
        peak.accumulateAndGet(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), Math::max);
    }

    double peakMegabytes() {
        sample();
        return peak.get() / (double) (1 << 20);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
