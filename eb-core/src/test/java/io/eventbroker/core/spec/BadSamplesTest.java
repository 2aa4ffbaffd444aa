package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad files and what is said of them, every problem, word for word: {@code NAME.txt} beside {@code NAME.yaml}. A {@code
 * NAME.overlay.yaml} lies over it; the names that begin with {@code resolved-} are read with resolvers. Where words are
 * meant to change, {@code -Dgolden.accept=true} writes them anew.
 */
class BadSamplesTest {
    private static final Path FOLDER = Path.of("src/test/resources/spec/bad");
    private static final String PASSWORD = "hunter2-swordfish";

    @TempDir
    Path generated;

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.toString().endsWith(".txt"))
                    .filter(file -> !file.toString().contains(".overlay."))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void areReportedWordForWord(Path sample) throws IOException {
        String name = sample.getFileName().toString();
        Specs specs = name.startsWith("resolved-") ? resolving() : Specs.standard();
        Path overlay = FOLDER.resolve(name.replace(".yaml", ".overlay.yaml"));
        Specs over = Files.exists(overlay) && !overlay.equals(sample) ? specs.overlay(overlay) : specs;

        String message = message(over, sample).replace(FOLDER + "/", "");

        assertThat(message).doesNotContain("hunter2", PASSWORD);
        check(name, message);
    }

    @Test
    void tooLargeToKeep() throws IOException {
        StringBuilder aliases = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String ten = String.join(", ", Collections.nCopies(10, "*a" + (i - 1)));
            aliases.append("a" + i + ": &a" + i + " [" + ten + "]\n");
        }
        generate("bomb-of-aliases.yaml", aliases.toString());
        generate("bomb-of-depth.yaml", "[".repeat(100_000));
        generate("bomb-of-depth.json", "{\"a\":".repeat(100_000));
        generate("bomb-of-size.yaml", "a: " + "x".repeat(17 << 20));
        generate("bomb-of-values.json", "[" + "1,".repeat(2_100_000) + "1]");
    }

    private void generate(String name, String text) throws IOException {
        Path file = Files.writeString(generated.resolve(name), text);
        check(name, message(Specs.standard(), file).replace(generated + "/", ""));
    }

    private static String message(Specs specs, Path sample) {
        InvalidSpecException refused = catchThrowableOfType(InvalidSpecException.class, () -> specs.read(sample));
        assertThat(refused).as("%s is refused", sample).isNotNull();
        return refused.getMessage() + "\n";
    }

    private static Specs resolving() {
        return Specs.standard()
                .resolving("env", name -> name.equals("PASSWORD") ? Optional.of(PASSWORD) : Optional.empty())
                .resolving("broken", name -> {
                    throw new IllegalStateException("no access with " + PASSWORD);
                });
    }

    private static void check(String name, String message) throws IOException {
        Path golden =
                FOLDER.resolve(name.replaceFirst("\\.(yaml|json)$", name.endsWith(".json") ? ".json.txt" : ".txt"));
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(golden, message);
        }
        assertThat(golden).as("expected problems of %s", name).exists();
        assertThat(message).isEqualTo(Files.readString(golden));
    }
}
