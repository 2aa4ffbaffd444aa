package io.eventbroker.benchmarks;

import com.fasterxml.jackson.dataformat.yaml.PackageVersion;
import io.eventbroker.benchmarks.internal.SpecReadLint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What it costs to know that files are right, beside merely parsing them. */
final class SpecReadLintBenchmark implements Benchmark {
    private static final String SUBJECT = "subject";
    private static final String JACKSON = "jackson";

    @Override
    public String name() {
        return "spec-read-lint-10k-topics";
    }

    @Override
    public String description() {
        return "Reads, checks and lints a file of 10,000 topics with their cluster; beside Jackson's tree of the same file."
                + " The aim is three times Jackson's time.";
    }

    @Override
    public Result run(Path module) {
        Map<String, Measured> runs = JmhRuns.of(SpecReadLint.class, "1g", List.of(SUBJECT, JACKSON));
        return Comparison.ofTimes(name(), "ms/op", measured(runs, SUBJECT))
                .against("jackson-dataformat-yaml", PackageVersion.VERSION.toString(), measured(runs, JACKSON))
                .targeting(1.0 / 3);
    }

    private static Measured measured(Map<String, Measured> runs, String method) {
        Measured found = runs.get(method);
        if (found == null) {
            throw new IllegalStateException("no runs of " + method);
        }
        return found;
    }
}
