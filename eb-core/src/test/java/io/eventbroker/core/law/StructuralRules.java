package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Kubernetes asks of the schema of a CustomResourceDefinition, from its documentation and the validation of
 * {@code apiextensions.k8s.io/v1}, as far as these schemas use it.
 */
final class StructuralRules {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "format",
            "minimum",
            "exclusiveMinimum",
            "maximum",
            "pattern",
            "enum",
            "nullable",
            "required",
            "properties",
            "items",
            "additionalProperties",
            "default",
            "description",
            "x-kubernetes-int-or-string",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-list-type",
            "x-kubernetes-validations");
    private static final Set<String> TYPES = Set.of("object", "array", "string", "integer", "number", "boolean");
    private static final Pattern NEEDS = Pattern.compile("self\\.type != '([a-z0-9-]+)' \\|\\| has\\(self\\.(\\w+)\\)");
    private static final Pattern BELONGS =
            Pattern.compile("!has\\(self\\.(\\w+)\\)((?: \\|\\| self\\.type == '[a-z0-9-]+')+)");

    private static final Pattern WORDS = Pattern.compile(
            "self\\.type != '([a-z0-9-]+)' \\|\\| !has\\(self\\.(\\w+)\\) \\|\\| self\\.\\2 in \\[(.*)]");

    private static final Pattern SELF = Pattern.compile("self\\.(\\w+)");

    private final String kind;

    StructuralRules(String kind) {
        this.kind = kind;
    }

    void check(Map<?, ?> root) {
        assertThat(root.get("type")).isEqualTo("object");
        Map<?, ?> properties = (Map<?, ?>) root.get("properties");
        Map<?, ?> metadata = (Map<?, ?>) properties.get("metadata");
        assertThat(metadata.keySet()).isEqualTo(Set.of("type", "properties"));
        assertThat(keys(metadata.get("properties")))
                .as("only these may be restricted")
                .isSubsetOf(Set.of("name", "generateName"));
        check(root, kind);
        checkCost(root, kind, 0);
    }

    /**
     * The server estimates what a rule costs at most, and refuses those of more than ten million units: where an unbounded
     * list or map stands in another one, each rule below counts as if both were as long as a request allows.
     *
     * @param unbounded how many lists and maps without a limit the schema stands in
     */
    private void checkCost(Map<?, ?> schema, String path, int unbounded) {
        if (schema.containsKey("x-kubernetes-validations")) {
            assertThat(unbounded)
                    .as(path + ": rules in lists of lists need limits")
                    .isLessThan(2);
        }
        boolean open = (schema.get("items") != null && schema.get("maxItems") == null)
                || (schema.get("additionalProperties") != null && schema.get("maxProperties") == null);
        below(schema).forEach((name, child) -> checkCost(child, path + "." + name, unbounded + (open ? 1 : 0)));
    }

    /** CEL sees neither what has no type, nor lists and maps of it: a rule that names such a property does not compile. */
    private static boolean isVisibleToRules(Map<?, ?> schema) {
        return (schema.get("type") != null || Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string")))
                && Stream.of("items", "additionalProperties")
                        .allMatch(key -> !(schema.get(key) instanceof Map<?, ?> inner) || isVisibleToRules(inner));
    }

    private void check(Map<?, ?> schema, String path) {
        assertThat(keys(schema)).as(path).isSubsetOf(KNOWN);
        boolean intOrString = Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"));
        boolean anything = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
        if (intOrString || anything) {
            assertThat(schema.get("type")).as(path).isNull();
        } else {
            assertThat(TYPES).as(path).contains((String) schema.get("type"));
        }
        assertThat(schema.containsKey("properties") && schema.containsKey("additionalProperties"))
                .as(path + ": properties and additionalProperties exclude each other")
                .isFalse();
        assertThat(schema.get("additionalProperties")).as(path).isNotEqualTo(false);
        assertThat("array".equals(schema.get("type"))).as(path).isEqualTo(schema.containsKey("items"));
        if (schema.containsKey("exclusiveMinimum")) {
            assertThat(schema.get("exclusiveMinimum")).as(path).isInstanceOf(Boolean.class);
            assertThat(schema.get("minimum")).as(path + ": the bound itself").isInstanceOf(Number.class);
        }
        if (schema.get("pattern") instanceof String pattern) {
            assertThat(pattern).as(path + ": RE2 has no look-around").doesNotContain("(?!", "(?=", "(?<");
            Pattern.compile(pattern);
        }
        if (schema.containsKey("required")) {
            assertThat(keys(schema.get("properties"))).as(path).containsAll(strings(schema.get("required")));
        }
        if ("set".equals(schema.get("x-kubernetes-list-type"))) {
            Map<?, ?> items = (Map<?, ?>) schema.get("items");
            assertThat(items.get("type")).as(path + ": sets hold scalars").isNotIn("object", "array");
            assertThat(items.get("nullable")).as(path).isNull();
        }
        Object rules = schema.get("x-kubernetes-validations");
        for (Object rule : rules == null ? List.of() : (List<?>) rules) {
            String text = (String) ((Map<?, ?>) rule).get("rule");
            assertThat(List.of(NEEDS, BELONGS, WORDS))
                    .as("%s: %s", path, text)
                    .anyMatch(known -> known.matcher(text).matches());
            SELF.matcher(text).results().map(found -> found.group(1)).forEach(name -> {
                Object named = ((Map<?, ?>) schema.get("properties")).get(name);
                assertThat(named).as("%s: %s", path, text).isInstanceOf(Map.class);
                assertThat(isVisibleToRules((Map<?, ?>) named))
                        .as("%s: CEL sees '%s'", path, name)
                        .isTrue();
            });
        }
        if (schema.containsKey("default")) {
            Schema own = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(Json.text(asJsonSchema(schema)));
            assertThat(own.validate(Json.text(schema.get("default")), InputFormat.JSON))
                    .as(path + ": the default is valid itself")
                    .isEmpty();
        }
        below(schema).forEach((name, child) -> check(child, path + "." + name));
    }

    private static Set<String> keys(Object map) {
        Set<String> keys = new LinkedHashSet<>();
        ((Map<?, ?>) map).keySet().forEach(key -> keys.add((String) key));
        return keys;
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static Map<String, Map<?, ?>> below(Map<?, ?> schema) {
        Map<String, Map<?, ?>> children = new LinkedHashMap<>();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, child) -> children.put((String) name, (Map<?, ?>) child));
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            children.put("[]", items);
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            children.put("{}", values);
        }
        return children;
    }

    /** What the API server would check, in the words of JSON Schema. */
    static Map<String, Object> asJsonSchema(Map<?, ?> structural) {
        Map<String, Object> schema = new LinkedHashMap<>();
        structural.forEach((key, value) -> schema.put((String) key, value));
        List<Object> types = new ArrayList<>();
        if (schema.remove("x-kubernetes-int-or-string") != null) {
            types.addAll(List.of("integer", "string"));
        } else if (schema.get("type") != null) {
            types.add(schema.get("type"));
        }
        if (schema.remove("nullable") != null && !types.isEmpty()) {
            types.add("null");
        }
        if (!types.isEmpty()) {
            schema.put("type", types);
        } else {
            // whatever is kept as it is, is nothing with a structure here
            schema.put("type", List.of("string", "number", "boolean", "object", "array", "null"));
        }
        schema.remove("format");
        if (Boolean.TRUE.equals(schema.remove("exclusiveMinimum"))) {
            schema.put("exclusiveMinimum", schema.remove("minimum"));
        }
        if ("int32".equals(structural.get("format"))) {
            schema.putIfAbsent("minimum", Integer.MIN_VALUE);
            schema.putIfAbsent("maximum", Integer.MAX_VALUE);
        }
        if ("set".equals(schema.remove("x-kubernetes-list-type"))) {
            schema.put("uniqueItems", true);
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            Map<String, Object> translated = new LinkedHashMap<>();
            properties.forEach((name, child) -> translated.put((String) name, asJsonSchema((Map<?, ?>) child)));
            schema.put("properties", translated);
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            schema.put("items", asJsonSchema(items));
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            schema.put("additionalProperties", asJsonSchema(values));
        }
        if (schema.remove("x-kubernetes-validations") instanceof List<?> rules) {
            List<Object> all = new ArrayList<>();
            rules.forEach(rule -> all.add(rule((String) ((Map<?, ?>) rule).get("rule"))));
            schema.put("allOf", all);
        }
        return schema;
    }

    private static Map<String, Object> rule(String rule) {
        Matcher needs = NEEDS.matcher(rule);
        if (needs.matches()) {
            return Map.of(
                    "if", Map.of("properties", Map.of("type", Map.of("const", needs.group(1)))),
                    "then", Map.of("required", List.of(needs.group(2))));
        }
        Matcher words = WORDS.matcher(rule);
        if (words.matches()) {
            List<Object> allowed = new ArrayList<>(quoted(words.group(3)));
            allowed.add(null);
            return Map.of(
                    "if", Map.of("properties", Map.of("type", Map.of("const", words.group(1)))),
                    "then", Map.of("properties", Map.of(words.group(2), Map.of("enum", allowed))));
        }
        Matcher belongs = BELONGS.matcher(rule);
        assertThat(belongs.matches()).as(rule).isTrue();
        return Map.of(
                "if", Map.of("required", List.of(belongs.group(1))),
                "then", Map.of("properties", Map.of("type", Map.of("enum", quoted(belongs.group(2))))));
    }

    private static List<String> quoted(String text) {
        return Pattern.compile("'([a-z0-9-]+)'")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
