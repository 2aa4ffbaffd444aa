package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What is said of fields is said of those that the operators' own schemas have, but for those that they are said to lack. */
@EnabledIfSystemProperty(
        named = "eb.crds",
        matches = ".+",
        disabledReason =
                "needs the operators' schemas: -Deb.crds=DIR with confluent-for-kubernetes-3.3.0 and strimzi in it")
class OperatorFieldsTest {
    @Test
    void ofConfluentAreThoseOfItsSchemas() throws IOException {
        assertThat(unknown(ConfluentWords.WORDS, schemas("confluent-for-kubernetes-3.3.0", ".json")))
                .containsExactly(
                        "spec.labelSelector",
                        "spec.listeners.internal.externalAccess",
                        "spec.podTemplate.labelSelector",
                        "spec.rack",
                        "spec.rack.labelSelector",
                        "spec.rack.topology",
                        "spec.rack.topologyKey");
    }

    @Test
    void ofStrimziAreThoseOfItsSchemasOrOfV1beta2() throws IOException {
        assertThat(unknown(StrimziAdopter.WORDS, schemas("strimzi", ".yaml")))
                .allMatch(path -> path.startsWith("spec.zookeeper") || path.startsWith("spec.kafka.storage"));
    }

    private static Set<String> unknown(Words words, List<Map<?, ?>> schemas) {
        Set<String> unknown = new TreeSet<>();
        for (List<String> path : words.paths()) {
            if (path.get(0).equals("spec") && schemas.stream().noneMatch(schema -> has(schema, path))) {
                unknown.add(String.join(".", path));
            }
        }
        return unknown;
    }

    private static boolean has(Map<?, ?> schema, List<String> path) {
        if (path.isEmpty() || Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
            return true;
        }
        List<String> rest = path.subList(1, path.size());
        List<Object> next = new ArrayList<>();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, below) -> {
                if (path.get(0).equals("*") || path.get(0).equals(name)) {
                    next.add(below);
                }
            });
        }
        next.add(schema.get("additionalProperties"));
        if (path.get(0).equals("*")) {
            next.add(schema.get("items"));
        }
        return next.stream().anyMatch(below -> below instanceof Map<?, ?> found && has(found, rest));
    }

    /** The schemas themselves, or those of the versions of definitions. */
    private static List<Map<?, ?>> schemas(String folder, String ending) throws IOException {
        List<Map<?, ?>> schemas = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("eb.crds"), folder))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(ending)).toList()) {
                LoaderOptions options = new LoaderOptions();
                options.setCodePointLimit(16 << 20);
                Map<?, ?> read = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
                if (read.get("spec") instanceof Map<?, ?> spec && spec.get("versions") instanceof List<?> versions) {
                    versions.forEach(version -> schemas.add(
                            (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) version).get("schema")).get("openAPIV3Schema")));
                } else {
                    schemas.add(read);
                }
            }
        }
        assertThat(schemas).isNotEmpty();
        return schemas;
    }
}
