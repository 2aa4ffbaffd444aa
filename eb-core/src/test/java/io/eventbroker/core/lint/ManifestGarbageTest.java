package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * People write anything. The elements of the samples of manifests are replaced in turn by text, a number, nothing, a list
 * and a map, and left out: no rule may end with an exception.
 */
class ManifestGarbageTest {
    private static final Path FOLDER = Path.of("src/test/resources/lint");
    private static final List<String> GARBAGE = List.of(
            "\"%s={'[${:/\\u0000\"",
            "-1", "99999999999999999999", "null", "[]", "[null, 1, [], {}]", "{}", "{\"\": {\"a.b[\": null}}");

    /** Each rule by itself on its own samples, with every kind of garbage in every place. */
    @ParameterizedTest
    @MethodSource("rules")
    void noRuleEndsWithAnExceptionOnItsSamples(Rule rule) throws IOException {
        int linted = 0;
        for (Path file : samples(FOLDER.resolve(rule.id()))) {
            List<Node> documents = documents(file);
            for (int i = 0; i < documents.size(); i++) {
                for (String mutant : mutants(documents.get(i))) {
                    check(Linter.of(rule), documents, i, mutant, file);
                    linted++;
                }
            }
        }
        assertThat(linted).isGreaterThan(100);
    }

    static List<Rule> rules() {
        return Linter.standard().rules().stream()
                .filter(rule -> rule.onManifests().isPresent())
                .toList();
    }

    /** All rules on larger manifests, with one kind of garbage after the other. */
    @ParameterizedTest
    @ValueSource(strings = {"seeds", "clean"})
    void noRuleEndsWithAnExceptionOnLargerManifests(String folder) throws IOException {
        for (Path file : samples(FOLDER.resolve(folder))) {
            List<Node> documents = documents(file);
            for (int i = 0; i < documents.size(); i++) {
                List<String> mutants = mutants(documents.get(i));
                // a step that has no factor in common with the kinds of garbage
                for (int next = 0; next < mutants.size(); next += 11) {
                    check(Linter.standard(), documents, i, mutants.get(next), file);
                }
            }
        }
    }

    private static void check(Linter linter, List<Node> documents, int at, String mutant, Path file) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            texts.add(i == at ? mutant : json(documents.get(i)));
        }
        LintReport report = linter.lint(Sources.parse("mutant.json", "[" + String.join(",", texts) + "]"));
        assertThat(report.findings())
                .as("%s with %s", file, mutant)
                .noneMatch(finding -> finding.rule().equals(OwnRules.FAILED.id()));
    }

    /** Those that are not ours. */
    private static List<Node> documents(Path file) throws IOException {
        return Sources.parse(file.getFileName().toString(), Files.readString(file)).documents().stream()
                .filter(document -> !isOurs(document))
                .toList();
    }

    private static boolean isOurs(Node document) {
        return document.text("apiVersion").orElse("").startsWith("eventbroker.io/");
    }

    private static List<Path> samples(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Stream.of(".yaml", ".yml", ".json").anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        }
    }

    /** The document with each of its elements replaced, one at a time. */
    private static List<String> mutants(Node document) {
        List<String> mutants = new ArrayList<>();
        mutate(document, text -> text, mutants);
        return mutants;
    }

    private static void mutate(Node node, Function<String, String> around, List<String> mutants) {
        GARBAGE.forEach(garbage -> mutants.add(around.apply(garbage)));
        if (node instanceof Node.Items list) {
            for (int i = 0; i < list.items().size(); i++) {
                int at = i;
                mutate(list.items().get(i), text -> around.apply(list(list, at, text)), mutants);
            }
        } else if (node instanceof Node.Fields map) {
            map.fields().forEach((key, field) -> {
                mutants.add(around.apply(map(map, key, "")));
                mutate(field.value(), text -> around.apply(map(map, key, text)), mutants);
            });
        }
    }

    private static String list(Node.Items list, int at, String text) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
            items.add(i == at ? text : json(list.items().get(i)));
        }
        return "[" + String.join(",", items) + "]";
    }

    /** Without the field where the text is empty. */
    private static String map(Node.Fields map, String key, String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        map.fields().forEach((name, field) -> fields.put(name, name.equals(key) ? text : json(field.value())));
        List<String> written = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (!value.isEmpty()) {
                written.add(quoted(name) + ":" + value);
            }
        });
        return "{" + String.join(",", written) + "}";
    }

    private static String json(Node node) {
        if (node instanceof Node.Text text) {
            return text.isNull() ? "null" : quoted(text.text());
        } else if (node instanceof Node.Items list) {
            return list(list, -1, "");
        }
        return map((Node.Fields) node, "\u0000none", "");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
