package io.eventbroker.core.cluster;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Waits for the Admin client's futures, with a deadline, and tells the kinds of failure apart: a read that failed can be
 * tried again, a change whose answer was lost may have happened.
 */
public final class AdminCalls {
    private AdminCalls() {}

    /**
     * Waits for a request that changes nothing.
     *
     * @param what completes "cannot …", such as {@code "describe the cluster"}
     * @throws RetryableException if Kafka calls the error retriable, a time-out included
     * @throws DeadlineExceededException if the deadline passed first
     * @throws EventBrokerException for any other failure, with Kafka's exception as the cause, or if the thread was
     *     interrupted, whose flag is then set
     */
    public static <T> T read(KafkaFuture<T> future, String what, Deadline deadline) {
        try {
            return get(future, deadline);
        } catch (ExecutionException e) {
            Throwable cause = unwrap(e);
            if (cause instanceof TimeoutException && deadline.hasPassed()) {
                // The client was told of the deadline and was a moment faster.
                throw tooLate(what, cause);
            }
            String message = "cannot " + what + ": " + describe(cause);
            throw cause instanceof RetriableException
                    ? new RetryableException(message, cause)
                    : new EventBrokerException(message, cause);
        } catch (java.util.concurrent.TimeoutException e) {
            throw tooLate(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting to " + what, e);
        }
    }

    private static DeadlineExceededException tooLate(String what, Throwable cause) {
        return new DeadlineExceededException("gave up waiting to " + what + ": the deadline has passed", cause);
    }

    /**
     * Waits for a request that changes something.
     *
     * @param what completes "cannot …", such as {@code "create topic orders"}
     * @throws OutcomeUnknownException if the answer was lost or came too late, or the thread was interrupted, whose
     *     flag is then set: look before trying again
     * @throws RetryableException if Kafka refused it for a reason that is likely to pass
     * @throws EventBrokerException for any other failure; Kafka's exception is the cause
     */
    public static <T> T change(KafkaFuture<T> future, String what, Deadline deadline) {
        try {
            return get(future, deadline);
        } catch (ExecutionException e) {
            throw changeFailure(e, what);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new OutcomeUnknownException(
                    "cannot tell whether it was possible to " + what + ": no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("interrupted while waiting to " + what, e);
        }
    }

    /** The exception of {@link #change} for a failure that came by another way, such as a callback. */
    public static EventBrokerException changeFailure(Throwable failure, String what) {
        Throwable cause = unwrap(failure);
        if (cause instanceof EventBrokerException own) {
            return own;
        }
        String message = "cannot " + what + ": " + describe(cause);
        if (cause instanceof ThrottlingQuotaExceededException) {
            return new RetryableException(message, cause);
        }
        if (cause instanceof TimeoutException
                || cause instanceof DisconnectException
                || cause instanceof NetworkException) {
            return new OutcomeUnknownException(message, cause);
        }
        return cause instanceof RetriableException
                ? new RetryableException(message, cause)
                : new EventBrokerException(message, cause);
    }

    private static <T> T get(KafkaFuture<T> future, Deadline deadline)
            throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
        return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String describe(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        String text = cause.getMessage() == null ? name : name + ": " + cause.getMessage();
        return cause instanceof AuthorizationException
                ? withoutFullStop(text)
                        + "; give the client's principal the right, the module's README lists what is needed"
                : text;
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
