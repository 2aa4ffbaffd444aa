package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.eventbroker.core.topic.TopicSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class JsonTest {
    private static final Path SMALL = Path.of("src/test/resources/spec/small.yaml");

    @Test
    void readsJsonAsItReadsYaml() throws IOException {
        // Given the sample as an array of JSON documents, indented
        ObjectMapper json = new ObjectMapper();
        ArrayNode documents = json.createArrayNode();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(Files.readString(SMALL))
                .forEach(document -> documents.add(json.<JsonNode>valueToTree(document)));
        String text = documents.toPrettyString().replace("  ", "\t");

        // When
        Platform read = Specs.standard().parse("platform.json", text);

        // Then
        Platform yaml = Specs.standard().read(SMALL);
        assertThat(read.topology("kafka-test")).isEqualTo(yaml.topology("kafka-test"));
        assertThat(read.all(TopicSets.KIND)).isEqualTo(yaml.all(TopicSets.KIND));
    }

    @Test
    void pointsIntoJson() {
        assertThatThrownBy(() -> Specs.standard().parse("f.json", """
                                {"apiVersion": "eventbroker.io/v1", "kind": "TopicSet",
                                 "metadata": {"name": "orders"},
                                 "spec": {"topics": [{"name": "a", "partitions": "3"}], "spec": 1, "spec": 2}}
                                """))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "f.json:3:50 spec.topics[0].partitions: expected a whole number, found the text \"3\"; "
                                + "remove the quotes")
                .hasMessageContaining("f.json:3:68: the key 'spec' is already given in line 3; keep one of the two");
    }

    @Test
    void reportsASyntaxErrorOfJson() {
        assertThatThrownBy(() -> Specs.standard().parse("f.json", "{\"apiVersion\": \n oops}"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("f.json:2:")
                .hasMessageContaining("not valid JSON: ");
    }
}
