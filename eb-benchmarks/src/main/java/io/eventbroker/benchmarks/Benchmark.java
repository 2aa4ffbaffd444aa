package io.eventbroker.benchmarks;

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
     * @throws InterruptedException if the thread is interrupted; what was forked is stopped
     */
    Result run() throws InterruptedException;
}
