package io.eventbroker.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The runs of one side.
 *
 * @param values one a run, in the benchmark's unit
 * @param cpuSeconds one a run; empty if it could not be told apart
 * @param allocatedMB one a run; empty if it was not measured
 */
record Measured(List<Double> values, List<Double> cpuSeconds, List<Double> allocatedMB) {
    Measured {
        if (values.size() < Benchmark.RUNS) {
            throw new IllegalArgumentException(
                    "a result needs at least " + Benchmark.RUNS + " runs, there were " + values.size());
        }
        values = List.copyOf(values);
        cpuSeconds = List.copyOf(cpuSeconds);
        allocatedMB = List.copyOf(allocatedMB);
    }

    static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    double median() {
        return median(values).orElseThrow();
    }

    double min() {
        return Arrays.stream(numbers()).min().orElseThrow();
    }

    double max() {
        return Arrays.stream(numbers()).max().orElseThrow();
    }

    private double[] numbers() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
