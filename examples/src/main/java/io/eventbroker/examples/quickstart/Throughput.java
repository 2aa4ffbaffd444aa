package io.eventbroker.examples.quickstart;

import io.eventbroker.core.run.Progress;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Sample;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rates over time, from what runs tell of their progress. MB are of 2^20 bytes, as kafka-consumer-perf-test counts. */
final class Throughput {
    static final double MEGABYTE = 1 << 20;
    private static final int COMPILER_QUIET_MILLIS = 150;
    private static final int COMPILER_LOOKS = 20;

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

    /** Waits until the just-in-time compiler has nothing left to do, or a few seconds have passed. */
    static void awaitCompiler() throws InterruptedException {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
            return;
        }
        long before = -1;
        for (int i = 0; i < COMPILER_LOOKS && compiler.getTotalCompilationTime() != before; i++) {
            before = compiler.getTotalCompilationTime();
            Thread.sleep(COMPILER_QUIET_MILLIS);
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
