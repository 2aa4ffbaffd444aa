package io.eventbroker.testkit.kafka.internal;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.internal.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, which ends when this JVM does. It logs to {@code broker.log} in its directory. */
public final class ProcessNode implements Node {
    private static final String READY = "ready";

    private final NodeConfig config;
    private final List<String> jvmOptions;
    private final String classPath;
    private volatile @Nullable ChildProcess process;
    /** Of the last start: whether it was stopped, perhaps before there was a process. */
    private volatile AtomicBoolean stopped = new AtomicBoolean();

    public ProcessNode(NodeConfig config, List<String> jvmOptions, String classPath) {
        this.config = config;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.classPath = classPath;
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
        AtomicBoolean cancelled = new AtomicBoolean();
        stopped = cancelled;
        Thread thread = new Thread(
                () -> {
                    try {
                        launch(cancelled).awaitFile(file(READY));
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

    private ChildProcess launch(AtomicBoolean cancelled) throws IOException {
        Storage.format(config);
        Files.deleteIfExists(file(READY));
        writeProperties();
        ChildProcess started = ChildProcess.start(
                config.name(),
                config.directory(),
                "broker.log",
                jvmOptions,
                Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList(),
                List.of(
                        BrokerMain.class.getName(),
                        file("server.properties").toString(),
                        Integer.toString(config.id()),
                        file(READY).toString()));
        process = started; // first, so that who stops it from now on finds it
        if (cancelled.get()) {
            started.kill();
            throw new TestKitException(config.name() + " was stopped before it had started");
        }
        return started;
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

    @Override
    public void stop(Duration patience, Duration limit) {
        stopped.set(true);
        ChildProcess running = process;
        if (running != null && patience.isZero()) {
            running.kill();
        } else if (running != null) {
            running.stop(limit);
        }
    }

    @Override
    public void kill() {
        stopped.set(true);
        ChildProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    @Override
    public boolean isRunning() {
        return pid().isPresent();
    }

    @Override
    public Optional<Long> pid() {
        ChildProcess running = process;
        return running == null ? Optional.empty() : running.pid();
    }

    @Override
    public List<String> leftovers() {
        return pid().map(pid -> List.of("process " + pid + " of " + config.name()))
                .orElse(List.of());
    }

    @Override
    public String logTail() {
        ChildProcess running = process;
        return running == null ? "(no log: it was not started)" : running.logTail();
    }
}
