package io.eventbroker.backup;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.RunCancelledException;
import io.eventbroker.core.run.RunContext;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** What a restore asks of its target, and what becomes of an action when that fails. */
final class RestoreCalls {
    static final Duration CALL_WAIT = Duration.ofMinutes(1);
    static final Duration POLL = Duration.ofMillis(100);

    private RestoreCalls() {}

    /** Does the work of one action; if it fails, others go on. */
    static void attempt(ActionId action, RunContext context, Runnable work) {
        try {
            work.run();
        } catch (RunCancelledException e) {
            throw e;
        } catch (EventBrokerException e) {
            context.failed(action, e);
        }
    }

    /** Waits for an answer of the Admin client. */
    static <T extends @Nullable Object> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(CALL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new OutcomeUnknownException(what + ": no answer within " + CALL_WAIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted: " + what, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw new OutcomeUnknownException(what + ": " + cause.getMessage(), cause);
            }
            if (cause instanceof RetriableException) {
                throw new RetryableException(what + ": " + cause.getMessage(), cause);
            }
            throw new EventBrokerException(what + ": " + cause.getMessage(), cause);
        }
    }
}
