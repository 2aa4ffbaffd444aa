package io.eventbroker.core.lint;

import static io.eventbroker.core.lint.LintSamples.CLUSTER;
import static io.eventbroker.core.lint.LintSamples.TOPICS;
import static io.eventbroker.core.lint.LintSamples.linter;
import static io.eventbroker.core.lint.LintSamples.platform;
import static io.eventbroker.core.lint.LintSamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.source.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
    private static final String EXPIRED = """
            ---
            apiVersion: eventbroker.io/v1
            kind: LintPolicy
            metadata: {name: house}
            spec:
              suppressions:
                - {rule: sample/threads, at: Topology/kafka-dev, reason: Small., until: 2026-01-01}
            """;

    private static Baseline known() {
        return Baseline.of(linter().lint(platform(CLUSTER, TOPICS)));
    }

    @Test
    void letsAPlatformStartWithWhatItHas() {
        // When
        LintReport report = linter().baseline(known()).lint(platform(CLUSTER, TOPICS));

        // Then
        assertThat(report.findings()).isEmpty();
        assertThat(report.known()).hasSize(3);
        assertThat(report.requireNone(Severity.INFO)).isSameAs(report);
        assertThat(text(report)).isEqualTo("0 errors, 0 warnings, 3 known from the baseline\n");
        assertThat(Baseline.of(report).toJson()).as("of a report that knows it").isEqualTo(known().toJson());
    }

    @Test
    void failsOnWhatIsNewAndKnowsTheRestThoughLinesAndNeighboursMove() {
        // Given
        String moved = "# a comment that moves every line\n"
                + CLUSTER
                + TOPICS.replace("    - name: Orders\n", "    - name: Brandnew\n    - name: Orders\n");

        // When
        LintReport report = linter().baseline(known()).lint(platform(moved));

        // Then
        assertThat(report.findings()).extracting(Finding::path).containsExactly("spec.topics[Brandnew].name");
        assertThat(report.known()).hasSize(3);
        assertThat(report.mended()).isEmpty();
        assertThatThrownBy(() -> report.requireNone(Severity.WARNING))
                .isInstanceOf(LintFailedException.class)
                .hasMessageContaining("Brandnew")
                .hasMessageNotContaining("Payments");
    }

    @Test
    void listsWhatIsMended() {
        LintReport report = linter().baseline(known()).lint(platform(CLUSTER, TOPICS.replace("Orders", "orders")));

        assertThat(report.mended())
                .extracting(Object::toString)
                .containsExactly("sample/names at TopicSet/orders spec.topics[Orders].name");
        assertThat(text(report)).isEqualTo("""
                        mended: sample/names at TopicSet/orders spec.topics[Orders].name
                        0 errors, 0 warnings, 2 known from the baseline, 1 mended
                        """);
    }

    @Test
    void countsFindingsThatAreAlike() {
        // Given
        Rule twice = Rule.warning("sample/twice")
                .reason("Because.")
                .remedy("Do so.")
                .source("KIP-1")
                .onClusters((cluster, report) -> {
                    for (int i = 0; i < cluster.topology().brokers().firstId(); i++) {
                        report.finding("spec.zones", "again " + i);
                    }
                })
                .build();
        String two = CLUSTER.replace("    replicas: 3\n    image", "    firstId: 2\n    replicas: 3\n    image")
                .replaceFirst("(?s)(controllers:\n)    firstId: 2\n", "$1");
        Baseline baseline = Baseline.of(Linter.of(twice).lint(platform(two)));

        // When
        LintReport three = Linter.of(twice).baseline(baseline).lint(platform(two.replace("firstId: 2", "firstId: 3")));
        LintReport one = Linter.of(twice).baseline(baseline).lint(platform(two.replace("firstId: 2", "firstId: 1")));

        // Then
        assertThat(three.known()).hasSize(2);
        assertThat(three.findings()).hasSize(1);
        assertThat(one.known()).hasSize(1);
        assertThat(one.mended()).hasSize(1);
    }

    @Test
    void takesNeitherWhatIsSuppressedNorWhatTheLinterSaysOfItself() {
        // Given
        String suppressed = EXPIRED.replace("2026-01-01", "2026-12-31");

        // When
        LintReport report = linter().baseline(known()).lint(platform(CLUSTER, TOPICS, suppressed));
        Baseline without = Baseline.of(report);
        Baseline expired = Baseline.of(linter().lint(platform(CLUSTER, TOPICS, EXPIRED)));

        // Then
        assertThat(report.mended()).as("it is still there").isEmpty();
        assertThat(without.counts().keySet())
                .extracting(Baseline.Entry::rule)
                .containsExactly("sample/names", "sample/names");
        assertThat(expired.counts().keySet())
                .extracting(Baseline.Entry::rule)
                .containsExactlyInAnyOrder("sample/names", "sample/names", "sample/threads");
    }

    @Test
    void takesWhatARuleThatDidNotRunWouldFindForThere() {
        LintReport report =
                Linter.of(LintSamples.NAMES).baseline(known()).lint(platform(CLUSTER, TOPICS), Sources.none());

        assertThat(report.mended()).isEmpty();
    }

    @Test
    void isWrittenInAStableOrder() {
        assertThat(known().toJson()).isEqualTo("""
                        {
                          "findings" : [ {
                            "count" : 1,
                            "document" : "TopicSet/orders",
                            "path" : "spec.topics[Orders].name",
                            "rule" : "sample/names"
                          }, {
                            "count" : 1,
                            "document" : "TopicSet/orders",
                            "path" : "spec.topics[Payments].name",
                            "rule" : "sample/names"
                          }, {
                            "count" : 1,
                            "document" : "Topology/kafka-dev",
                            "path" : "spec.brokers.config[num.io.threads]",
                            "rule" : "sample/threads"
                          } ],
                          "version" : 1
                        }
                        """);
        assertThat(Baseline.parse(known().toJson()).counts()).isEqualTo(known().counts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "{}",
                "{\"version\": 2, \"findings\": []}",
                "{\"version\": 1, \"findings\": null}",
                "{\"version\": 1, \"findings\": [null]}",
                "{\"version\": 1, \"findings\": [{\"rule\": \"a/b\", \"document\": \"A/b\", \"path\": \"\"}]}",
                "{\"version\": 1, \"findings\": [{\"rule\": \"a/b\", \"document\": \"A/b\", \"count\": 1}]}",
                "{\"version\": 1, \"findings\": [{\"rule\": \"a/b\", \"document\": \"A/b\", \"path\": \"\", \"count\": 0}]}",
                "{\"version\": 1, \"findings\": [{\"rule\": \"a/b\", \"document\": \"A/b\", \"path\": \"\", \"count\": 1},"
                        + "{\"rule\": \"a/b\", \"document\": \"A/b\", \"path\": \"\", \"count\": 1}]}"
            })
    void refusesWhatItDidNotWrite(String text) {
        assertThatThrownBy(() -> Baseline.parse(text))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("baseline")
                .hasMessageNotContaining("Cannot")
                .hasMessageNotContaining("DeserializationConfig");
    }

    @Test
    void saysWhatABaselineHas() {
        assertThatThrownBy(() -> Baseline.parse("{}"))
                .hasMessage("this is not a baseline of the linter: its 'version' is missing, or no whole number;"
                        + " write it with Baseline.of(report).toJson()");
        assertThatThrownBy(() -> Baseline.parse("{\"version\": 1, \"findings\": [{\"rule\": \"a/b\"}]}"))
                .hasMessageContaining("expected of every finding 'rule', 'document', 'path' and 'count'");
    }

    @Test
    void goesOnInSmallLettersWithWhatToDo() {
        assertThat(LintWords.continued("Remove it.")).isEqualTo("remove it.");
        assertThat(LintWords.continued("TLS is needed.")).isEqualTo("TLS is needed.");
        assertThatThrownBy(() -> linter().lint(platform(CLUSTER, TOPICS)).requireNone(Severity.INFO))
                .message()
                .satisfies(
                        message -> assertThat(message.lines().skip(1)).allMatch(line -> line.matches(".*; [a-z].*")));
    }
}
