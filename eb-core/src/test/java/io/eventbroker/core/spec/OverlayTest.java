package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayTest {
    private static final Path SMALL = Path.of("src/test/resources/spec/small.yaml");
    private static final String HEAD =
            "apiVersion: eventbroker.io/v1\nkind: Topology\nmetadata: {name: kafka-test}\nspec:\n";

    @TempDir
    Path dir;

    /** The examples of RFC 7396, appendix A, that merge objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a': 'b'} | {'a': 'c'} | {'a': 'c'}",
                "{'a': 'b'} | {'b': 'c'} | {'a': 'b', 'b': 'c'}",
                "{'a': 'b'} | {'a': null} | {}",
                "{'a': 'b', 'b': 'c'} | {'a': null} | {'b': 'c'}",
                "{'a': ['b']} | {'a': 'c'} | {'a': 'c'}",
                "{'a': 'c'} | {'a': ['b']} | {'a': ['b']}",
                "{'a': {'b': 'c'}} | {'a': {'b': 'd', 'c': null}} | {'a': {'b': 'd'}}",
                "{'a': [{'b': 'c'}]} | {'a': [1]} | {'a': [1]}",
                "{'e': null} | {'a': 1} | {'e': null, 'a': 1}",
                "{} | {'a': {'bb': {'ccc': null}}} | {'a': {'bb': {}}}"
            })
    void mergesAsTheStandardSays(String base, String patch, String expected) {
        assertThat(Overlays.merge(node(base), node(patch)).isAlike(node(expected)))
                .isTrue();
    }

    private static Node node(String text) {
        Sources read = Sources.parse("f.json", text.replace('\'', '"'));
        assertThat(read.problems()).isEmpty();
        return read.documents().get(0);
    }

    @Test
    void everyValueKeepsItsOwnPlace() throws IOException {
        // Given
        Path first = overlay("first.yaml", "  brokers:\n    config:\n      num.partitions: 6\n");
        Path second = overlay("second.yaml", "  brokers:\n    storage:\n      data: {size: 5Gi}\n");

        // When
        Platform platform = Specs.standard().overlay(first, second).read(SMALL);

        // Then
        var document = platform.find(Topologies.KIND, "kafka-test").orElseThrow();
        assertThat(document.locate("spec.brokers.config[num.partitions]")).hasToString(first + ":7:23");
        assertThat(document.locate("spec.brokers.config[min.insync.replicas]")).hasToString(SMALL + ":23:28");
        assertThat(document.locate("spec.brokers.storage.data.size")).hasToString(second + ":7:20");
        assertThat(document.value().brokers().storage().data().size()).hasToString("5Gi");
        assertThat(document.value().controllers().orElseThrow().storage().data().size())
                .as("an alias in the base is a copy")
                .hasToString("10Gi");
        assertThat(platform.overlayChanges().asList())
                .extracting(OverlayChange::toString)
                .containsExactly(
                        "Topology kafka-test spec.brokers.config[num.partitions]: nothing -> 6 (" + first + ":7:23)",
                        "Topology kafka-test spec.brokers.storage.data.size: 10Gi -> 5Gi (" + second + ":7:20)");
    }

    @Test
    void removesListsAndReplaces() throws IOException {
        Path overlay = overlay(
                "o.yaml",
                "  zones: [az-x, az-y, az-z]\n  environment: development\n  brokers:\n    config: {min.insync.replicas: null}\n");

        Platform platform = Specs.standard().overlay(overlay).read(SMALL);

        Topology merged = platform.topology("kafka-test");
        assertThat(merged.zones()).hasSize(3);
        assertThat(merged.brokers().config()).containsOnlyKeys("default.replication.factor");
        assertThat(platform.overlayChanges().toString())
                .isEqualTo("Topology kafka-test\n"
                        + "  spec.zones[0]                             az-a -> az-x     " + overlay + ":5:11\n"
                        + "  spec.zones[1]                             nothing -> az-y  " + overlay + ":5:17\n"
                        + "  spec.zones[2]                             nothing -> az-z  " + overlay + ":5:23\n"
                        + "  spec.brokers.config[min.insync.replicas]  2 -> removed     " + overlay
                        + ":8:35\n");
    }

    @Test
    void saysWhichItemsOfAListAreDifferent() throws IOException {
        // Given
        Path overlay = overlay("o.yaml", """
                  brokers:
                    listeners:
                      - {name: external, port: 9094, authentication: scram-sha-512}
                      - {name: internal, port: 9192, authentication: mtls}
                """);
        Path second = overlay("p.yaml", """
                  brokers:
                    listeners:
                      - {name: internal, port: 9192, tls: true}
                """);
        Path third = overlay("q.yaml", "  brokers: {listeners: [{tls: true, port: 9192, name: internal}]}\n");

        // When
        Platform platform = Specs.standard().overlay(overlay, second, third).read(SMALL);

        // Then
        String listeners = "Topology kafka-test spec.brokers.listeners";
        assertThat(platform.overlayChanges().asList().stream()
                        .map(OverlayChange::toString)
                        .map(text -> text.replace(dir + "/", "")))
                .containsExactly(
                        listeners + "[1].port: 9092 -> 9192 (o.yaml:8:32)",
                        listeners + "[0]: nothing -> {name: external, port: 9094, ... (o.yaml:7:9)",
                        listeners + "[0]: {name: external, port: 9094, ... -> removed (p.yaml:7:7)",
                        listeners + "[0].authentication: mtls -> removed (p.yaml:7:9)",
                        listeners + "[0].tls: nothing -> true (p.yaml:7:43)");
    }

    @Test
    void showsWhereLongValuesDiffer() throws IOException {
        String alike = "a very long description that both have in common, ";
        Path base = Files.writeString(
                dir.resolve("base.yaml"),
                "apiVersion: eventbroker.io/v1\nkind: Environment\nmetadata: {name: e}\n" + "spec: {purpose: '"
                        + alike.repeat(2) + "old', minBrokers: 1, minZones: 1}\n");
        Path overlay = Files.writeString(
                dir.resolve("o.yaml"),
                "apiVersion: eventbroker.io/v1\nkind: Environment\nmetadata: {name: e}\n" + "spec: {purpose: '"
                        + alike.repeat(2) + "new'}\n");

        OverlayChange change = Specs.standard()
                .overlay(overlay)
                .read(base)
                .overlayChanges()
                .asList()
                .get(0);

        assertThat(change.toString())
                .startsWith("Environment e spec.purpose: ... in common, old -> ... in common, new (");
    }

    @Test
    void aMistakeOfAnOverlayIsReportedThere() throws IOException {
        Path overlay = overlay("o.yaml", "  brokers:\n    replicas: 1\n    replica: 1\n");

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class,
                () -> Specs.standard().overlay(overlay).read(SMALL));

        assertThat(refused)
                .hasMessageContaining(
                        overlay + ":7:5 spec.brokers.replica: unknown key 'replica'; did you mean 'replicas'?");
    }

    private Path overlay(String name, String spec) throws IOException {
        return Files.writeString(dir.resolve(name), HEAD + spec);
    }
}
