package io.eventbroker.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The quick start in a JVM of its own, as a person starts it, with a temporary folder of its own. */
final class ForkedQuickStart implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Path temporary;
    private final Set<ProcessHandle> children = new HashSet<>();

    private ForkedQuickStart(Process process, Path log, Path temporary) {
        this.process = process;
        this.log = log;
        this.temporary = temporary;
    }

    /** Starts it; what it prints, and its temporary files, go to a new folder under {@code scratch}. */
    static ForkedQuickStart start(Path scratch, String... arguments) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "quick start ");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1200m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                // What the parts log goes to a file, as in the build.
                "-Dorg.slf4j.simpleLogger.logFile=" + folder.resolve("parts.log"),
                "-classpath",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                QuickStart.class.getName()));
        command.addAll(List.of(arguments));
        return new ForkedQuickStart(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log,
                temporary);
    }

    String printed() {
        try {
            return new String(Files.readAllBytes(log), Charset.defaultCharset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitPrinted(String text, Duration atMost) {
        await().atMost(atMost).pollInterval(Duration.ofMillis(50)).until(() -> {
            noteChildren();
            assertThat(process.isAlive()).as(printed()).isTrue();
            return printed().contains(text);
        });
    }

    /** What Ctrl-C does. */
    void interrupt() {
        process.destroy();
    }

    int awaitExit(Duration atMost) {
        await().atMost(atMost).pollInterval(Duration.ofMillis(50)).until(() -> {
            noteChildren();
            return !process.isAlive();
        });
        return process.exitValue();
    }

    private void noteChildren() {
        process.descendants().forEach(children::add);
    }

    /** No process that it started still runs, and its temporary folder is empty. */
    void assertLeftNothingBehind() {
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(filesIn(temporary)).as("temporary files").isEmpty();
    }

    static List<String> filesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> !file.equals(folder))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
    }
}
