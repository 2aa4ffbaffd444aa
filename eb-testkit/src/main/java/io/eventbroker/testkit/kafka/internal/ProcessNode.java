package io.eventbroker.testkit.kafka.internal;

import io.eventbroker.testkit.TestKitException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, which ends when this JVM does. It logs to {@code broker.log} in its directory. */
public final class ProcessNode implements Node {
    private static final int LOG_LINES = 30;

    private final NodeConfig config;
    private final List<String> jvmOptions;
    private final String classPath;
    private volatile @Nullable Process process;

    public ProcessNode(NodeConfig config, List<String> jvmOptions, String classPath) {
        this.config = config;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.classPath = classPath;
    }

    /** The jar or folder that the kit's own classes come from. */
    public static Path ownLocation() {
        try {
            return Path.of(BrokerMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new TestKitException("cannot tell where the test kit's classes are", e);
        }
    }

    @Override
    public NodeConfig config() {
        return config;
    }

    private Path file(String name) {
        return config.directory().resolve(name);
    }

    @Override
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> up = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        launch();
                        awaitReady();
                        up.complete(null);
                    } catch (IOException | RuntimeException e) {
                        up.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        up.completeExceptionally(e);
                        Thread.currentThread().interrupt();
                    }
                },
                config.name() + "-start");
        thread.setDaemon(true);
        thread.start();
        return up;
    }

    private void launch() throws IOException {
        Storage.format(config);
        Files.deleteIfExists(file("ready"));
        writeProperties();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        // In a file, because a class path can be longer than a command line.
        Files.writeString(
                file("class-path.args"),
                "-cp \"" + classPath.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n",
                StandardCharsets.UTF_8);
        command.add("@" + file("class-path.args"));
        command.add(BrokerMain.class.getName());
        command.add(file("server.properties").toString());
        command.add(Integer.toString(config.id()));
        command.add(file("ready").toString());
        process = new ProcessBuilder(command)
                .directory(config.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(file("broker.log").toFile()))
                .start();
    }

    private void writeProperties() throws IOException {
        Path target = file("server.properties");
        Files.deleteIfExists(target);
        if (config.directory().getFileSystem().supportedFileAttributeViews().contains("posix")) {
            // It holds passwords.
            Files.createFile(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Properties properties = new Properties();
        config.properties().forEach(properties::setProperty);
        try (var writer = Files.newBufferedWriter(target, StandardCharsets.UTF_8)) {
            properties.store(writer, null);
        }
    }

    /** Waits without a limit of its own: whoever started the node stops it when time is up, which ends the wait. */
    private void awaitReady() throws InterruptedException {
        Process started = process;
        while (started != null && !Files.exists(file("ready"))) {
            if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new TestKitException(config.name() + ": its process ended with status " + started.exitValue());
            }
        }
    }

    @Override
    public void stop(Duration patience, Duration limit) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (!patience.isZero()) {
            // Not Process.destroy: that closes the standard input, which the child takes for the end of its parent.
            running.toHandle().destroy();
            try {
                if (running.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        kill();
    }

    @Override
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (running.isAlive() && System.nanoTime() < end) {
            try {
                running.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    @Override
    public Optional<Long> pid() {
        Process running = process;
        return running != null && running.isAlive() ? Optional.of(running.pid()) : Optional.empty();
    }

    @Override
    public List<String> leftovers() {
        return pid().map(pid -> List.of("process " + pid + " of " + config.name()))
                .orElse(List.of());
    }

    @Override
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(file("broker.log"), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
