package io.eventbroker.benchmarks;

import io.eventbroker.benchmarks.internal.CpuPerOperation;
import io.eventbroker.core.EventBrokerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs methods of a JMH class in turn, a JVM each: A, B, A, B, A, B. So a machine that slows down during the run slows
 * both. A run's value is the median of its iterations; CPU seconds and allocation are those of one operation.
 */
final class JmhRuns {
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private JmhRuns() {}

    static Map<String, Measured> of(Class<?> benchmark, String heap, List<String> methods) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        Map<String, List<Double>> cpu = new LinkedHashMap<>();
        Map<String, List<Double>> allocated = new LinkedHashMap<>();
        for (int run = 1; run <= Benchmark.RUNS; run++) {
            for (String method : methods) {
                RunResult result = fork(benchmark, heap, method);
                double value = median(result);
                add(values, method, value);
                add(cpu, method, secondary(result, CpuPerOperation.NAME));
                add(allocated, method, secondary(result, ALLOCATION) / 1e6);
                System.out.printf(
                        "run %d of %d, %s: %.3f %s%n",
                        run,
                        Benchmark.RUNS,
                        method,
                        value,
                        result.getPrimaryResult().getScoreUnit());
            }
        }
        Map<String, Measured> measured = new LinkedHashMap<>();
        methods.forEach(method ->
                measured.put(method, new Measured(all(values, method), all(cpu, method), all(allocated, method))));
        return measured;
    }

    private static RunResult fork(Class<?> benchmark, String heap, String method) {
        Options options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
                .forks(1)
                .jvmArgs("-Xms" + heap, "-Xmx" + heap)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuPerOperation.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            Collection<RunResult> results = new Runner(options).run();
            if (results.size() != 1) {
                throw new EventBrokerException(benchmark.getName() + " has no single benchmark " + method);
            }
            return results.iterator().next();
        } catch (RunnerException e) {
            throw new EventBrokerException("JMH could not run " + method + " of " + benchmark.getName(), e);
        }
    }

    private static double median(RunResult result) {
        List<Double> iterations = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                iterations.add(iteration.getPrimaryResult().getScore());
            }
        }
        return Measured.median(iterations).orElseThrow();
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        if (found == null) {
            throw new EventBrokerException("JMH measured no " + name + ", but "
                    + result.getSecondaryResults().keySet());
        }
        return found.getScore();
    }

    private static void add(Map<String, List<Double>> to, String method, double value) {
        to.computeIfAbsent(method, name -> new ArrayList<>()).add(value);
    }

    private static List<Double> all(Map<String, List<Double>> of, String method) {
        return of.getOrDefault(method, List.of());
    }
}
