package io.eventbroker.testkit.internal;

import io.eventbroker.testkit.TestKitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary folders of the kit's parts. */
public final class Folders {
    private Folders() {}

    public static Path temporary(String name) {
        try {
            return Files.createTempDirectory(name + "-");
        } catch (IOException e) {
            throw new TestKitException("no temporary folder for " + name + ": " + e.getMessage(), e);
        }
    }

    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> deepest = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepest) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new TestKitException("left " + folder + " behind: " + e.getMessage(), e);
        }
    }
}
