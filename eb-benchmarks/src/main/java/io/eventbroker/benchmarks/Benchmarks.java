package io.eventbroker.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every benchmark there is. A new one is added here. */
public final class Benchmarks {
    private static final List<Benchmark> ALL = List.of(
            new PlanRoundTripBenchmark(),
            new ConfigMergeBenchmark(),
            new SpecReadLintBenchmark(),
            new ClusterStateBenchmark(),
            new QuickStartBackupBenchmark(),
            new WireBackupBenchmark("zstd", 6),
            new WireBackupBenchmark("lz4", 3.5),
            new WireBackupBenchmark("none", 2));

    private Benchmarks() {}

    public static List<Benchmark> all() {
        return ALL;
    }

    public static Optional<Benchmark> named(String name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Names and descriptions, a line each. */
    static String listed() {
        return ALL.stream()
                .map(one -> "  " + one.name() + ": " + one.description())
                .collect(Collectors.joining("\n"));
    }
}
