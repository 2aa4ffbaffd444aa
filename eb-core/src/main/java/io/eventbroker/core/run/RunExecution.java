package io.eventbroker.core.run;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.JournalEntry.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One run of one plan. The coordinating thread is in {@link #run}; drivers' threads come in through {@link RunContext}.
 * Results, failures, the journal and progress are guarded by {@code this}; listeners are called under a lock of their
 * own, so that they may ask for progress.
 */
final class RunExecution<A extends Action> implements RunContext {
    private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);
    private static final Duration BASIS_WAIT = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final long PROGRESS_INTERVAL_NANOS = 250_000_000;

    private final Plan<A> plan;
    private final ActionDriver<A> driver;
    private final RunOptions options;
    private final RunId id;
    private final RunThreads threads;
    private final Instant startedAt;
    private final long startedNanos = System.nanoTime();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Object listenerLock = new Object();

    private final Map<ActionId, A> actions = new LinkedHashMap<>();
    private final Map<ActionId, ActionResult> results = new HashMap<>();
    private final Map<ActionId, Throwable> failures = new HashMap<>();
    private final Set<ActionId> begun = new HashSet<>();
    private final Map<ActionId, String> checkpoints = new HashMap<>();
    private final Map<ActionId, long[]> moved = new HashMap<>();
    private long bytesDone;
    private long bytesTotal;
    private long lastProgressNanos = startedNanos - PROGRESS_INTERVAL_NANOS;
    private boolean resumed;
    private Journal.@Nullable Session journal;
    private @Nullable Throwable journalFailure;
    /** The coordinating thread while it reads what the plan was made from. */
    private @Nullable Thread reading;

    RunExecution(Plan<A> plan, ActionDriver<A> driver, RunOptions options) {
        this.plan = plan;
        this.driver = driver;
        this.options = options;
        this.id = RunId.random(plan.type().name());
        this.threads = new RunThreads(id, options.executor());
        this.startedAt = options.clock().instant();
        plan.actions().forEach(action -> actions.put(action.id(), action));
    }

    RunId id() {
        return id;
    }

    void cancel() {
        cancelled.countDown();
        synchronized (this) {
            if (reading != null) {
                reading.interrupt();
            }
        }
    }

    <R extends Report> R run(Function<RunReport, R> toReport) {
        MDC.put(RunId.MDC_KEY, id.value());
        try {
            R report = runHolding(openJournal(), toReport);
            tellProgress(true);
            tell(listener -> listener.onFinished(report));
            return report;
        } catch (Throwable e) {
            tell(listener -> listener.onBrokenOff(id, e));
            throw e;
        } finally {
            MDC.remove(RunId.MDC_KEY);
        }
    }

    private Journal.Session openJournal() {
        try {
            return options.journal().open(plan.hash());
        } catch (RuntimeException | Error e) {
            closeDriver();
            throw e;
        }
    }

    /** The journal is let go last: until the driver has cleaned up, no other run of the plan may start. */
    private <R extends Report> R runHolding(Journal.Session held, Function<RunReport, R> toReport) {
        try (Journal.Session session = held) {
            synchronized (this) {
                journal = session;
            }
            try {
                takeUp(session.entries());
                if (!isFresh()) {
                    return toReport.apply(report());
                }
                record(List.of(JournalEntry.of(Event.STARTED, id)));
                LOG.info("{}: {} actions, {} of them settled", plan, actions.size(), results.size());
                tellProgress(true);
                try {
                    runActions();
                } finally {
                    // What a driver left running must not change the world, or the report, once it is made.
                    threads.close();
                }
                record(List.of(JournalEntry.of(Event.ENDED, id)));
                return toReport.apply(report());
            } finally {
                closeDriver();
            }
        }
    }

    private synchronized void takeUp(List<JournalEntry> entries) {
        resumed = !entries.isEmpty();
        for (JournalEntry entry : entries) {
            A action = entry.action().map(actions::get).orElse(null);
            if (action == null) {
                continue;
            }
            String note = entry.note().orElse("");
            switch (entry.event()) {
                case BEGUN -> begun.add(action.id());
                case CHECKPOINT -> checkpoints.put(action.id(), note);
                case APPLIED -> settled(action, Outcome.APPLIED, note, entry.run());
                case SKIPPED -> settled(action, Outcome.SKIPPED, note, entry.run());
                case STARTED, FAILED, UNKNOWN, ENDED -> {
                    // What failed or is unknown is looked at and tried again.
                }
            }
        }
    }

    private void settled(A action, Outcome outcome, String note, RunId by) {
        String detail =
                (note.isEmpty() ? "" : note + "; ") + "by run " + by + ", as the journal says; not looked at again";
        results.put(action.id(), new ActionResult(action.id(), action.summary(), outcome, detail, null));
    }

    /** False if the run was cancelled before that was known; otherwise as it returns, the plan may be carried out. */
    private boolean isFresh() {
        PlanBasis now = readBasis();
        if (now == null) {
            return false;
        }
        PlanBasis then = plan.basis();
        if (!now.clusterId().equals(then.clusterId())) {
            throw new PlanStaleException("the plan was made for cluster " + then.clusterId() + ", this is "
                    + now.clusterId() + "; plan again against this cluster");
        }
        // Once something was begun the state has changed by our own doing; then every action is looked at instead.
        if (isUntouched() && !now.fingerprint().equals(then.fingerprint())) {
            throw PlanStaleException.changed(then, now);
        }
        return true;
    }

    /** Null if the run was cancelled meanwhile: reading changes nothing, so a cancel may break it off. */
    private @Nullable PlanBasis readBasis() {
        Deadline deadline = Deadline.after(BASIS_WAIT);
        synchronized (this) {
            if (isCancelled()) {
                return null;
            }
            reading = Thread.currentThread();
        }
        try {
            return driver.readBasis(deadline);
        } catch (RuntimeException e) {
            if (isCancelled()) {
                LOG.info("Cancelled while the plan was compared with the cluster: {}", e.toString());
                return null;
            }
            if (e instanceof DeadlineExceededException || (e instanceof RetryableException && deadline.hasPassed())) {
                throw new RetryableException(
                        "cluster " + plan.basis().clusterId() + " could not be read within the "
                                + BASIS_WAIT.toMinutes()
                                + " minutes that a run takes at most to see whether its plan is still fresh; nothing was"
                                + " done. Check that the cluster can be reached, then run the plan again ("
                                + messageOf(e) + ")",
                        e);
            }
            throw e;
        } finally {
            synchronized (this) {
                reading = null;
                if (isCancelled() && Thread.interrupted()) {
                    LOG.debug("The interrupt was for the reading alone");
                }
            }
        }
    }

    private synchronized boolean isUntouched() {
        return begun.isEmpty() && results.isEmpty();
    }

    private void runActions() {
        List<A> batch = nextBatch();
        while (!batch.isEmpty() && !isCancelled()) {
            carryOut(batch);
            batch = nextBatch();
        }
    }

    /** Actions whose turn it is, in the plan's order. */
    private synchronized List<A> nextBatch() {
        List<A> ready = new ArrayList<>();
        for (A action : actions.values()) {
            if (!results.containsKey(action.id()) && action.dependsOn().stream().allMatch(this::isInPlace)) {
                ready.add(action);
                if (ready.size() == driver.batchSize()) {
                    break;
                }
            }
        }
        return ready;
    }

    private boolean isInPlace(ActionId needed) {
        ActionResult result = results.get(needed);
        return result != null && result.outcome().isInPlace();
    }

    private void carryOut(List<A> batch) {
        List<A> open = batch;
        boolean look = resumed;
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            Map<ActionId, Throwable> failed = attempt(open, look);
            boolean last = attempt == ATTEMPTS || isCancelled();
            look = true;
            List<A> again = new ArrayList<>();
            for (A action : open) {
                Throwable cause = failed.get(action.id());
                if (cause == null) {
                    continue;
                }
                if (cause instanceof RunCancelledException) {
                    settle(action, Outcome.NOT_REACHED, "cancelled before it was finished", null);
                } else if (isWorthAnother(cause) && !last) {
                    again.add(action);
                } else if (cause instanceof RetryableException && isCancelled()) {
                    settle(action, Outcome.NOT_REACHED, "cancelled before it was tried again", cause);
                } else {
                    boolean lost = cause instanceof OutcomeUnknownException;
                    settle(action, lost ? Outcome.UNKNOWN : Outcome.FAILED, messageOf(cause), cause);
                }
            }
            open = again;
            if (!open.isEmpty()) {
                LOG.info("Trying {} actions again after attempt {}", open.size(), attempt);
                waitAtMost(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
            }
        }
    }

    /** One look and one try. What is in place afterwards is settled; the rest comes back with what was thrown. */
    private Map<ActionId, Throwable> attempt(List<A> batch, boolean look) {
        synchronized (this) {
            failures.clear();
        }
        List<A> open = batch;
        try {
            if (look) {
                open = settleThoseInPlace(batch);
            }
            if (!open.isEmpty()) {
                begin(open);
                driver.apply(open, this);
                requireJournal();
                settleSilent(open);
            }
        } catch (JournalException e) {
            throw e;
        } catch (RuntimeException e) {
            requireJournal();
            if (!(e instanceof RunCancelledException)) {
                LOG.warn("{} actions did not succeed: {}", open.size(), e.toString());
                LOG.debug("Thrown by the driver", e);
            }
            synchronized (this) {
                for (A action : open) {
                    if (!results.containsKey(action.id())) {
                        failures.putIfAbsent(action.id(), e);
                    }
                }
            }
        }
        synchronized (this) {
            return Map.copyOf(failures);
        }
    }

    private List<A> settleThoseInPlace(List<A> batch) {
        Set<ActionId> there = driver.inPlace(batch, this);
        List<A> open = new ArrayList<>();
        List<JournalEntry> entries = new ArrayList<>();
        List<ActionResult> ended = new ArrayList<>();
        synchronized (this) {
            for (A action : batch) {
                if (!there.contains(action.id())) {
                    open.add(action);
                } else if (begun.contains(action.id())) {
                    ended.add(end(action, Outcome.APPLIED, "begun earlier and found in place", null, entries));
                } else {
                    ended.add(end(action, Outcome.SKIPPED, "found in place", null, entries));
                }
            }
            record(entries);
        }
        ended.forEach(this::tellEnded);
        return open;
    }

    private synchronized void begin(List<A> open) {
        List<JournalEntry> entries = new ArrayList<>();
        for (A action : open) {
            if (begun.add(action.id())) {
                entries.add(JournalEntry.of(Event.BEGUN, id, action.id()));
            }
        }
        record(entries);
    }

    private void settleSilent(List<A> open) {
        List<JournalEntry> entries = new ArrayList<>();
        List<ActionResult> ended = new ArrayList<>();
        synchronized (this) {
            for (A action : open) {
                if (!results.containsKey(action.id()) && !failures.containsKey(action.id())) {
                    ended.add(end(action, Outcome.APPLIED, "", null, entries));
                }
            }
            record(entries);
        }
        ended.forEach(this::tellEnded);
    }

    private void settle(A action, Outcome outcome, String detail, @Nullable Throwable cause) {
        List<JournalEntry> entries = new ArrayList<>();
        ActionResult result;
        synchronized (this) {
            result = end(action, outcome, detail, cause, entries);
            record(entries);
        }
        tellEnded(result);
    }

    private ActionResult end(
            A action, Outcome outcome, String detail, @Nullable Throwable cause, List<JournalEntry> entries) {
        ActionResult result = new ActionResult(action.id(), action.summary(), outcome, detail, cause);
        results.put(action.id(), result);
        switch (outcome) {
            case APPLIED -> entries.add(JournalEntry.of(Event.APPLIED, id, action.id(), detail));
            case SKIPPED -> entries.add(JournalEntry.of(Event.SKIPPED, id, action.id(), detail));
            case FAILED -> entries.add(JournalEntry.of(Event.FAILED, id, action.id(), detail));
            case UNKNOWN -> entries.add(JournalEntry.of(Event.UNKNOWN, id, action.id(), detail));
            case NOT_REACHED -> {
                // To a resume it is as if the action had only been begun.
            }
        }
        return result;
    }

    private synchronized void record(List<JournalEntry> entries) {
        requireJournal();
        if (!entries.isEmpty() && journal != null) {
            try {
                journal.append(entries);
            } catch (RuntimeException | Error e) {
                journalFailure = e;
                throw e;
            }
        }
    }

    /** Once an entry was lost the run must end, whatever a driver makes of the exception on its own threads. */
    private synchronized void requireJournal() {
        if (journalFailure instanceof Error error) {
            throw error;
        }
        if (journalFailure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static boolean isWorthAnother(Throwable cause) {
        return cause instanceof RetryableException || cause instanceof OutcomeUnknownException;
    }

    private static String messageOf(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void waitAtMost(Duration wait) {
        try {
            if (cancelled.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Cancelled while waiting to try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
        }
    }

    private synchronized RunReport report() {
        List<ActionResult> ordered = new ArrayList<>();
        for (A action : actions.values()) {
            ActionResult result = results.get(action.id());
            ordered.add(
                    result != null
                            ? result
                            : new ActionResult(
                                    action.id(), action.summary(), Outcome.NOT_REACHED, whyNotReached(action), null));
        }
        return new RunReport(
                id,
                plan.type().name(),
                plan.hash(),
                plan.basis().clusterId(),
                startedAt,
                options.clock().instant(),
                ordered,
                options.journal().isKept());
    }

    private String whyNotReached(A action) {
        return action.dependsOn().stream()
                .filter(needed -> !isInPlace(needed))
                .findFirst()
                .map(needed -> "needs " + needed + ", which is not in place")
                .orElse("the run was cancelled before");
    }

    private void closeDriver() {
        try {
            driver.close();
        } catch (RuntimeException e) {
            LOG.error("Cleaning up after the run failed; check what it left behind", e);
        }
    }

    // What listeners hear.

    private void tellEnded(ActionResult result) {
        tell(listener -> listener.onActionEnded(id, result));
        tellProgress(false);
    }

    private void tellProgress(boolean always) {
        if (options.listeners().isEmpty()) {
            return;
        }
        Progress now;
        synchronized (this) {
            long nanos = System.nanoTime();
            if (!always && nanos - lastProgressNanos < PROGRESS_INTERVAL_NANOS) {
                return;
            }
            lastProgressNanos = nanos;
            now = progress();
        }
        tell(listener -> listener.onProgress(now));
    }

    private void tell(Consumer<RunListener> event) {
        synchronized (listenerLock) {
            for (RunListener listener : options.listeners()) {
                try {
                    event.accept(listener);
                } catch (RuntimeException | AssertionError | LinkageError e) {
                    LOG.warn("A listener threw; the run goes on", e);
                }
            }
        }
    }

    synchronized Progress progress() {
        return new Progress(
                id,
                plan.type().name(),
                results.size(),
                actions.size(),
                bytesDone,
                bytesTotal,
                Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    // What the driver sees.

    @Override
    public RunId run() {
        return id;
    }

    @Override
    public Clock clock() {
        return options.clock();
    }

    @Override
    public Executor executor() {
        return threads;
    }

    @Override
    public void applied(ActionId action, String detail) {
        settle(known(action), Outcome.APPLIED, detail, null);
    }

    @Override
    public synchronized void failed(ActionId action, Throwable cause) {
        failures.put(known(action).id(), cause);
    }

    @Override
    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    @Override
    public void pause(Duration wait) {
        waitAtMost(wait);
        checkCancelled();
    }

    @Override
    public synchronized void checkpoint(ActionId action, String note) {
        checkpoints.put(known(action).id(), note);
        record(List.of(JournalEntry.of(Event.CHECKPOINT, id, action, note)));
    }

    @Override
    public synchronized Optional<String> lastCheckpoint(ActionId action) {
        return Optional.ofNullable(checkpoints.get(action));
    }

    @Override
    public void moved(ActionId action, long bytes, long ofBytes) {
        synchronized (this) {
            long[] before = moved.computeIfAbsent(known(action).id(), any -> new long[2]);
            bytesDone += bytes - before[0];
            bytesTotal += ofBytes - before[1];
            before[0] = bytes;
            before[1] = ofBytes;
        }
        tellProgress(false);
    }

    private A known(ActionId action) {
        A found = actions.get(action);
        if (found == null) {
            throw new IllegalArgumentException("the plan has no action " + action);
        }
        return found;
    }
}
