package io.eventbroker.testkit.internal;

import io.eventbroker.testkit.TestKitException;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the kit in a process of its own, which ends when this JVM does. It logs to a file in its directory. */
public final class ChildProcess implements AutoCloseable {
    private static final int LOG_LINES = 30;
    private static final int POLL_MILLIS = 20;

    private final String name;
    private final Path log;
    private final Process process;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a JVM.
     *
     * @param name for messages
     * @param directory where it runs
     * @param logName of the file there that it logs to
     * @param classPath jars and folders; the kit's own classes are added
     * @param command the main class and its arguments
     */
    public static ChildProcess start(
            String name,
            Path directory,
            String logName,
            List<String> jvmOptions,
            List<Path> classPath,
            List<String> command) {
        Path log = directory.resolve(logName);
        try {
            List<String> jars = new ArrayList<>();
            classPath.forEach(path -> jars.add(path.toString()));
            jars.add(ownLocation().toString());
            // In a file, because a class path can be longer than a command line.
            Path arguments = directory.resolve("class-path.args");
            String joined = String.join(File.pathSeparator, jars);
            Files.writeString(
                    arguments,
                    "-cp \"" + joined.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n",
                    StandardCharsets.UTF_8);
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(jvmOptions);
            line.add("@" + arguments);
            line.add(ChildMain.class.getName());
            line.addAll(command);
            Process process = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new ChildProcess(name, log, process);
        } catch (IOException e) {
            throw new TestKitException(name + " cannot be started in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Path ownLocation() {
        try {
            return Path.of(ChildMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new TestKitException("cannot tell where the test kit's classes are", e);
        }
    }

    /** The jars of a folder, in order of their names. */
    public static List<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TestKitException("cannot list the jars in " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * The folder that a system property names.
     *
     * @param wanted completes "it names …"
     */
    public static Path folder(String property, String wanted) {
        String value = System.getProperty(property, "");
        if (value.isEmpty()) {
            throw new TestKitException("the system property " + property + " is not set; it names " + wanted
                    + ", see 'Servers that stay off your class path' in the README of eb-testkit");
        }
        Path folder = Path.of(value).toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new TestKitException("the system property " + property + " names " + folder
                    + ", which is no folder; it should name " + wanted
                    + ", see 'Servers that stay off your class path' in the README of eb-testkit");
        }
        return folder;
    }

    /**
     * Waits until an address answers 200, and stops the process if it does not in time.
     *
     * @throws TestKitException with the end of its log, if the process ends or time is up
     */
    public void awaitOk(URI address, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!answersOk(address)) {
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new TestKitException(
                            name + ": its process ended with status " + process.exitValue() + ":\n" + logTail());
                }
                if (System.nanoTime() - end > 0) {
                    throw new TestKitException(name + " did not answer " + address + " within " + limit.toSeconds()
                            + " s; it logged last:\n" + logTail());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestKitException("interrupted while starting " + name, e);
        }
    }

    /**
     * Waits until a file is there, without a limit of its own: whoever started the process stops it when time is up, which
     * ends the wait.
     *
     * @throws TestKitException if the process ends
     */
    public void awaitFile(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new TestKitException(name + ": its process ended with status " + process.exitValue());
            }
        }
    }

    private static boolean answersOk(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Its id, while it runs. */
    public Optional<Long> pid() {
        return process.isAlive() ? Optional.of(process.pid()) : Optional.empty();
    }

    /** Lets it end by itself (SIGTERM), and kills it if it does not in time. */
    public void stop(Duration limit) {
        // Not Process.destroy: that closes the standard input, which the child takes for the end of its parent.
        process.toHandle().destroy();
        try {
            if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** Ends it at once (SIGKILL), and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it: what it holds is of no use after the test. */
    @Override
    public void close() {
        kill();
    }

    /** The last lines of its log. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
