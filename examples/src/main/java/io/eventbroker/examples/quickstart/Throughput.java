package io.eventbroker.examples.quickstart;

import io.eventbroker.core.run.Progress;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rates over time, from what runs tell of their progress. MB are of 2^20 bytes, as kafka-consumer-perf-test counts. */
final class Throughput {
    static final double MEGABYTE = 1 << 20;

    private final long startNanos;
    private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());

    Throughput(long startNanos) {
        this.startNanos = startNanos;
    }

    RunListener of(String series) {
        return new RunListener() {
            private long lastBytes;
            private long lastNanos = System.nanoTime();

            @Override
            public void onProgress(Progress progress) {
                long now = System.nanoTime();
                if (progress.bytesDone() > lastBytes && now - lastNanos > 20_000_000) {
                    double seconds = (now - lastNanos) / 1e9;
                    samples.add(new Sample(
                            series, (now - startNanos) / 1e9, (progress.bytesDone() - lastBytes) / MEGABYTE / seconds));
                    lastBytes = progress.bytesDone();
                    lastNanos = now;
                }
            }
        };
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
