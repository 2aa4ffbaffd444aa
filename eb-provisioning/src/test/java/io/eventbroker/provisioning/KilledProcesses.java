package io.eventbroker.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs a plan in processes that are killed (SIGKILL) at moments drawn from a seed, and then once to its end.
 *
 * @param main what runs the plan; it gets the arguments, then the plan's file and the journal's
 * @param folder where the log goes
 * @param latestMillis how long after the journal has grown the kill may come
 */
public record KilledProcesses(Class<?> main, Path folder, Random random, int latestMillis) {
    private static final Duration PROCESS = Duration.ofSeconds(60);

    /** Gives how many of the kills came after an action had been begun and before the run had ended. */
    public int run(Path plan, Path journal, int kills, String... arguments) throws Exception {
        int midRun = 0;
        for (int i = 0; i < kills; i++) {
            Process process = start(plan, journal, arguments);
            try {
                // The run's start, what it begins, and a few of the actions that it ends.
                long lines = linesOf(journal) + 1 + random.nextInt(12);
                await().atMost(PROCESS)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> !process.isAlive() || linesOf(journal) >= lines);
                if (process.waitFor(random.nextInt(latestMillis), TimeUnit.MILLISECONDS)) {
                    // Faster than its killer: there is nothing left to kill.
                    assertThat(process.exitValue()).as(log()).isZero();
                    break;
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            String written = Files.readString(journal);
            if (written.contains("BEGUN") && !written.contains("ENDED")) {
                midRun++;
            }
        }
        Process last = start(plan, journal, arguments);
        try {
            assertThat(last.waitFor(PROCESS.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).as(log()).isZero();
        } finally {
            last.destroyForcibly();
        }
        return midRun;
    }

    private Process start(Path plan, Path journal, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-classpath",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        command.add(plan.toString());
        command.add(journal.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
    }

    private Path logFile() {
        return folder.resolve("processes.log");
    }

    private String log() throws IOException {
        return Files.readString(logFile());
    }

    private static long linesOf(Path journal) throws IOException {
        return Files.exists(journal)
                ? Files.readString(journal).chars().filter(c -> c == '\n').count()
                : 0;
    }
}
