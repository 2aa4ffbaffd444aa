package io.eventbroker.benchmarks;

import com.fasterxml.jackson.databind.cfg.PackageVersion;
import io.eventbroker.benchmarks.internal.PlanRoundTrip;
import java.util.List;
import java.util.Map;

/** What canonical JSON and its checks cost. */
final class PlanRoundTripBenchmark implements Benchmark {
    private static final String SUBJECT = "subject";
    private static final String JACKSON = "jackson";

    @Override
    public String name() {
        return "plan-roundtrip";
    }

    @Override
    public String description() {
        return "Reads, writes and hashes a saved plan of 10,000 actions, beside plain Jackson databind on the same data,"
                + " which neither sorts keys, refuses duplicates, nor checks ids and order.";
    }

    @Override
    public Result run() {
        Map<String, Measured> runs = JmhRuns.of(PlanRoundTrip.class, "1g", List.of(SUBJECT, JACKSON));
        return Comparison.ofTimes(name(), "ms/op", measured(runs, SUBJECT))
                .against("jackson-databind", PackageVersion.VERSION.toString(), measured(runs, JACKSON))
                .targeting(0.25);
    }

    private static Measured measured(Map<String, Measured> runs, String method) {
        Measured found = runs.get(method);
        if (found == null) {
            throw new IllegalStateException("no runs of " + method);
        }
        return found;
    }
}
