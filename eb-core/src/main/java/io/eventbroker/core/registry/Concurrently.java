package io.eventbroker.core.registry;

import io.eventbroker.core.EventBrokerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Does the same for many with a few threads, in order, and stops at the first failure. */
final class Concurrently {
    private Concurrently() {}

    static <T, R> List<R> map(List<T> items, int most, String threadName, Function<T, R> work) {
        if (items.isEmpty()) {
            return List.of();
        }
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(most, items.size()), task -> {
            Thread thread = new Thread(task, threadName + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try {
            List<Future<R>> results = new ArrayList<>(items.size());
            for (T item : items) {
                results.add(threads.submit(() -> {
                    if (failure.get() != null) {
                        throw new CancellationException();
                    }
                    try {
                        return work.apply(item);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                        throw e;
                    }
                }));
            }
            List<R> values = new ArrayList<>(results.size());
            for (Future<R> result : results) {
                values.add(result.get());
            }
            return values;
        } catch (ExecutionException e) {
            RuntimeException first = failure.get();
            throw first != null ? first : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while others read", e);
        } finally {
            // Those that still wait for an answer are interrupted.
            threads.shutdownNow();
        }
    }
}
