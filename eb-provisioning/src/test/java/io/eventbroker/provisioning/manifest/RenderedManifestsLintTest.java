package io.eventbroker.provisioning.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.lint.Finding;
import io.eventbroker.core.lint.LintReport;
import io.eventbroker.core.lint.Linter;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is recommended to others is done: the linter finds nothing serious in what is rendered for production. */
class RenderedManifestsLintTest {
    private static final Platform PLATFORM = Specs.standard().read(Path.of("src/test/resources/platform.yaml"));

    static List<Function<Topology, Manifests>> renderers() {
        return List.of(Manifests::statefulSet, Manifests::confluent);
    }

    @ParameterizedTest
    @MethodSource("renderers")
    void findsNothingSeriousInWhatIsRendered(Function<Topology, Manifests> renderer) {
        Manifests manifests = renderer.apply(PLATFORM.topology("kafka-prod"));

        LintReport report = Linter.standard().lint(Sources.parse("rendered.yaml", manifests.toYaml()));

        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() != Severity.INFO)
                // a topology does not say whether its external listeners are for the Internet or for networks beside it
                .filteredOn(finding -> !finding.rule().equals("network/exposed-to-the-world"))
                .extracting(Finding::toString)
                .isEmpty();
    }

    @Test
    void looksAtThePodsAndTheirConfiguration() {
        String broken = Manifests.statefulSet(PLATFORM.topology("kafka-prod"))
                .toYaml()
                .replace("authorizer.class.name=", "authorizer=")
                .replace("terminationGracePeriodSeconds: 300", "terminationGracePeriodSeconds: 5");

        assertThat(Linter.standard()
                        .lint(Sources.parse("rendered.yaml", broken))
                        .findings())
                .extracting(Finding::rule)
                .contains("properties/no-authorizer", "pods/short-grace-period");
    }
}
