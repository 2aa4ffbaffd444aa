package io.eventbroker.core.lint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about the rules says what the rules say. */
class LintDocsTest {
    private static final String HEAD = """
            # Lint rules

            Generated from the rules themselves: `mvn -pl eb-core -am test -Dtest=LintDocsTest
            -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.accept=true`. How to configure, suppress and add rules is in
            [eb-core/README.md](../eb-core/README.md#lint).
            """;

    @Test
    void listsEveryRule() {
        List<Rule> rules = new ArrayList<>(Linter.standard().rules());
        rules.sort(Comparator.comparing(Rule::id));
        rules.addAll(OwnRules.ALL);
        StringBuilder page = new StringBuilder(HEAD);
        String family = "";
        for (Rule rule : rules) {
            if (!rule.family().equals(family)) {
                family = rule.family();
                page.append("\n## ").append(family).append('\n');
            }
            page.append(described(rule));
        }
        Golden.check(Path.of("../docs/lint-rules.md"), page.toString());
    }

    private static String described(Rule rule) {
        return "\n### " + rule.id() + "\n\n"
                + "**" + LintWords.of(rule.severity()) + "**" + subjects(rule) + ". " + escaped(rule.reason()) + "\n\n"
                + "- Remedy: " + escaped(rule.remedy()) + "\n"
                + "- Source: " + escaped(rule.source()) + "\n"
                + rule.settings().stream()
                        .map(setting -> "- Setting `" + setting.name() + "`: " + setting.description()
                                + (setting.otherwise().isEmpty()
                                        ? "\n"
                                        : "; `" + setting.otherwise() + "` unless set\n"))
                        .collect(Collectors.joining());
    }

    /** What looks like a tag would not be shown. */
    private static String escaped(String text) {
        return text.replace("<", "\\<");
    }

    private static String subjects(Rule rule) {
        List<String> subjects = new ArrayList<>();
        rule.onClusters().ifPresent(check -> subjects.add("clusters"));
        rule.onTopicSets().ifPresent(check -> subjects.add("topics"));
        rule.onManifests().ifPresent(check -> subjects.add("manifests"));
        return subjects.isEmpty() ? "" : ", of " + String.join(" and ", subjects);
    }
}
