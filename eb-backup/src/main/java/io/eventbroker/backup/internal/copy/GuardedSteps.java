package io.eventbroker.backup.internal.copy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock for steps that bring something about. What is to be told of a step is told by the same thread once it does not hold
 * the lock any more, for a listener may force a journal to disk. What is thrown in telling ends the work, but not on the
 * thread that told it: {@link #rethrow}.
 */
final class GuardedSteps {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Counts what anybody may be waiting for. */
    private long changes;

    /** What is to be done by the thread that holds the lock, once it does not any more. */
    private List<Runnable> afterwards = new ArrayList<>();

    private int telling;
    private @Nullable Throwable broken;

    /** Runs a step under the lock, and afterwards, without it, what the step has brought about. */
    void run(Runnable step) {
        List<Runnable> todo = List.of();
        lock.lock();
        try {
            step.run();
        } finally {
            if (lock.getHoldCount() == 1 && !afterwards.isEmpty()) {
                todo = afterwards;
                afterwards = new ArrayList<>();
            }
            lock.unlock();
            todo.forEach(this::tell);
        }
    }

    boolean ask(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    <T extends @Nullable Object> T get(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private void tell(Runnable news) {
        Throwable thrown = null;
        try {
            news.run();
        } catch (Throwable e) {
            thrown = e; // As of a journal that cannot be written: ends the run, but not on this thread.
        }
        lock.lock();
        try {
            telling--;
            if (broken == null) {
                broken = thrown;
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** In a step: what to do when it is over. */
    void afterwards(Runnable news) {
        telling++;
        afterwards.add(news);
    }

    /** In a step: something has changed that others may be waiting for. */
    void signal() {
        changes++;
        changed.signalAll();
    }

    /** How often something has changed. */
    long changes() {
        return get(() -> changes);
    }

    /** Whether something was thrown in telling. */
    boolean isBroken() {
        return ask(() -> broken != null);
    }

    /** Throws what was thrown in telling, if anything. */
    void rethrow() {
        Throwable thrown = this.<@Nullable Throwable>get(() -> broken);
        if (thrown != null) {
            throw LeaderTasks.asRuntime(thrown);
        }
    }

    /** Waits for a change since the count given, for as long as is found under the lock. */
    void awaitChange(long since, LongSupplier nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos.getAsLong();
            while (changes == since && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until this is so, or time is up, also when interrupted.
     *
     * @return whether it was interrupted meanwhile; the thread's flag is not set again
     */
    boolean await(BooleanSupplier wanted, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        lock.lock();
        try {
            while (!wanted.getAsBoolean() && until - System.nanoTime() > 0) {
                try {
                    long unused = changed.awaitNanos(until - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
        }
        return interrupted;
    }

    /** Waits until this is so and everything is told. */
    void awaitTold(BooleanSupplier wanted) {
        lock.lock();
        try {
            while (!wanted.getAsBoolean() || telling > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
