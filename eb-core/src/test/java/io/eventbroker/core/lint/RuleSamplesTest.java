package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule has a folder {@code src/test/resources/lint/<family>/<rule>} with {@code bad.yaml}, which it finds fault
 * with as {@code bad.txt} says, and {@code good.yaml}, with which it does not. A file holds a platform of ours, or
 * manifests of others; where a rule looks at both, files such as {@code bad-manifest.yaml} (with
 * {@code bad-manifest.txt}) and {@code good-manifest.yaml} stand beside them. Only the rule itself runs.
 *
 * <p>A sample that begins with {@code # over base.yaml} is an overlay over that file of the folder {@code lint}, so that it
 * holds only what matters. The rules with such samples find no fault with the base itself.
 */
class RuleSamplesTest {
    private static final Path FOLDER = Path.of("src/test/resources/lint");
    private static final Pattern OVER = Pattern.compile("# over (\\S+)\n");

    static List<Rule> rules() {
        return Linter.standard().rules();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void findsWhatIsBadAndNothingElse(Rule rule) throws IOException {
        List<Path> samples = samples(rule);
        assertThat(samples).as("samples of %s in %s", rule, FOLDER).anyMatch(file -> isBad(file));
        assertThat(samples).as("samples of %s in %s", rule, FOLDER).anyMatch(file -> !isBad(file));
        for (Path sample : samples) {
            LintReport report = lint(Linter.of(rule), sample);
            if (isBad(sample)) {
                assertThat(report.findings()).as("findings in %s", sample).isNotEmpty();
                StringBuilder text = new StringBuilder();
                report.printTo(text);
                Golden.check(sample.resolveSibling(stem(sample) + ".txt"), text.toString());
            } else {
                assertThat(report.findings()).as("findings in %s", sample).isEmpty();
            }
        }
    }

    @Test
    void keepsNoSamplesOfWhatIsNoRule() throws IOException {
        Set<String> ids = rules().stream().map(Rule::id).collect(Collectors.toCollection(TreeSet::new));
        Set<String> folders = new TreeSet<>();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getParent().equals(FOLDER)) // what samples are over
                    .map(file -> FOLDER.relativize(file.getParent()).toString())
                    .forEach(folders::add);
        }
        assertThat(folders).isEqualTo(ids);
    }

    @Test
    void findsNothingInWhatSamplesAreOver() {
        Rule[] families = rules().stream()
                .filter(rule ->
                        Set.of("replication", "quorum", "security", "jvm").contains(rule.family()))
                .toArray(Rule[]::new);
        LintReport report = Linter.of(families).lint(Specs.standard().read(FOLDER.resolve("base.yaml")));
        assertThat(report.findings()).isEmpty();
    }

    private static List<Path> samples(Rule rule) throws IOException {
        Path folder = FOLDER.resolve(rule.id());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> stem(file).startsWith("bad") || stem(file).startsWith("good"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isBad(Path sample) {
        return stem(sample).startsWith("bad");
    }

    private static String stem(Path sample) {
        return sample.getFileName().toString().replace(".yaml", "");
    }

    private static LintReport lint(Linter linter, Path sample) throws IOException {
        String name = sample.getFileName().toString();
        String text = Files.readString(sample);
        Matcher over = OVER.matcher(text);
        if (over.lookingAt()) {
            Path base = FOLDER.resolve(over.group(1));
            return linter.lint(Specs.standard().overlay(sample).read(base));
        }
        Sources sources = Sources.parse(name, text);
        boolean ours = sources.documents().stream()
                .map((Node document) -> document.text("apiVersion").orElse(""))
                .anyMatch(version -> version.startsWith("eventbroker.io/"));
        return ours ? linter.lint(Specs.standard().parse(name, text)) : linter.lint(sources);
    }
}
