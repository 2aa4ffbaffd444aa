package io.eventbroker.benchmarks;

import io.eventbroker.core.EventBrokerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * A whole program in a JVM of its own, with this one's class path. It is stopped with all that it started when it takes
 * longer than its time or the caller is interrupted. Not for several threads: the CPU time is that of every child that
 * ended meanwhile.
 *
 * @param heap as after {@code -Xmx}
 * @param main the class to run
 * @param timeout after which it is stopped
 */
record ForkedJvm(String heap, String main, List<String> arguments, Duration timeout) {
    /** What Linux counts CPU time of processes in, on every architecture that has a JDK. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Path OWN_TIMES = Path.of("/proc/self/stat");

    ForkedJvm {
        arguments = List.copyOf(arguments);
    }

    /**
     * A run that ended well.
     *
     * @param seconds on the clock
     * @param cpuSeconds of the process and of those that it started and waited for; nothing where that cannot be read
     */
    record Finished(double seconds, OptionalDouble cpuSeconds) {}

    /**
     * Runs it to its end; what it prints goes where this program's output goes.
     *
     * @throws EventBrokerException if it cannot be started, takes too long, or ends with an exit code other than 0
     */
    Finished run() throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(arguments);
        OptionalDouble cpuBefore = cpuOfEndedChildren();
        long start = System.nanoTime();
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new EventBrokerException("cannot start a JVM for " + main, e);
        }
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EventBrokerException(
                        main + " did not end within " + timeout.toSeconds() + " s and was stopped");
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new EventBrokerException(
                    main + " ended with exit code " + process.exitValue() + "; what it printed says why");
        }
        OptionalDouble cpuAfter = cpuOfEndedChildren();
        return new Finished(
                seconds,
                cpuBefore.isPresent() && cpuAfter.isPresent()
                        ? OptionalDouble.of(cpuAfter.getAsDouble() - cpuBefore.getAsDouble())
                        : OptionalDouble.empty());
    }

    /** Runs programs in turn, A, B, A, B, A, B, and measures the seconds that each takes. */
    static Map<String, Measured> inTurn(Map<String, ForkedJvm> programs) throws InterruptedException {
        Map<String, List<Finished>> runs = new LinkedHashMap<>();
        for (int run = 1; run <= Benchmark.RUNS; run++) {
            for (Map.Entry<String, ForkedJvm> program : programs.entrySet()) {
                runs.computeIfAbsent(program.getKey(), name -> new ArrayList<>())
                        .add(program.getValue().run());
            }
        }
        Map<String, Measured> measured = new LinkedHashMap<>();
        runs.forEach((name, finished) -> measured.put(
                name,
                new Measured(
                        finished.stream().map(Finished::seconds).toList(),
                        finished.stream()
                                .flatMap(one -> one.cpuSeconds().stream().boxed())
                                .toList(),
                        List.of())));
        return measured;
    }

    /** Fields 16 and 17 of proc(5): children's user and system time, counted once they have been waited for. */
    private static OptionalDouble cpuOfEndedChildren() {
        try {
            String stat = Files.readString(OWN_TIMES);
            // The second field, the program's name, may hold blanks; it ends with the last parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return OptionalDouble.of((Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND);
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
