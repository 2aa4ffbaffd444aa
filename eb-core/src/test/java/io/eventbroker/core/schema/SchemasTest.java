package io.eventbroker.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.Range;
import io.eventbroker.core.law.SchemaLaws;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Topologies;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of schemas, on the samples of this module. */
class SchemasTest extends SchemaLaws {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @TempDir
    Path folder;

    @Override
    protected Specs specs() {
        return Specs.standard();
    }

    @Override
    protected List<Path> samples() {
        return List.of(
                RESOURCES.resolve("spec/small.yaml"),
                RESOURCES.resolve("spec/sample-platform.yaml"),
                RESOURCES.resolve("topology/production.yaml"));
    }

    @Override
    protected Map<Path, Path> overlays() {
        return Map.of(RESOURCES.resolve("spec/sample-overlay.yaml"), RESOURCES.resolve("spec/sample-platform.yaml"));
    }

    /** A person who hovers over a key, or wrote something wrong there, must learn what to write. */
    @Test
    void sayWhatToWriteWhereverAScalarStands() throws IOException {
        for (String schema :
                List.of(Schemas.of(specs()).files(), Schemas.of(specs()).overlays())) {
            List<String> silent = new ArrayList<>();
            inspect(new ObjectMapper().readTree(schema), "", silent);
            assertThat(silent).isEmpty();
        }
    }

    private static void inspect(JsonNode schema, String path, List<String> silent) {
        boolean scalar = !path.endsWith("/properties")
                && schema.has("type")
                && Stream.of("string", "integer", "number", "boolean")
                        .anyMatch(type -> schema.get("type").toString().contains('"' + type + '"'));
        boolean alternative = path.matches(".*/anyOf/[0-9]+");
        if (scalar && !alternative && !schema.has("description")) {
            silent.add(path + " has no description");
        }
        if (schema.has("pattern") && !path.endsWith("/propertyNames") && !schema.has("patternErrorMessage")) {
            silent.add(path + " shows its pattern");
        }
        schema.properties().forEach(field -> inspect(field.getValue(), path + "/" + field.getKey(), silent));
        for (int i = 0; schema.isArray() && i < schema.size(); i++) {
            inspect(schema.get(i), path + "/" + i, silent);
        }
    }

    @Test
    void giveUnitsExamplesAndRanges() throws IOException {
        JsonNode topology = spec("Topology");
        JsonNode brokers = topology.at("/properties/brokers/properties");
        JsonNode size = brokers.at("/storage/properties/data/properties/size");

        assertThat(size.get("description").asText())
                .startsWith("The size of the volume at first, from 1Mi on. A size in bytes: ")
                .endsWith("such as 512Mi or 1Ti.");
        assertThat(size.get("patternErrorMessage").asText())
                .contains("such as 512Mi")
                .contains("${env:NAME}");
        assertThat(size.get("minimum").asLong()).isEqualTo(1 << 20);
        assertThat(brokers.at("/replicas/minimum").asInt()).isEqualTo(1);
        assertThat(brokers.at("/replicas/maximum").asInt()).isEqualTo(10_000);
        assertThat(brokers.at("/resources/properties/limits/properties/memory/exclusiveMinimum")
                        .asText())
                .isEqualTo("0");
        assertThat(brokers.at("/listeners/items/properties/port/description").asText())
                .isEqualTo("The TCP port. A whole number from 1 to 65535.");
        assertThat(Schemas.of(specs()).resourceDefinition(Topologies.KIND))
                .contains("maximum: 65535")
                .doesNotContain("exclusiveMinimum");
    }

    private JsonNode spec(String kind) throws IOException {
        for (JsonNode each :
                new ObjectMapper().readTree(Schemas.of(specs()).files()).get("allOf")) {
            if (each.at("/if/properties/kind/const").asText().equals(kind)) {
                return each.at("/then/properties/spec");
            }
        }
        throw new AssertionError("no " + kind);
    }

    /** What a record refuses of a number by itself, its annotation must say, and no more. */
    @ParameterizedTest
    @CsvSource({
        "brokers.replicas,10000,10001",
        "brokers.firstId,0,-1",
        "brokers.storage.data.size,1048576,1048575",
        "brokers.resources.requests.memory,1,0",
        "brokers.resources.requests.cpu,1,0",
        "brokers.jvm.heap.min,1048576,1048575",
        "monitoring.metrics.port,65535,65536",
        "monitoring.metrics.port,1,0"
    })
    void rangesAreThoseOfTheRecords(String path, String good, String bad) throws IOException {
        JsonNode schema = spec("Topology");
        for (String key : path.split("\\.", -1)) {
            schema = schema.get("properties").get(key);
        }
        String overlay = path.replaceAll("(\\w+)\\.?", "{$1: ") + "%s" + "}".repeat(path.split("\\.", -1).length);

        for (String number : List.of(good, bad)) {
            BigDecimal value = new BigDecimal(number);
            boolean accepted = schema.path("minimum").decimalValue().compareTo(value) <= 0
                    && (!schema.has("maximum")
                            || schema.get("maximum").decimalValue().compareTo(value) >= 0)
                    && (!schema.has("exclusiveMinimum")
                            || schema.get("exclusiveMinimum").decimalValue().compareTo(value) < 0);
            assertThat(accepted).as("%s: %s in %s", path, number, schema).isEqualTo(number.equals(good));
            Path over = Files.writeString(
                    folder.resolve("over.yaml"),
                    "apiVersion: eventbroker.io/v1\nkind: Topology\nmetadata: {name: kafka-test}\nspec: "
                            + overlay.formatted(number) + "\n");
            List<String> refused = refusals(over).stream()
                    .filter(problem -> problem.path().equals("spec." + path))
                    .map(Problem::message)
                    .filter(message -> message.contains("must "))
                    .toList();
            assertThat(refused.isEmpty())
                    .as("%s: %s, %s", path, number, refused)
                    .isEqualTo(number.equals(good));
        }
    }

    private List<Problem> refusals(Path overlay) {
        try {
            specs().overlay(overlay).read(RESOURCES.resolve("spec/small.yaml"));
            return List.of();
        } catch (InvalidSpecException e) {
            return e.problems().asList();
        }
    }

    record Measured(
            @Range(above = 0) int whole,
            @Range(above = 0, max = 5) double share) {}

    /** The schemas of Kubernetes have a number and a boolean, where newer JSON Schema has a number alone. */
    @Test
    void sayExclusiveBoundsAsKubernetesDoes() throws IOException {
        Kind<Measured> kind = Kind.of("Measured", Measured.class);

        JsonNode crd = new YAMLMapper()
                .readTree(Schemas.of(Specs.standard().with(kind)).resourceDefinition(kind));
        JsonNode open = crd.at("/spec/versions/0/schema/openAPIV3Schema");

        JsonNode spec = open.at("/properties/spec/properties");
        for (String name : List.of("whole", "share")) {
            assertThat(spec.get(name).get("minimum").asText()).isEqualTo("0");
            assertThat(spec.get(name).get("exclusiveMinimum").isBoolean()).isTrue();
            assertThat(spec.get(name).get("exclusiveMinimum").asBoolean()).isTrue();
        }
        checkStructure("Measured", new ObjectMapper().convertValue(open, new TypeReference<Map<String, Object>>() {}));
    }

    sealed interface Source {
        record Near(
                @Range(min = 1, max = 10) @Description("How many are near")
                int count,

                List<Part> parts) implements Source {}

        record Far(
                @Range(above = 0, max = 99) @Description("How many are far")
                int count,

                List<OtherPart> parts) implements Source {}
    }

    record Part(
            @Range(min = 3) @Description("How long it is") int length) {}

    record OtherPart(
            @Range(min = 5) @Description("How wide it is") int length) {}

    record Sourced(Source source) {}

    /** What records check of the numbers themselves need not be the same in all of them. */
    @Test
    void joinAlternativesThatDifferInWordsAndRangesOnly() throws IOException {
        Kind<Sourced> kind = Kind.of("Sourced", Sourced.class);

        JsonNode open = new YAMLMapper()
                .readTree(Schemas.of(Specs.standard().with(kind)).resourceDefinition(kind))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/source/properties");

        assertThat(open.at("/count/description").asText()).contains("How many are near", "How many are far");
        assertThat(open.at("/count/maximum").asInt()).isEqualTo(99);
        assertThat(open.at("/count/minimum").asText()).isEqualTo("0");
        assertThat(open.at("/count/exclusiveMinimum").asBoolean()).isTrue();
        assertThat(open.at("/parts/items/properties/length/minimum").asInt()).isEqualTo(3);
        assertThat(open.at("/parts/items/properties/length/description").asText())
                .contains("How long it is", "How wide it is");
    }

    record OfList(@Range(min = 1) List<Integer> numbers) {}

    record OfMap(@Range(min = 1) Map<String, Integer> numbers) {}

    record OfText(@Range(min = 1) String text) {}

    record OfName(@Range(min = 1) TopicName name) {}

    record OfFlag(@Range(min = 1) boolean flag) {}

    record OfTime(@Range(min = 1) Optional<Duration> time) {}

    record OfWord(@Range(min = 1) Severity word) {}

    @Range(min = 1)
    record OfRecord(int number) {}

    static List<Class<? extends Record>> misplaced() {
        return List.of(
                OfList.class,
                OfMap.class,
                OfText.class,
                OfName.class,
                OfFlag.class,
                OfTime.class,
                OfWord.class,
                OfRecord.class);
    }

    @ParameterizedTest
    @MethodSource("misplaced")
    void refuseRangesWhereThereAreNoNumbers(Class<? extends Record> type) {
        assertThatThrownBy(() -> Specs.standard().with(Kind.of("Misplaced", type)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("@Range is for numbers");
    }
}
