package io.eventbroker.core.run;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.Risk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Starts runs. Hosts do not call it: each module's front door does, with the driver of its own actions.
 */
public final class PlanRunner {
    private PlanRunner() {}

    /** Starts a run that ends with a plain report. */
    public static <A extends Action> Run<Report> start(Plan<A> plan, ActionDriver<A> driver, RunOptions options) {
        return start(plan, driver, options, report -> report);
    }

    /**
     * Starts a run. Returns at once; the driver is closed at the end, also if the run could not start.
     *
     * @param toReport makes the module's report of the plain one; called once, before the driver is closed
     * @throws DeletesNotAllowedException if the plan has more destructive actions than the options allow
     * @throws PlanStaleException if the plan does not belong to the environment of the options
     */
    public static <A extends Action, R extends Report> Run<R> start(
            Plan<A> plan, ActionDriver<A> driver, RunOptions options, Function<RunReport, R> toReport) {
        try {
            requireAllowed(plan, options);
        } catch (EventBrokerException e) {
            driver.close();
            throw e;
        }
        RunExecution<A> execution = new RunExecution<>(plan, driver, options);
        CompletableFuture<R> completion = new CompletableFuture<>();
        Thread coordinator = new Thread(
                () -> {
                    try {
                        completion.complete(execution.run(toReport));
                    } catch (Throwable e) {
                        // The caller's await throws it again.
                        completion.completeExceptionally(e);
                    }
                },
                "eb-run-" + execution.id());
        coordinator.start();
        return new StartedRun<>(execution.id(), completion, execution::progress, execution::cancel);
    }

    private static void requireAllowed(Plan<?> plan, RunOptions options) {
        List<? extends Action> deletes = plan.actions().stream()
                .filter(action -> action.risk() == Risk.DESTRUCTIVE)
                .toList();
        int allowed = options.deletes().atMost();
        if (deletes.size() > allowed) {
            StringBuilder message = new StringBuilder("the plan has " + deletes.size() + " destructive "
                    + (deletes.size() == 1 ? "action" : "actions") + " and "
                    + (allowed == 0 ? "none is" : "at most " + allowed + (allowed == 1 ? " is" : " are"))
                    + " allowed; review them and allow them with RunOptions.allow(Deletes.atMost(" + deletes.size()
                    + ")):");
            deletes.stream()
                    .limit(20)
                    .forEach(action -> message.append("\n  - ").append(action.summary()));
            if (deletes.size() > 20) {
                message.append("\n  … and ").append(deletes.size() - 20).append(" more");
            }
            throw new DeletesNotAllowedException(message.toString());
        }
        options.environment().ifPresent(environment -> requireEnvironment(environment, plan, options));
    }

    private static void requireEnvironment(String environment, Plan<?> plan, RunOptions options) {
        String cluster = plan.basis().clusterId();
        if (plan.environment().isEmpty() && !options.clusterIds().contains(cluster)) {
            throw new PlanStaleException("the plan names no environment, and cluster " + cluster
                    + " is not said to belong to '" + environment + "', for which this run is; plan for a Topology, or"
                    + " name the cluster with RunOptions.environment(\"" + environment + "\", \"" + cluster + "\")");
        }
        if (!plan.environment().isEmpty() && !plan.environment().equals(environment)) {
            throw new PlanStaleException("the plan was made for environment '" + plan.environment()
                    + "', and this run is for '" + environment + "'; plan again for this environment");
        }
    }

    private record StartedRun<R extends Report>(
            RunId id, CompletableFuture<R> future, Supplier<Progress> progressNow, Runnable canceller)
            implements Run<R> {
        @Override
        public CompletionStage<R> completion() {
            return future.minimalCompletionStage();
        }

        @Override
        public Progress progress() {
            return progressNow.get();
        }

        @Override
        public void cancel() {
            canceller.run();
        }

        @Override
        public R await(Deadline deadline) {
            try {
                return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new DeadlineExceededException(
                        "run " + id + " still goes on: " + progress() + "; wait longer, or cancel it", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventBrokerException("interrupted while waiting for run " + id + ", which goes on", e);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof EventBrokerException own) {
                    own.addSuppressed(new EventBrokerException("run " + id + " was awaited here"));
                    throw own;
                }
                throw new EventBrokerException("run " + id + " broke off: " + cause, cause);
            }
        }
    }
}
