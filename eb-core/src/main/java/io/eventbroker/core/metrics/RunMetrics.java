package io.eventbroker.core.metrics;

import io.eventbroker.core.run.ActionResult;
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
 *       of which not every action is in place, a cancelled one included)
 *   <li>{@code eb.run.actions} (counter; tags {@code plan}, {@code outcome}: {@link io.eventbroker.core.run.Outcome} in
 *       lower case): the results of each run's report, so what an earlier run of the same journal has applied counts
 *       again
 *   <li>{@code eb.run.moved.bytes} (gauge; tag {@code plan}): bytes that runs in progress have moved so far
 * </ul>
 */
public final class RunMetrics implements RunListener {
    /** A gauge holds its value weakly and the first one stays registered, so values live as long as their registry. */
    private static final Map<MeterRegistry, Map<String, AtomicLong>> MOVED =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> movedByPlan;
    private final Map<RunId, Long> movedByRun = new ConcurrentHashMap<>();

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
        long before = movedByRun.getOrDefault(progress.run(), 0L);
        movedByRun.put(progress.run(), progress.bytesDone());
        moved(progress.plan()).addAndGet(progress.bytesDone() - before);
    }

    @Override
    public void onFinished(Report report) {
        Long left = movedByRun.remove(report.run());
        moved(report.plan()).addAndGet(left == null ? 0 : -left);
        registry.timer("eb.run.duration", "plan", report.plan(), "result", report.succeeded() ? "success" : "failure")
                .record(Duration.between(report.startedAt(), report.endedAt()));
        for (ActionResult result : report.results()) {
            registry.counter(
                            "eb.run.actions",
                            "plan",
                            report.plan(),
                            "outcome",
                            result.outcome().name().toLowerCase(Locale.ROOT))
                    .increment();
        }
    }

    private AtomicLong moved(String plan) {
        return movedByPlan.computeIfAbsent(plan, any -> {
            AtomicLong value = new AtomicLong();
            registry.gauge("eb.run.moved.bytes", Tags.of("plan", plan), value);
            return value;
        });
    }
}
