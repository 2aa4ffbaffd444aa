package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules on platforms beyond their own samples: what a whole platform deserves, and what policies may set. */
class PlatformRulesTest {
    private static final Rule[] RULES = Stream.of(
                    ResourceRules.ALL,
                    StorageRules.ALL,
                    CapacityRules.ALL,
                    RetentionRules.ALL,
                    PlacementRules.ALL,
                    VersionRules.ALL,
                    TopicRules.ALL,
                    TopicPropertyRules.ALL,
                    EnvironmentRules.ALL,
                    ImageRules.ALL,
                    MonitoringRules.ALL,
                    NetworkRules.ALL)
            .flatMap(List::stream)
            .toArray(Rule[]::new);

    @Test
    void complainsOfNothingInTheBaseOfSamplesButMissingDigests() {
        Platform platform = Specs.standard().read(Path.of("src/test/resources/lint/platform.yaml"));

        assertThat(Linter.of(RULES).lint(platform).findings())
                .extracting(Finding::rule)
                .containsOnly("images/no-digest");
    }

    @Test
    void findsInThePlatformOfTwoRegionsWhatItDeserves() {
        Platform platform = Specs.standard().read(Path.of("src/test/resources/topology/production.yaml"));

        String found = Linter.of(RULES).lint(platform).findings().stream()
                .map(finding -> finding + "\n")
                .collect(Collectors.joining());

        Golden.check(Path.of("src/test/resources/lint-report/production.txt"), found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            topics/retention-over-classification; limits; personal; 'personal' is not a limit
            topics/retention-over-classification; limits; personal=0d; 'personal=0d' is not a limit
            monitoring/alerts-missing; alerts; disk-full; 'disk-full' is not an alert
            storage/expansion-too-late; latest; 101; '101' is not a whole number from 0 to 100
            topics/too-many-partitions; perBroker; 0; '0' is not a whole number from 1 to 2147483647
            resources/few-cores; least; two; 'two' is not processor time
            """)
    void refusesSettingsThatCannotBeUsed(String rule, String setting, String value, String message) {
        String policy = """
                apiVersion: eventbroker.io/v1
                kind: LintPolicy
                metadata: {name: own}
                spec: {rules: {%s: {settings: {%s: '%s'}}}}
                """.formatted(rule, setting, value);

        LintReport report = Linter.of(RULES).lint(Specs.standard().parse("policy.yaml", policy));

        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("linter/bad-setting");
            assertThat(finding.message()).contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "cp-server, docker.io, cp-server, '', ''",
        "confluentinc/cp-server:8.1.0, docker.io, confluentinc/cp-server, 8.1.0, ''",
        "localhost/kafka, localhost, kafka, '', ''",
        "registry.example.com:5000/own/kafka, registry.example.com:5000, own/kafka, '', ''",
        "registry.example.com:5000/own/kafka:4.1@sha256:ab, registry.example.com:5000, own/kafka, 4.1, sha256:ab",
        "kafka@sha256:ab, docker.io, kafka, '', sha256:ab"
    })
    void takesImageReferencesApart(String reference, String registry, String repository, String tag, String digest) {
        assertThat(ImageName.parse(reference))
                .isEqualTo(new ImageName(
                        registry,
                        repository,
                        Optional.of(tag).filter(text -> !text.isEmpty()),
                        Optional.of(digest).filter(text -> !text.isEmpty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/kafka:latest", "a/kafka:4", "a/kafka:4.1rc1", "a/kafka:99999.1", "a/kafka"})
    void takesNothingForAReleaseThatIsNone(String reference) {
        assertThat(ImageName.parse(reference).version()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "1, 1 ms",
        "1500, 1500 ms",
        "90000, 90 s",
        "5400000, 90 min",
        "3600000, 1 hour",
        "604800000, 7 days"
    })
    void showsTimesInTheLargestUnitThatDividesThem(long millis, String expected) {
        assertThat(Numbers.time(millis)).isEqualTo(expected);
    }
}
