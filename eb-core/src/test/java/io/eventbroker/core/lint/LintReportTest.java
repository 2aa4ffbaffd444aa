package io.eventbroker.core.lint;

import static io.eventbroker.core.lint.LintSamples.CLUSTER;
import static io.eventbroker.core.lint.LintSamples.STATEFUL_SET;
import static io.eventbroker.core.lint.LintSamples.TOPICS;
import static io.eventbroker.core.lint.LintSamples.linter;
import static io.eventbroker.core.lint.LintSamples.platform;
import static io.eventbroker.core.lint.LintSamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.source.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports as text, JSON and SARIF. */
class LintReportTest {
    private static final Path GOLDEN = Path.of("src/test/resources/lint-report");

    private static final String POLICY = """
            ---
            apiVersion: eventbroker.io/v1
            kind: LintPolicy
            metadata: {name: house}
            spec:
              suppressions:
                - {rule: sample/names, at: TopicSet/orders, path: 'spec.topics[Orders]', reason: Known., until: 2026-12-31}
                - {rule: sample/names, at: TopicSet/orders, path: spec.retired, reason: Old., until: 2026-01-01}
            """;

    /** Has everything that a report can have: new, known, suppressed and mended findings, and a note. */
    private static LintReport everything() {
        String before = CLUSTER.replace("4.3.1}\n  zones", "3.6.2}\n  zones");
        Baseline baseline = Baseline.of(linter().lint(platform(before, TOPICS.replace("orders.placed", "Mended"))));
        return linter().baseline(baseline)
                .lint(platform(before, TOPICS, POLICY), Sources.parse("k8s/kafka set.yaml", STATEFUL_SET));
    }

    @Test
    void printsForPeople() {
        Golden.check(GOLDEN.resolve("everything.txt"), text(everything()));
    }

    @Test
    void writesJsonForTools() {
        String json = everything().toJson();

        assertThat(everything().toJson()).isEqualTo(json);
        Golden.check(
                GOLDEN.resolve("everything.json"), CanonicalJson.readTree(json).toPrettyString() + "\n");
    }

    @Test
    void writesSarifForCodeScanning() {
        Golden.check(
                GOLDEN.resolve("everything.sarif"),
                CanonicalJson.readTree(everything().toSarif()).toPrettyString() + "\n");
    }

    @Test
    void writesSarifThatItsSchemaAccepts() {
        LintReport nothing = Linter.of().lint(Sources.none());
        LintReport failed = linter().lint(Sources.parse("C:\\k8s\\a.yaml", "a: [\n"));

        assertThat(sarifProblems(everything().toSarif())).isEmpty();
        assertThat(sarifProblems(nothing.toSarif())).isEmpty();
        assertThat(sarifProblems(failed.toSarif())).isEmpty();
        assertThat(sarifProblems(
                        Linter.standard().lint(platform(CLUSTER, TOPICS)).toSarif()))
                .isEmpty();
        assertThat(sarifProblems(everything().toSarif().replace("\"unchanged\"", "\"same\"")))
                .as("the schema is really applied")
                .isNotEmpty();
        assertThat(sarifProblems(everything().toSarif().replace("\"startLine\":", "\"line\":")))
                .isNotEmpty();
    }

    @Test
    void refersToRulesByTheirPlaceInSarif() {
        JsonNode run = CanonicalJson.readTree(everything().toSarif()).at("/runs/0");
        JsonNode rules = run.at("/tool/driver/rules");

        assertThat(run.get("results"))
                .hasSizeGreaterThan(4)
                .allSatisfy(result -> assertThat(
                                rules.get(result.get("ruleIndex").intValue()).get("id"))
                        .isEqualTo(result.get("ruleId")));
        assertThat(StreamSupport.stream(run.get("results").spliterator(), false)
                        .map(result -> result.get("partialFingerprints")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "k8s/kafka set.yaml, k8s/kafka%20set.yaml",
        "/srv/platform/a.yaml, file:///srv/platform/a.yaml",
        "C:\\k8s\\a.yaml, file:///C:/k8s/a.yaml",
        "odd:name.yaml, ./odd:name.yaml",
        "größe.yaml, gr%C3%B6%C3%9Fe.yaml"
    })
    void namesFilesByUri(String source, String uri) {
        String sarif = linter().lint(Sources.parse(source, STATEFUL_SET)).toSarif();

        assertThat(CanonicalJson.readTree(sarif)
                        .at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo(uri);
        assertThat(sarifProblems(sarif)).isEmpty();
    }

    @Test
    void keepsSecretsToItself() {
        // Given
        Rule look = Rule.warning("sample/look")
                .reason("Because.")
                .remedy("Do so.")
                .source("KIP-1")
                .onManifests((manifest, report) -> report.finding("data.key", "is looked at"))
                .build();
        Sources secret = Sources.parse(
                "secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {key: aHVudGVyMg==}\n");

        // When
        LintReport report = Linter.of(look).lint(secret);

        // Then
        assertThat(text(report) + report.toJson() + report.toSarif()).doesNotContain("aHVudGVyMg");
        assertThat(text(report)).contains("  4 | data: [hidden]\n    |       ^\n");
    }

    @Test
    void printsNothingThatATerminalWouldObey() {
        Rule quote = Rule.warning("sample/quote")
                .reason("Because.")
                .remedy("Do so.")
                .source("KIP-1")
                .onManifests((manifest, report) ->
                        report.finding("kind", "is '" + manifest.root().text("kind") + "'"))
                .build();
        Sources odd = Sources.parse("odd.json", "{\"kind\": \"a\\u001b[31mred\\nb\"}");

        String text = text(Linter.of(quote).lint(odd));

        assertThat(text).contains("a·[31mred·b").doesNotContain("\u001b");
        assertThat(text.lines().filter(line -> line.startsWith("odd.json"))).hasSize(1);
    }

    @Test
    void saysWhenItCannotPrint() {
        Appendable full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThatThrownBy(() -> everything().printTo(full))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no space left");
    }

    private static List<Error> sarifProblems(String sarif) {
        try (InputStream in =
                LintReportTest.class.getClassLoader().getResourceAsStream("schema/sarif-schema-2.1.0.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
            return schema.validate(
                    sarif,
                    InputFormat.JSON,
                    context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
