package io.eventbroker.backup.internal.copy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the store where there is nothing else to do meanwhile. */
public final class StoreCalls {
    private static final int MINUTES = 5;
    /** How long a store may take for one call, tries included. */
    static final Duration WAIT = Duration.ofMinutes(MINUTES);

    private StoreCalls() {}

    /**
     * Waits, throwing what the future failed with.
     *
     * @throws RetryableException if the store does not answer for five minutes
     */
    public static <T extends @org.jspecify.annotations.Nullable Object> T await(
            CompletableFuture<T> future, String what) {
        try {
            return future.get(MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new RetryableException("the store gave no answer for " + MINUTES + " minutes about " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting for the store about " + what, e);
        } catch (ExecutionException e) {
            throw LeaderTasks.asRuntime(e);
        }
    }
}
