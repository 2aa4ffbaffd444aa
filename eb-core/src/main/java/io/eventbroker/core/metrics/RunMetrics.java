package io.eventbroker.core.metrics;

import io.eventbroker.core.run.ActionResult;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.Progress;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunId;
import io.eventbroker.core.run.RunListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts runs in a Micrometer registry: add it with
 * {@link io.eventbroker.core.run.RunOptions#listener RunOptions.listener}. One object serves any number of runs at once,
 * and so do several of one registry: they share its meters.
 *
 * <ul>
 *   <li>{@code eb.run.duration} (timer; tags {@code plan}, {@code result}: {@code success}, or {@code failure} for a run
 *       of which not every action is in place, a cancelled one included), of runs that ended with a report
 *   <li>{@code eb.run.actions} (counter; tags {@code plan}, {@code outcome}: {@link io.eventbroker.core.run.Outcome} in
 *       lower case), without those that an earlier run of the same journal had settled
 *   <li>{@code eb.run.moved.bytes} (gauge; tag {@code plan}): bytes that runs in progress have moved so far
 * </ul>
 */
public final class RunMetrics implements RunListener {
    /** A gauge holds its value weakly and the first one stays registered, so values live as long as their registry. */
    private static final Map<MeterRegistry, Map<String, AtomicLong>> MOVED =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> movedByPlan;
    private final Map<RunId, Progress> running = new ConcurrentHashMap<>();

    private RunMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.movedByPlan = MOVED.computeIfAbsent(registry, any -> new ConcurrentHashMap<>());
    }

    /** Counts in this registry; may be called anew for each run. */
    public static RunMetrics to(MeterRegistry registry) {
        return new RunMetrics(registry);
    }

    @Override
    public void onProgress(Progress progress) {
        Progress before = running.put(progress.run(), progress);
        moved(progress.plan()).addAndGet(progress.bytesDone() - (before == null ? 0 : before.bytesDone()));
    }

    @Override
    public void onActionEnded(RunId run, ActionResult result) {
        Progress last = running.get(run);
        // those not reached come with the report, which knows all of them
        if (last != null && result.outcome() != Outcome.NOT_REACHED) {
            count(last.plan(), result.outcome());
        }
    }

    @Override
    public void onFinished(Report report) {
        forget(report.run());
        registry.timer("eb.run.duration", "plan", report.plan(), "result", report.succeeded() ? "success" : "failure")
                .record(Duration.between(report.startedAt(), report.endedAt()));
        report.results().stream()
                .map(ActionResult::outcome)
                .filter(outcome -> outcome == Outcome.NOT_REACHED)
                .forEach(outcome -> count(report.plan(), outcome));
    }

    @Override
    public void onBrokenOff(RunId run, Throwable cause) {
        forget(run);
    }

    private void forget(RunId run) {
        Progress last = running.remove(run);
        if (last != null) {
            moved(last.plan()).addAndGet(-last.bytesDone());
        }
    }

    private void count(String plan, Outcome outcome) {
        registry.counter(
                        "eb.run.actions",
                        "plan",
                        plan,
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    private AtomicLong moved(String plan) {
        return movedByPlan.computeIfAbsent(plan, any -> {
            AtomicLong value = new AtomicLong();
            registry.gauge("eb.run.moved.bytes", Tags.of("plan", plan), value);
            return value;
        });
    }
}
