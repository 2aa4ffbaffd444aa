package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that are kept beside the tests. With {@code -Dgolden.accept=true} what was found is taken. */
final class Golden {
    private Golden() {}

    static void check(Path file, String found) {
        try {
            if (Boolean.getBoolean("golden.accept")) {
                Files.writeString(file, found);
            }
            assertThat(file)
                    .as("run it with -Dgolden.accept=true to take what was found")
                    .exists();
            assertThat(found)
                    .as("%s; run it with -Dgolden.accept=true to take what was found", file)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
