package io.eventbroker.testkit.kafka.internal;

import io.eventbroker.testkit.TestKitException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Formats a node's directory, and removes directories. */
public final class Storage {
    private Storage() {}

    /** Formats the storage of a node in this JVM, unless it has been before. */
    static void format(NodeConfig config) {
        try {
            Files.createDirectories(config.data());
            if (Files.exists(config.data().resolve("meta.properties"))) {
                return;
            }
            Formatter formatter = new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(config.clusterId())
                    .setNodeId(config.id())
                    .setDirectories(List.of(config.data().toString()))
                    .setMetadataLogDirectory(config.data().toString())
                    .setControllerListenerName(config.controllerListener())
                    .setScramArguments(config.scramUsers());
            config.metadataVersion()
                    .ifPresent(
                            version -> formatter.setReleaseVersion(MetadataVersion.fromVersionString(version, false)));
            formatter.run();
        } catch (Exception e) {
            throw new TestKitException(config.name() + ": cannot format " + config.data() + ": " + e.getMessage(), e);
        }
    }

    /** Removes a directory with all that is in it; what vanishes meanwhile is no error. */
    public static void delete(Path directory) throws IOException {
        // A log that is being renamed for deletion can appear behind the walk: once more, then it is an error.
        for (int attempt = 1; Files.exists(directory); attempt++) {
            List<Path> deepestFirst;
            try (Stream<Path> paths = Files.walk(directory)) {
                deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            } catch (java.io.UncheckedIOException e) {
                if (attempt == 3) {
                    throw e.getCause();
                }
                continue;
            }
            try {
                for (Path path : deepestFirst) {
                    Files.deleteIfExists(path);
                }
            } catch (java.nio.file.DirectoryNotEmptyException e) {
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }
}
