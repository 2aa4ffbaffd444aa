package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.config.ConfigLayers;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.lint.Finding;
import io.eventbroker.core.lint.Linter;
import io.eventbroker.core.lint.Rule;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ${provider:path}} in files: resolved only by what the host passes, and never repeated. */
class ReferencesTest {
    @TempDir
    Path folder;

    private static Specs with(Map<String, String> environment) {
        return Specs.standard().resolving("env", name -> Optional.ofNullable(environment.get(name)));
    }

    private static String small() throws IOException {
        return Files.readString(Path.of("src/test/resources/spec/small.yaml"));
    }

    private static String problems(Specs specs, String text) {
        return catchThrowableOfType(InvalidSpecException.class, () -> specs.parse("f.yaml", text))
                .problems()
                .toString();
    }

    @Test
    void resolvesScalarsOfEverySort() throws IOException {
        // Given
        String text = small().replace("kafka-test", "kafka-${env:STAGE}")
                .replace("environment: development", "environment: ${env:ENVIRONMENT}")
                .replace("type: apache,", "type: '${env:TYPE}',")
                .replace("version: 4.3.1}", "version: '${env:VERSION}'}")
                .replace("zones: [az-a]", "zones: ['${env:ZONE}']")
                .replace("replicas: 3", "replicas: ${env:BROKERS}")
                .replace("authentication: mtls", "authentication: '${env:AUTH}'")
                .replace("size: 10Gi", "size: '${env:NUMBER}${env:UNIT}'");

        // When
        Platform platform = with(Map.of(
                        "STAGE",
                        "test",
                        "ENVIRONMENT",
                        "development",
                        "TYPE",
                        "apache",
                        "VERSION",
                        "4.3.1",
                        "ZONE",
                        "az-a",
                        "BROKERS",
                        "3",
                        "AUTH",
                        "mtls",
                        "NUMBER",
                        "10",
                        "UNIT",
                        "Gi"))
                .parse("f.yaml", text);

        // Then
        Topology expected = Specs.standard().parse("f.yaml", small()).topology("kafka-test");
        assertThat(platform.topology("kafka-test")).isEqualTo(expected);
        assertThat(platform.one(TopicSets.KIND, "orders").cluster()).contains("kafka-test");
    }

    @Test
    void resolvesInJsonWhereEverythingIsQuoted() {
        TopicSet set = with(Map.of("PARTITIONS", "12", "NAME", "orders"))
                .parse("f.json", """
                        {"apiVersion": "eventbroker.io/v1", "kind": "TopicSet", "metadata": {"name": "${env:NAME}"},
                         "spec": {"topics": [{"name": "a", "partitions": "${env:PARTITIONS}"}]}}
                        """)
                .one(TopicSets.KIND, "orders");

        assertThat(set.topics().get(0).partitions()).contains(12);
    }

    @Test
    void resolvesInOverlaysAndFindsTheirBaseByName() throws IOException {
        // Given
        Path base = Files.writeString(folder.resolve("base.yaml"), small());
        Path overlay = Files.writeString(folder.resolve("overlay.yaml"), """
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: '${env:SET}'}
                spec: {defaults: {partitions: '${env:PARTITIONS}'}}
                """);

        // When
        Platform platform = with(Map.of("SET", "orders", "PARTITIONS", "12"))
                .overlay(overlay)
                .read(base);

        // Then
        assertThat(platform.one(TopicSets.KIND, "orders").defaults().partitions())
                .contains(12);
        assertThat(platform.overlayChanges().asList())
                .extracting(change -> change.path() + change.before() + change.after())
                .asString()
                .contains("${env:PARTITIONS}")
                .doesNotContain("12");
    }

    @Test
    void leavesThoseOfPropertiesWithoutAResolver() {
        // Given
        String text = """
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: everywhere}
                spec:
                  brokers:
                    ssl.keystore.password: ${secret:kafka-tls/password}
                    num.io.threads: ${env:THREADS}
                    log.dir.note: $${env:THREADS} and ${file:/etc/x:y}
                """;

        // When
        Map<String, String> without = Specs.standard()
                .parse("f.yaml", text)
                .one(ConfigLayers.KIND, "everywhere")
                .brokers();
        Map<String, String> with = with(Map.of("THREADS", "16"))
                .parse("f.yaml", text)
                .one(ConfigLayers.KIND, "everywhere")
                .brokers();

        // Then
        assertThat(without)
                .containsEntry("ssl.keystore.password", "${secret:kafka-tls/password}")
                .containsEntry("num.io.threads", "${env:THREADS}")
                .containsEntry("log.dir.note", "${env:THREADS} and ${file:/etc/x:y}");
        assertThat(with)
                .containsEntry("ssl.keystore.password", "${secret:kafka-tls/password}")
                .containsEntry("num.io.threads", "16")
                .containsEntry("log.dir.note", "${env:THREADS} and ${file:/etc/x:y}");
    }

    @Test
    void refusesThemElsewhereWithoutAResolver() throws IOException {
        String text = small().replace("environment: development", "environment: ${env:STAGE}")
                .replaceFirst("name: kafka-test", "name: kafka-\\${env:STAGE}")
                .replaceFirst("replicas: 3", "replicas: \\${secret:sizes/brokers}");

        assertThat(problems(Specs.standard(), text)).isEqualTo("""
                f.yaml:4:9 metadata.name: nothing resolves the reference '${env:STAGE}'; pass a resolver with Specs.resolving("env", …), or write the value
                f.yaml:6:16 spec.environment: nothing resolves the reference '${env:STAGE}'; pass a resolver with Specs.resolving("env", …), or write the value
                f.yaml:10:15 spec.brokers.replicas: the reference '${secret:sizes/brokers}' can only stand in properties, where it stays a reference; write the value, or move the setting into properties such as 'config'""".stripIndent());
    }

    @Test
    void refusesThemInKeys() throws IOException {
        assertThat(problems(
                        with(Map.of("A", "a")),
                        small().replace("  name: orders", "  name: orders\n  labels: {'${env:A}': b}")))
                .contains("metadata.labels.${env:A}: a reference cannot stand in a key, found '${env:A}'");
    }

    @Test
    void neverResolvesSecretsIntoAModel() {
        for (String provider : List.of("secret", "configMap")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Specs.standard().resolving(provider, Optional::of))
                    .withMessageContaining("'" + provider + "' cannot be resolved into a model");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Specs.standard().resolving("a b", Optional::of))
                .withMessageContaining("'a b' is not the name of a provider");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(Map.of()).resolving("env", Optional::of))
                .withMessage("there is a resolver of 'env' already");
    }

    @Test
    void doesNotResolveWhatItGot() throws IOException {
        String text = small() + "      owner: ${env:OWNER}\n";

        TopicSet set = with(Map.of("OWNER", "${env:STAGE} $${x}", "STAGE", "test"))
                .parse("f.yaml", text)
                .one(TopicSets.KIND, "orders");

        assertThat(set.topics().get(0).owner()).contains("${env:STAGE} $${x}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null"})
    void takesWhatLooksLikeNothingForText(String value) throws IOException {
        TopicSet set = with(Map.of("OWNER", value))
                .parse("f.yaml", small() + "      owner: ${env:OWNER}\n")
                .one(TopicSets.KIND, "orders");

        assertThat(set.topics().get(0).owner()).contains(value);
    }

    @Test
    void asksOnceForEachPath() throws IOException {
        List<String> asked = new ArrayList<>();
        Specs specs = Specs.standard().resolving("env", name -> {
            asked.add(name);
            return Optional.of("test");
        });

        specs.parse("f.yaml", small().replace("kafka-test", "kafka-${env:STAGE}"));

        assertThat(asked).containsExactly("STAGE");
    }

    @Test
    void reportsWhatHasNoValueAmongTheOthers() throws IOException {
        String text = small().replaceFirst("replicas: 3", "replicas: \\${env:BROKERS}")
                .replace("replicationFactor: 3", "replicationFactor: many");

        assertThat(problems(with(Map.of()), text)).isEqualTo("""
                f.yaml:10:15 spec.brokers.replicas: the reference '${env:BROKERS}' has no value: the resolver of 'env' does not know it; set it, or write the value
                f.yaml:39:26 spec.topics[0].replicationFactor: expected a whole number, found 'many'; write a whole number such as 12, without quotes""");
    }

    @Test
    void survivesResolversThatThrow() throws IOException {
        String text = small().replaceFirst("replicas: 3", "replicas: \\${env:BROKERS}");
        Specs throwing = Specs.standard().resolving("env", name -> {
            throw new IllegalStateException("hunter2");
        });
        Specs givingNull = Specs.standard().resolving("env", name -> null);

        assertThat(problems(throwing, text))
                .contains(
                        "f.yaml:10:15 spec.brokers.replicas: the reference '${env:BROKERS}' could not be resolved: the"
                                + " resolver of 'env' threw java.lang.IllegalStateException")
                .doesNotContain("hunter2");
        assertThat(problems(givingNull, text))
                .contains("the resolver of 'env' gave null for '${env:BROKERS}'; let it give an Optional");
    }

    static Stream<Arguments> wrongValues() {
        String secret = "h0nter-TWO_";
        return Stream.of(
                Arguments.of("replicas: 3", "replicas: ${env:X}", secret, "expected a whole number, found '${env:X}'"),
                Arguments.of("replicas: 3", "replicas: ${env:X}", "-7", "must be at least 1, was ${env:X}"),
                Arguments.of("replicas: 3", "replicas: ${env:X}", "2", "${env:X} brokers cannot hold"),
                Arguments.of("size: 10Gi", "size: '${env:X}'", secret, "'${env:X}' is not a size"),
                Arguments.of("authentication: mtls", "authentication: '${env:X}'", secret, "found '${env:X}'"),
                Arguments.of("zones: [az-a]", "zones: ${env:X}", secret, "expected a list, found '${env:X}'"),
                Arguments.of("name: internal", "name: 'x${env:X}'", secret, "'x${env:X}'"),
                Arguments.of("environment: development", "environment: ${env:X}", secret, "'${env:X}'"),
                Arguments.of("cluster: kafka-test", "cluster: ${env:X}", secret, "no Topology '${env:X}'"),
                Arguments.of("name: orders\n", "name: ${env:X}\n", secret.repeat(20), "'${env:X}...' is not a name"),
                Arguments.of("kind: TopicSet", "kind: ${env:X}", secret, "unknown kind '${env:X}'"),
                Arguments.of("type: apache", "type: '${env:X}'", secret, "found '${env:X}'"),
                Arguments.of("spec:\n  cluster", "spec: ${env:X}\nspek:\n  cluster", secret, "expected a map, found"),
                Arguments.of("min.insync.replicas: 2", "min.insync.replicas: '${env:X}'", secret, "found '${env:X}'"),
                Arguments.of(
                        "min.insync.replicas: 2", "ssl.key.password: '${env:X}'", secret, "must not stand in a file"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void namesTheReferenceInPlaceOfAWrongValue(String right, String reference, String value, String expected)
            throws IOException {
        assertThat(small()).contains(right);
        String text = small().replaceFirst(
                        java.util.regex.Pattern.quote(right), java.util.regex.Matcher.quoteReplacement(reference));

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> with(Map.of("X", value)).parse("f.yaml", text));

        assertThat(refused.problems().toString()).contains(expected);
        if (value.length() > 3) {
            assertThat(refused.getMessage()).doesNotContain(value.substring(0, Math.min(value.length(), 60)));
        }
    }

    @Test
    void namesTheReferenceWhereAValueIsPrintedOtherwiseOrInPart() throws IOException {
        // Given values of which messages show another form, or one of several parts
        String size = small().replaceFirst("size: 10Gi", "size: '\\${env:X}'");
        String list = small() + "      owner: '${env:X}'\n";

        // When
        String ofSize = with(Map.of("X", "10485760Ki"))
                .parse("f.yaml", size)
                .masked(Problem.error(SourceLocation.of("f.yaml"), "", "10Gi are too few", "not 10485760Ki"))
                .toString();
        Platform ofTwo = with(Map.of("X", "delete,hunterTwo")).parse("f.yaml", list);
        SourceLocation place = ofTwo.documents(TopicSets.KIND).get(0).locate("spec.topics[0].owner");
        Problem ofPart = ofTwo.masked(Problem.error(place, "", "'hunterTwo' is nobody", ""));

        // Then
        assertThat(ofSize).isEqualTo("f.yaml: ${env:X} are too few; not ${env:X}");
        assertThat(ofPart.message()).isEqualTo("'${env:X}' is nobody");
    }

    @Test
    void namesTheReferenceInWhatTheLinterFinds() throws IOException {
        // Given a rule that repeats what it looks at
        String text = small().replace("name: orders.order.placed", "name: ${env:TOPIC}");
        Rule repeating = Rule.error("sample/repeats")
                .reason("It repeats.")
                .remedy("Do so.")
                .source("KIP-1")
                .onTopicSets((set, report) -> set.topics()
                        .forEach(topic ->
                                report.finding(topic.path("name"), "found " + topic.name(), "not " + topic.name())))
                .build();
        Platform platform = with(Map.of("TOPIC", "hunter.two.topic")).parse("f.yaml", text);

        // When
        Finding finding = Linter.of(repeating).lint(platform).findings().get(0);

        // Then
        assertThat(finding.message()).isEqualTo("found ${env:TOPIC}");
        assertThat(finding.remedy()).isEqualTo("not ${env:TOPIC}");
    }

    @Test
    void hidesNoWordsOfTheSdkAndOfFiles() throws IOException {
        // Given a value that is also the name of an environment, and one that a file has too
        String text = small().replace("environment: development", "environment: prodution")
                        .replace("cluster: kafka-test", "cluster: shared-words")
                + "      owner: ${env:STAGE}\n      classification: ${env:OTHER}\n";

        // When
        String problems = problems(with(Map.of("STAGE", "production", "OTHER", "shared-words")), text);

        // Then
        assertThat(problems)
                .contains("there are development, qa, staging, production, dr")
                .contains("did you mean 'production'?")
                .contains("there is no Topology 'shared-words'");
    }

    @Test
    void hidesWhatWasFoundAtItsPlaceEvenIfItIsKnown() throws IOException {
        String text = small().replace("cluster: kafka-test", "cluster: ${env:STAGE}");

        assertThat(problems(with(Map.of("STAGE", "production")), text)).contains("there is no Topology '${env:STAGE}'");
    }

    @Test
    void makesNoRemedyOfWhatAReferenceStandsFor() throws IOException {
        String problems =
                problems(with(Map.of("HEAP", "512mi")), small().replaceFirst("max: 1Gi", "max: '\\${env:HEAP}'"));

        assertThat(problems).doesNotContainIgnoringCase("512mi").contains("${env:HEAP}");
    }

    @Test
    void refusesOnesThatAreNotClosed() throws IOException {
        assertThat(problems(
                        with(Map.of("STAGE", "development")),
                        small().replace("environment: development", "environment: ${env:STAGE")))
                .isEqualTo("f.yaml:6:16 spec.environment: the reference '${env:STAGE' is not closed: '}' is missing;"
                        + " add '}', or write '$${' for text that begins so");
        assertThat(problems(
                        Specs.standard(),
                        small().replace("min.insync.replicas: 2", "ssl.key.password: '${secret:tls/password'")))
                .contains("the reference '${secret:tls/password' is not closed");
    }

    @Test
    void boundsWhatReferencesAddUpTo() throws IOException {
        String megabyte = "x".repeat(1 << 20);
        String text = small() + "      owner: '" + "${env:X}".repeat(20) + "'\n";

        assertThat(problems(with(Map.of("X", megabyte)), text))
                .contains("the values of references add up to more than 16 Mi characters")
                .hasSizeLessThan(1_000);
    }

    @Test
    void keepsThePlaceOfTheReference() throws IOException {
        Platform platform = with(Map.of("TOPIC", "orders.order.placed"))
                .parse("f.yaml", small().replace("name: orders.order.placed", "name: ${env:TOPIC}"));

        TopicSet set = platform.one(TopicSets.KIND, "orders");
        assertThat(set.topics().get(0).name()).isEqualTo(TopicName.of("orders.order.placed"));
        assertThat(platform.documents(TopicSets.KIND).get(0).locate("spec.topics[0].name"))
                .hasToString("f.yaml:38:13");
        assertThat(platform.sources().text("f.yaml").orElseThrow()).contains("${env:TOPIC}");
    }

    record Chosen(List<String> names, String chosen) {
        Chosen {
            if (!names.contains(chosen)) {
                throw new IllegalArgumentException("chosen: '" + chosen + "' is not among the names");
            }
        }
    }

    /** A document that misses a name, which may be the one that could not be read, is looked at twice. */
    @Test
    void countsWhatReferencesAddUpToOnceForEachPlace() {
        String head = "apiVersion: eventbroker.io/v1\nkind: Chosen\n";
        String text = head + "metadata: {name: first, labels: {owner: '${env:LONG}'}}\n"
                + "spec: {names: [a, [b]], chosen: c}\n---\n" + head
                + "metadata: {name: second, labels: {owner: '${env:SHORT}'}}\n"
                + "spec: {names: [a], chosen: a}\n";
        Map<String, String> values = Map.of("LONG", "x".repeat(9 << 20), "SHORT", "y".repeat(6 << 20));

        String found = problems(with(values).with(Kind.of("Chosen", Chosen.class)), text);

        assertThat(found).isEqualTo("f.yaml:4:19 spec.names[1]: expected text, found a list; write a single value");
    }
}
