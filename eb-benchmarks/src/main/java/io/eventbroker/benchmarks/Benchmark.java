package io.eventbroker.benchmarks;

import java.nio.file.Path;

/**
 * A measurement of the SDK beside a baseline, both taken in the same run on the same machine. What is measured runs in
 * forked JVMs, subject and baseline in turn, at least {@link #RUNS} times each.
 */
public interface Benchmark {
    /** The least number of runs of either side. */
    int RUNS = 3;

    /** How it is called on the command line and its result on disk: lower-case letters, digits and hyphens. */
    String name();

    /** What is measured against what, for people, in a sentence or two. */
    String description();

    /**
     * Measures. Takes minutes.
     *
     * @param module the folder of eb-benchmarks; files are written beneath its {@code target}
     * @throws io.eventbroker.core.EventBrokerException if what is measured fails
     * @throws InterruptedException if the thread is interrupted; what was forked is stopped
     */
    Result run(Path module) throws InterruptedException;
}
