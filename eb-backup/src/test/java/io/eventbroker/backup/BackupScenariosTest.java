package io.eventbroker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of scenarios names tests that there are. */
class BackupScenariosTest {
    private static final Path DOCUMENT = Path.of("../docs/backup-scenarios.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");
    private static final Pattern NUMBER = Pattern.compile("(?m)^\\| (\\d+) \\|");

    @Test
    void namesTestsThatThereAre() throws IOException {
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(Files.readString(DOCUMENT));
        int found = 0;
        while (named.find()) {
            found++;
            if (!source(named.group(1)).contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(35);
    }

    @Test
    void countsEveryScenarioUpToTheRestore() throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        Matcher number = NUMBER.matcher(Files.readString(DOCUMENT));
        while (number.find()) {
            assertThat(numbers.add(Integer.parseInt(number.group(1))))
                    .as("scenario %s is there once", number.group(1))
                    .isTrue();
        }
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 35).boxed().toList());
    }

    private static String source(String test) throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            Path file = files.filter(path -> path.endsWith(test + ".java"))
                    .findFirst()
                    .orElse(null);
            return file == null ? "" : Files.readString(file);
        }
    }
}
