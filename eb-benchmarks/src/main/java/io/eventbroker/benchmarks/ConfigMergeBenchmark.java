package io.eventbroker.benchmarks;

import io.eventbroker.benchmarks.internal.ConfigMerge;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What it costs to know where every value of every broker comes from. */
final class ConfigMergeBenchmark implements Benchmark {
    private static final String SUBJECT = "subject";
    private static final String MAPS = "maps";

    @Override
    public String name() {
        return "config-merge-1000-brokers";
    }

    @Override
    public String description() {
        return "Merges four layers of 300 keys for each of 1,000 brokers, each with a layer of its own, and keeps for"
                + " every value what it overrode, where; beside TreeMap.putAll of the same layers, which keeps the"
                + " values alone. The aim is 50 ms.";
    }

    @Override
    public Result run(Path module) {
        Map<String, Measured> runs = JmhRuns.of(ConfigMerge.class, "1g", List.of(SUBJECT, MAPS));
        return Comparison.ofTimes(name(), "ms/op", measured(runs, SUBJECT))
                .against("java.util.TreeMap", Runtime.version().toString(), measured(runs, MAPS))
                .targeting(1);
    }

    private static Measured measured(Map<String, Measured> runs, String method) {
        Measured found = runs.get(method);
        if (found == null) {
            throw new IllegalStateException("no runs of " + method);
        }
        return found;
    }
}
