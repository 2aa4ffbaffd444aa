package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.law.Readme;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of lint is what happens. */
class LintReadmeTest {
    static final Rule OWNER = Rule.warning("house/owner")
            .reason("Before a topic is changed or deleted, somebody must be asked.")
            .remedy("Name the team in 'owner'.")
            .source("https://kafka.apache.org/documentation/#multitenancy-topic-naming")
            .onTopicSets((set, report) -> { // or onClusters, onManifests
                for (LintedTopics.Topic topic : set.topics()) {
                    if (topic.spec().owner().isEmpty()) {
                        report.finding(topic.path(""), "nobody answers for '" + topic + "'");
                    }
                }
            })
            .build();

    private final Readme readme = Readme.of(LintReadmeTest.class);

    @TempDir
    Path folder;

    private Platform platform(String policy) throws IOException {
        Files.writeString(
                folder.resolve("kafka.yaml"), readme.blocks("ReadmeTest").get(0).replace("owner: checkout", ""));
        Files.writeString(folder.resolve("payments.yaml"), """
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: payments}
                spec:
                  cluster: kafka-dev
                  topics:
                    - {name: payments.payment.settled}
                """);
        Files.writeString(folder.resolve("policy.yaml"), policy);
        return Specs.standard().read(folder);
    }

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = readme.blocks();
        Platform platform = platform(blocks.get(2));
        Path known = folder.resolve("known.baseline");
        Files.writeString(known, Baseline.of(Linter.standard().lint(platform)).toJson());
        Path manifests = Files.writeString(folder.resolve("k8s.yaml"), LintSamples.STATEFUL_SET);
        StringBuilder out = new StringBuilder();

        // When
        LintFailedException refused = catchThrowableOfType(LintFailedException.class, () -> {
            LintReport report = Linter.standard()
                    .with(OWNER) // rules of your own
                    .baseline(Baseline.parse(Files.readString(known))) // what need not fail
                    .lint(platform, Sources.read(manifests)); // or either of them
            report.printTo(out).requireNone(Severity.WARNING);
            Files.writeString(folder.resolve("lint.sarif"), report.toSarif()); // or toJson()
        });

        // Then
        assertThat(refused.report().suppressed())
                .extracting(one -> one.finding().path())
                .contains("spec.topics[orders.order.placed]");
        assertThat(refused.report().findings())
                .extracting(Finding::rule)
                .doesNotContain(OwnRules.UNKNOWN_RULE.id(), OwnRules.SETTING.id());
        assertThat(out.toString().replace(folder + "/", "")).contains(blocks.get(1));
        readme.assertShowsCode(blocks.get(0), blocks.get(3));
    }
}
