package io.eventbroker.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Deletes a folder with all that is in it. */
final class Folders {
    private static final int ATTEMPTS = 30;
    private static final long PAUSE_NANOS = 100_000_000;

    private Folders() {}

    /** Tries again for a while: what was just stopped may still write. */
    static void delete(Path folder) {
        IOException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(folder); attempt++) {
            if (attempt > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            try {
                deleteOnce(folder);
                return;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null && Files.exists(folder)) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            // A folder that went away during the walk.
            throw e.getCause();
        }
    }
}
