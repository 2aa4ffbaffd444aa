package io.eventbroker.core.lint;

import static io.eventbroker.core.lint.LintSamples.CLUSTER;
import static io.eventbroker.core.lint.LintSamples.NAMES;
import static io.eventbroker.core.lint.LintSamples.TODAY;
import static io.eventbroker.core.lint.LintSamples.TOPICS;
import static io.eventbroker.core.lint.LintSamples.linter;
import static io.eventbroker.core.lint.LintSamples.platform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.lint.policy.LintPolicies;
import io.eventbroker.core.lint.policy.LintPolicy;
import io.eventbroker.core.lint.policy.RuleLevel;
import io.eventbroker.core.lint.policy.Suppression;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.spec.Specs;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintPolicyTest {
    private static String policy(String spec) {
        return "---\napiVersion: eventbroker.io/v1\nkind: LintPolicy\nmetadata: {name: house}\nspec:\n"
                + spec.indent(2);
    }

    private static LintPolicy rules(String id, RuleLevel level) {
        return LintPolicy.named("host").severity(id, level);
    }

    private static List<String> found(LintReport report) {
        return report.findings().stream()
                .map(finding -> finding.severity() + " " + finding.rule())
                .distinct()
                .toList();
    }

    @Test
    void setsSeveritiesAndSwitchesRulesOff() {
        assertThat(found(linter().lint(platform(CLUSTER, TOPICS, policy("rules: {sample/threads: {severity: info}}")))))
                .containsExactly("INFO sample/threads", "WARNING sample/names");
        assertThat(found(linter().lint(platform(CLUSTER, TOPICS, policy("rules: {sample/names: {severity: off}}")))))
                .containsExactly("ERROR sample/threads");
        assertThat(found(linter().lint(platform(
                        CLUSTER,
                        TOPICS,
                        policy("rules: {sample/*: {severity: off}, sample/names: {severity: error}}")))))
                .as("an id wins over its family")
                .containsExactly("ERROR sample/names");
    }

    @Test
    void letsTheHostWinOverFilesAndLaterOverEarlier() {
        // Given
        String file = policy("rules: {sample/names: {severity: off}, sample/threads: {severity: warning}}");

        // When
        LintReport report = linter().policy(rules("sample/names", RuleLevel.INFO))
                .policy(rules("sample/names", RuleLevel.ERROR))
                .lint(platform(CLUSTER, TOPICS, file));

        // Then
        assertThat(found(report)).containsExactly("WARNING sample/threads", "ERROR sample/names");
    }

    @Test
    void setsWhatARuleLetsBeSet() {
        String setting = policy("rules: {sample/names: {settings: {pattern: '[A-Z].*'}}}");

        LintReport report = Linter.of(NAMES).lint(platform(CLUSTER, TOPICS, setting));

        assertThat(report.findings()).extracting(Finding::message).containsExactly("'orders.placed' is no good name");
    }

    @Test
    void saysWhichRulesAndSettingsThereAreNot() {
        // Given
        String wrong = policy("""
                rules:
                  sample/name: {severity: off}
                  sampel/*: {severity: off}
                  sample/names: {settings: {patern: x, pattern: '['}}
                  sample/threads: {settings: {least: '4'}}
                suppressions:
                  - {rule: other/thing, at: Topology/kafka-dev, reason: none, until: 2027-01-01}
                """);

        // When
        LintReport report = linter().lint(platform(CLUSTER, wrong));

        // Then
        assertThat(report.findings().stream()
                        .filter(finding -> finding.rule().startsWith("linter/"))
                        .map(finding -> finding.location().line() + " " + finding.rule() + " " + finding.message()
                                + "; " + finding.remedy()))
                .containsExactly(
                        "32 linter/unknown-rule there is no rule 'sample/name'; did you mean 'sample/names'?",
                        "33 linter/unknown-rule there is no rule 'sampel/*'; did you mean 'sample/*'?",
                        "34 linter/bad-setting sample/names has no setting 'patern'; did you mean 'pattern'?",
                        "34 linter/bad-setting 'pattern' of sample/names cannot be used: Unclosed character class near"
                                + " index 0; Correct the setting.",
                        "35 linter/bad-setting sample/threads has no setting 'least'; remove it; the rule has none",
                        "37 linter/unknown-rule there is no rule 'other/thing'; remove it; Linter.rules() has those"
                                + " that there are");
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .hasSize(7);
    }

    @Test
    void suppressesAtAPlaceUntilADay() {
        // Given
        String accepted = policy("""
                suppressions:
                  - rule: sample/names
                    at: TopicSet/orders
                    path: spec.topics[Orders]
                    reason: Known to all since ever.
                    until: 2026-07-01
                """);

        // When
        LintReport today = linter().lint(platform(CLUSTER, TOPICS, accepted));
        LintReport tomorrow =
                linter().clock(Clock.offset(TODAY, Duration.ofDays(1))).lint(platform(CLUSTER, TOPICS, accepted));

        // Then
        assertThat(today.suppressed()).singleElement().satisfies(one -> {
            assertThat(one.finding().path()).isEqualTo("spec.topics[Orders].name");
            assertThat(one.by().reason()).isEqualTo("Known to all since ever.");
        });
        assertThat(found(today)).containsExactly("ERROR sample/threads", "WARNING sample/names");
        assertThat(today.findings()).hasSize(2);
        assertThat(tomorrow.suppressed()).isEmpty();
        assertThat(tomorrow.findings())
                .hasSize(4)
                .last()
                .satisfies(finding -> assertThat(finding)
                        .hasToString("platform.yaml:46:14: warning[linter/suppression-expired] LintPolicy/house"
                                + " spec.suppressions[0].until: the suppression of sample/names at TopicSet/orders ended on"
                                + " 2026-07-01 (Known to all since ever.)"));
    }

    @Test
    void suppressesFamiliesAndWholeDocumentsButNotNeighbours() {
        // Given
        String family =
                policy("suppressions: [{rule: sample/*, at: TopicSet/orders, reason: Old., until: 2027-01-01}]");
        String neighbour = policy(
                "suppressions: [{rule: sample/names, at: TopicSet/orders, path: 'spec.topics[Order', reason: Old.,"
                        + " until: 2027-01-01}]");

        // Then
        assertThat(linter().lint(platform(CLUSTER, TOPICS, family)).suppressed())
                .hasSize(2);
        assertThat(linter().lint(platform(CLUSTER, TOPICS, neighbour)).suppressed())
                .isEmpty();
    }

    @Test
    void saysWhatASuppressionDoesNotMatch() {
        // Given
        String unused = policy("""
                suppressions:
                  - {rule: sample/names, at: TopicSet/payments, reason: Old., until: 2027-01-01}
                  - {rule: sample/latest, at: StatefulSet/events/gone, reason: Old., until: 2027-01-01}
                """);

        // When
        LintReport ours = linter().lint(platform(CLUSTER, unused));
        LintReport both = linter().lint(platform(CLUSTER, unused), Sources.none());

        // Then
        assertThat(ours.findings()).last().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.INFO);
            assertThat(finding)
                    .hasToString("platform.yaml:32:7: info[linter/suppression-unused] LintPolicy/house"
                            + " spec.suppressions[0]: the suppression of sample/names at TopicSet/payments matches no"
                            + " finding");
        });
        assertThat(ours.findings()).as("manifests were not looked at").hasSize(2);
        assertThat(both.findings()).as("manifests were looked at").hasSize(3);
    }

    @Test
    void doesNotSuppressWhatTheLinterSaysOfItself() {
        String own =
                policy("suppressions: [{rule: linter/*, at: LintPolicy/house, reason: Noise., until: 2027-01-01}]");

        LintReport report = linter().lint(platform(own));

        assertThat(report.findings())
                .extracting(Finding::message)
                .containsExactly(
                        "what the linter says of itself cannot be suppressed; 'rules' can switch linter/* off");
    }

    @Test
    void suppressesThroughJavaAsWell() {
        // Given
        LintPolicy host = LintPolicy.named("host")
                .suppress(Suppression.of("sample/threads", DocumentRef.parse("Topology/kafka-dev"))
                        .until(LocalDate.of(2026, 6, 30), "Small."));

        // When
        LintReport report = linter().policy(host).lint(platform(CLUSTER));

        // Then
        assertThat(report.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "LintPolicy/host: warning[linter/suppression-expired] LintPolicy/host"
                                + " spec.suppressions[0].until: the suppression of sample/threads at Topology/kafka-dev"
                                + " ended on 2026-06-30 (Small.)",
                        "platform.yaml:19:23: error[sample/threads] Topology/kafka-dev"
                                + " spec.brokers.config[num.io.threads]: one thread for all requests: num.io.threads=1");
    }

    @Test
    void saysInJavaWhatFilesSay() {
        // Given
        LintPolicy written = Specs.standard()
                .parse("p.yaml", policy("""
                        rules:
                          sample/*: {severity: info}
                          sample/names: {severity: error, settings: {pattern: '[A-Z].*'}}
                        suppressions:
                          - {rule: sample/threads, at: Topology/kafka-dev, path: spec.brokers, reason: Small., until: 2026-07-31}
                        """))
                .all(LintPolicies.KIND)
                .get(0);

        // When
        LintPolicy said = LintPolicy.named("house")
                .setting("sample/names", "pattern", "[A-Z].*")
                .severity("sample/names", RuleLevel.ERROR)
                .severity("sample/*", RuleLevel.INFO)
                .suppress(Suppression.of("sample/threads", DocumentRef.parse("Topology/kafka-dev"))
                        .path("spec.brokers")
                        .until(LocalDate.of(2026, 7, 31), "Small."));

        // Then
        assertThat(said).isEqualTo(written);
        assertThat(linter().policy(said).lint(platform(CLUSTER, TOPICS)).findings())
                .extracting(Finding::message)
                .containsExactly("'orders.placed' is no good name");
    }

    @Test
    void refusesInJavaWhatFilesMayNotSay() {
        LintPolicy policy = LintPolicy.named("house");

        assertThatThrownBy(() -> policy.severity("jvm", RuleLevel.OFF))
                .hasMessageContaining("'jvm' is not a rule's id");
        assertThatThrownBy(() -> policy.setting("jvm/*", "least", "4Gi"))
                .hasMessageContaining("settings belong to a single rule");
        assertThatThrownBy(() ->
                        Suppression.of("jvm/*", DocumentRef.parse("Topology/a")).until(LocalDate.of(2026, 7, 31), " "))
                .hasMessageContaining("reason");
    }

    @Test
    void reportsMistakesInFilesWhereTheyStand() {
        // Given
        String wrong = policy("""
                rules:
                  jvm/heap: {severity: fatal}
                suppressions:
                  - {rule: all, at: kafka-dev, reason: ' ', until: soon}
                  - {rule: jvm/heap, at: Topology/kafka-dev, reason: Small., until: 2026-02-30}
                  - {rule: jvm/heap, at: Topology/kafka-dev, reason: Small.}
                """);

        // When
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("p.yaml", wrong));

        // Then
        assertThat(refused.problems().asList())
                .extracting(Object::toString)
                .containsExactly(
                        "p.yaml:7:26 spec.rules.jvm/heap.severity: expected one of off, info, warning, error, found"
                                + " 'fatal'; write one of them",
                        "p.yaml:9:14 spec.suppressions[0].rule: 'all' is not a rule's id; write family/name or"
                                + " family/*",
                        "p.yaml:9:23 spec.suppressions[0].at: 'kafka-dev' does not name a document; write Kind/name,"
                                + " such as Topology/kafka-prod",
                        "p.yaml:9:42 spec.suppressions[0].reason: is empty; say why this is accepted",
                        "p.yaml:9:54 spec.suppressions[0].until: 'soon' is not a date; write year, month and day like"
                                + " 2027-03-31",
                        "p.yaml:10:71 spec.suppressions[1].until: '2026-02-30' is not a date; write year, month and day"
                                + " like 2027-03-31",
                        "p.yaml:11:7 spec.suppressions[2].until: is missing: expected an expiry; add 'until:'");
    }

    @Test
    void refusesWhatIsNoRuleAndSettingsOfAFamily() {
        String wrong = policy("rules: {naming: {severity: off}, topics/*: {settings: {pattern: x}}}");

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("p.yaml", wrong));

        assertThat(refused.problems().asList())
                .extracting(Object::toString)
                .containsExactly(
                        "p.yaml:6:19 spec.rules[naming]: 'naming' is not a rule's id; write family/name or family/*",
                        "p.yaml:6:57 spec.rules[topics/*].settings: settings belong to a single rule; name the rule");
    }

    @Test
    void refusesTwoPoliciesThatConfigureOneRule() {
        String one = policy("rules: {jvm/*: {severity: off}}");

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class,
                () -> Specs.standard().parse("p.yaml", one + one.replace("house", "other")));

        assertThat(refused)
                .hasMessageContaining("p.yaml:12:18 spec.rules[jvm/*]: 'jvm/*' is already configured by the LintPolicy"
                        + " 'house' at p.yaml:6:18; keep one of the two");
    }

    @Test
    void readsBackWhatWasWritten() {
        LintPolicy written = platform(policy("""
                        rules:
                          topics/naming: {severity: error, settings: {pattern: '[a-z]+'}}
                        suppressions:
                          - {rule: jvm/*, at: StatefulSet/events/kafka, path: spec, reason: Old., until: 2027-03-31}
                        """)).one(LintPolicies.KIND, "house");

        String text = SpecWriter.write(LintPolicies.KIND, written);

        assertThat(Specs.standard().parse("again.yaml", text).one(LintPolicies.KIND, "house"))
                .isEqualTo(written);
    }
}
