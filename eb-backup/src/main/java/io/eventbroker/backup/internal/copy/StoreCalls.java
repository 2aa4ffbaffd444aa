package io.eventbroker.backup.internal.copy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

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

    /** What a future of a store failed with. */
    public static RuntimeException asRuntime(Throwable failure) {
        return LeaderTasks.asRuntime(failure);
    }

    /**
     * Asks about many things, some of them at once, and gives the answers in the order of the questions.
     *
     * @throws RetryableException as {@link #await} does
     */
    public static <I, O> List<O> each(
            Collection<I> items, int atOnce, Function<I, CompletableFuture<O>> question, String what) {
        Deque<CompletableFuture<O>> underWay = new ArrayDeque<>();
        List<O> answers = new ArrayList<>(items.size());
        for (I item : items) {
            if (underWay.size() == atOnce) {
                answers.add(await(underWay.remove(), what));
            }
            underWay.add(question.apply(item));
        }
        for (CompletableFuture<O> last : underWay) {
            answers.add(await(last, what));
        }
        return answers;
    }
}
