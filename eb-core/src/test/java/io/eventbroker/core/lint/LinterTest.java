package io.eventbroker.core.lint;

import static io.eventbroker.core.lint.LintSamples.CLUSTER;
import static io.eventbroker.core.lint.LintSamples.STATEFUL_SET;
import static io.eventbroker.core.lint.LintSamples.THREADS;
import static io.eventbroker.core.lint.LintSamples.TOPICS;
import static io.eventbroker.core.lint.LintSamples.linter;
import static io.eventbroker.core.lint.LintSamples.platform;
import static io.eventbroker.core.lint.LintSamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LinterTest {
    private static Rule.Builder rule(String id) {
        return Rule.warning(id).reason("Because.").remedy("Do so.").source("KIP-1");
    }

    @Test
    void pointsAtWhatIsWrongByPlace() {
        // When
        LintReport report = linter().lint(platform(CLUSTER, TOPICS));

        // Then
        assertThat(report.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "platform.yaml:19:23: error[sample/threads] Topology/kafka-dev"
                                + " spec.brokers.config[num.io.threads]: one thread for all requests: num.io.threads=1",
                        "platform.yaml:33:13: warning[sample/names] TopicSet/orders spec.topics[Orders].name:"
                                + " 'Orders' is no good name",
                        "platform.yaml:35:13: warning[sample/names] TopicSet/orders spec.topics[Payments].name:"
                                + " 'Payments' is no good name");
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void pointsAtTheLayerThatSetsAValue() {
        // Given
        String cluster = CLUSTER.replace("      num.io.threads: 1\n", "      num.network.threads: 3\n");
        String layer = """
                ---
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: everywhere}
                spec:
                  brokers: {num.io.threads: 1}
                """;

        // When
        LintReport report = linter().lint(platform(cluster, layer));

        // Then
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.location()).hasToString("platform.yaml:31:29");
            assertThat(finding.document()).isEqualTo(new DocumentRef("Topology", "kafka-dev"));
        });
    }

    @Test
    void saysOfEachTopicWhatItHasInCommonWithOthers() {
        // Given
        String topics = """
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: kept}
                spec:
                  cluster: kafka-dev
                  topics:
                    - {name: a, configs: {retention.ms: -1, retention.bytes: -1}}
                    - {name: b}
                    - {name: c, configs: {retention.bytes: -1, retention.ms: -1}}
                    - {name: d, configs: {retention.ms: 1000, retention.bytes: -1}}
                """;

        // When
        LintReport report = Linter.of(RetentionRules.UNLIMITED).lint(platform(CLUSTER, topics));

        // Then
        assertThat(report.findings())
                .extracting(finding -> finding.location() + " " + finding.message())
                .containsExactly(
                        "platform.yaml:33:41 topic 'a': records are kept for ever, of any size",
                        "platform.yaml:35:62 topic 'c': records are kept for ever, of any size");
    }

    @Test
    void pointsAtWhereADefaultOfKafkaCouldBeSet() {
        // Given
        Rule threads = rule("sample/default")
                .onClusters((cluster, report) -> report.finding(
                        ConfigTarget.BROKERS,
                        cluster.config().brokers().find("num.network.threads").orElseThrow(),
                        "nobody sets it"))
                .build();

        // When
        LintReport report = Linter.of(threads).lint(platform(CLUSTER));

        // Then
        assertThat(report.findings().get(0).location()).hasToString("platform.yaml:18:5");
    }

    @Test
    void looksAtManifestsOfOthersAndAtBothTogether() {
        // Given
        Sources manifests = Sources.parse("k8s.yaml", STATEFUL_SET);

        // When
        LintReport both = linter().lint(platform(CLUSTER), manifests);

        // Then
        assertThat(linter().lint(manifests).findings())
                .extracting(Finding::toString)
                .containsExactly("k8s.yaml:11:18: warning[sample/latest] StatefulSet/events/kafka"
                        + " spec.template.spec.containers[kafka].image: kafka:latest may be anything");
        assertThat(both.findings()).extracting(Finding::rule).containsExactly("sample/latest", "sample/threads");
    }

    @Test
    void saysWhatOfManifestsCouldNotBeRead() {
        // Given
        Sources broken = Sources.parse("broken.yaml", "a: b\nkind: [\n").and(Sources.parse("k8s.yaml", STATEFUL_SET));

        // When
        LintReport report = linter().lint(broken);

        // Then
        assertThat(report.findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder("linter/unreadable", "sample/latest");
        assertThat(report.findings().get(0).location().source()).isEqualTo("broken.yaml");
    }

    @Test
    void goesOnWhenARuleThrows() {
        // Given
        Logger logger = (Logger) LoggerFactory.getLogger(Linter.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        Rule broken = rule("sample/broken")
                .onClusters((cluster, report) -> {
                    report.finding("spec.zones", "found before it broke");
                    throw new IllegalStateException("password=hunter2");
                })
                .build();

        // When
        LintReport report;
        try {
            report = Linter.of(broken, THREADS).lint(platform(CLUSTER));
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }

        // Then
        assertThat(report.findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder("linter/rule-failed", "sample/broken", "sample/threads");
        assertThat(report.findings().get(0))
                .hasToString("platform.yaml:1:1: error[linter/rule-failed] Topology/kafka-dev:"
                        + " rule sample/broken ended with IllegalStateException");
        assertThat(text(report)).doesNotContain("hunter2");
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("sample/broken", "Topology/kafka-dev");
            assertThat(event.getThrowableProxy().getClassName()).isEqualTo(IllegalStateException.class.getName());
        });
    }

    @Test
    void goesOnWhenAPatternExhaustsTheStack() {
        Rule deep = rule("sample/deep")
                .onClusters((cluster, report) ->
                        report.finding("", "" + "ab".repeat(100_000).matches("((a|b)+)*c")))
                .build();

        LintReport report = Linter.of(deep, THREADS).lint(platform(CLUSTER));

        assertThat(report.findings()).extracting(Finding::rule).containsExactly("linter/rule-failed", "sample/threads");
    }

    @Test
    void notesAReleaseThatIsNotCatalogued() {
        Platform old = platform(CLUSTER.replace("4.3.1}\n  zones", "3.6.2}\n  zones"));

        LintReport report = linter().lint(old);

        assertThat(report.notes())
                .containsExactly(old.config("kafka-dev").catalogue().note().orElseThrow());
        assertThat(text(report)).contains("note: Kafka 3.6 is not catalogued");
    }

    @Test
    void endsWhereSomethingBadWasFound() {
        // Given
        LintReport report = linter().lint(platform(CLUSTER, TOPICS));
        LintReport mild = Linter.of(LintSamples.NAMES).lint(platform(CLUSTER, TOPICS));

        // When
        LintFailedException errors =
                catchThrowableOfType(LintFailedException.class, () -> report.requireNone(Severity.ERROR));
        LintFailedException all =
                catchThrowableOfType(LintFailedException.class, () -> report.requireNone(Severity.INFO));

        // Then
        assertThat(errors)
                .hasMessage("lint: 1 finding of severity error\n"
                        + report.findings().get(0) + "; raise num.io.threads.");
        assertThat(errors.report()).isSameAs(report);
        assertThat(all).hasMessageStartingWith("lint: 3 findings of severity info or worse\n");
        assertThat(mild.requireNone(Severity.ERROR)).isSameAs(mild);
    }

    @Test
    void listsNoMoreThanAPersonReads() {
        Rule chatty = rule("sample/chatty")
                .onClusters((cluster, report) -> {
                    for (int i = 0; i < 250; i++) {
                        report.finding("spec", "finding " + i);
                    }
                })
                .build();
        LintReport report = Linter.of(chatty).lint(platform(CLUSTER));

        LintFailedException refused =
                catchThrowableOfType(LintFailedException.class, () -> report.requireNone(Severity.WARNING));

        assertThat(refused.getMessage().lines()).hasSize(102).last().isEqualTo("and 150 more");
    }

    @Test
    void refusesTwoRulesOfOneIdAndTheFamilyOfItsOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Linter.of(THREADS).with(THREADS))
                .withMessage("there are two rules with the id sample/threads");
        Rule own = rule("linter/mine").onClusters((cluster, report) -> {}).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Linter.of(own))
                .withMessageContaining("the family 'linter' is the linter's own");
    }

    @Test
    void refusesRulesThatExplainOrCheckNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule("sample/empty").build())
                .withMessageContaining("checks nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rule.info("sample/bare")
                        .onClusters((cluster, report) -> {})
                        .build())
                .withMessageContaining("needs a reason, a remedy and a source");
        assertThatIllegalArgumentException().isThrownBy(() -> rule("Sample"));
    }

    @Test
    void parsesASettingOnceForTenThousandTopics() {
        // Given
        AtomicInteger parsed = new AtomicInteger();
        RuleSetting<Integer> longest = new RuleSetting<>("longest", "20", "the longest name", text -> {
            parsed.incrementAndGet();
            return Integer.valueOf(text);
        });
        Rule rule = rule("sample/longest")
                .setting(longest)
                .onTopicSets((set, report) -> {
                    for (LintedTopics.Topic topic : set.topics()) {
                        if (topic.name().toString().length() > report.setting(longest)) {
                            report.finding(topic.path("name"), topic + " is too long");
                        }
                    }
                })
                .build();
        StringBuilder topics = new StringBuilder("""
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: many}
                spec:
                  cluster: kafka-dev
                  topics:
                """);
        for (int i = 0; i < 10_000; i++) {
            topics.append("    - name: topic-")
                    .append(i == 77 ? "with-a-name-beyond-all-measure" : i)
                    .append('\n');
        }
        Platform platform = platform(CLUSTER, topics.toString());
        int before = parsed.get();

        // When
        LintReport report = Linter.of(rule).lint(platform);

        // Then
        assertThat(report.findings())
                .singleElement()
                .extracting(Finding::path)
                .isEqualTo("spec.topics[topic-with-a-name-beyond-all-measure].name");
        assertThat(parsed.get() - before).isEqualTo(1);
    }

    @Test
    void showsTopicsWithWhatTheyInherit() {
        // Given
        String topics = """
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: orders}
                spec:
                  cluster: kafka-dev
                  defaults: {partitions: 6, configs: {retention.ms: 1000}}
                  topics:
                    - {name: own, partitions: 3, replicationFactor: 1, configs: {retention.ms: 5}}
                    - {name: bare}
                """;
        List<String> seen = new ArrayList<>();
        Rule look = rule("sample/look")
                .onTopicSets((set, report) -> set.topics()
                        .forEach(topic -> seen.add(topic + " "
                                + topic.partitions().orElse(0) + " "
                                + topic.replicationFactor().orElse(0) + " "
                                + topic.config("retention.ms").orElse("") + " "
                                + topic.config("cleanup.policy").orElse("") + " " + topic.configPath("retention.ms")
                                + " " + set.cluster().isPresent())))
                .build();
        String cluster = CLUSTER.replace("num.io.threads: 1", "default.replication.factor: 3");

        // When
        Linter.of(look).lint(platform(cluster, topics));

        // Then
        assertThat(seen)
                .containsExactly(
                        "own 3 1 5 delete spec.topics[0].configs[retention.ms] true",
                        "bare 6 3 1000 delete spec.defaults.configs[retention.ms] true");
    }
}
