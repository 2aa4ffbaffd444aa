package io.eventbroker.core.schema;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.spec.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A CustomResourceDefinition with a structural schema. The rules are those of Kubernetes' <a
 * href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">Extend
 * the Kubernetes API with CustomResourceDefinitions</a>: every value has one type, no references, no alternatives with
 * properties of their own, no {@code additionalProperties} beside {@code properties}.
 */
final class ResourceDefinition {
    private ResourceDefinition() {}

    static Map<String, Object> of(Kind<?> kind) {
        String group = Specs.API_VERSION.substring(0, Specs.API_VERSION.indexOf('/'));
        String version = Specs.API_VERSION.substring(group.length() + 1);
        String singular = kind.name().toLowerCase(Locale.ROOT);
        String plural = plural(singular);
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("kind", kind.name());
        names.put("listKind", kind.name() + "List");
        names.put("singular", singular);
        names.put("plural", plural);
        names.put("categories", List.of("eventbroker"));
        Map<String, Object> served = new LinkedHashMap<>();
        served.put("name", version);
        served.put("served", true);
        served.put("storage", true);
        served.put("schema", Map.of("openAPIV3Schema", document(Shape.of(kind.type()))));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("group", group);
        spec.put("names", names);
        spec.put("scope", "Namespaced");
        spec.put("versions", List.of(served));
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("apiVersion", "apiextensions.k8s.io/v1");
        definition.put("kind", "CustomResourceDefinition");
        definition.put("metadata", Map.of("name", plural + "." + group));
        definition.put("spec", spec);
        return definition;
    }

    static String plural(String singular) {
        if (singular.matches(".*[^aeiou]y")) {
            return singular.substring(0, singular.length() - 1) + "ies";
        }
        return singular + (singular.matches(".*(s|x|z|ch|sh)") ? "es" : "s");
    }

    private static Map<String, Object> document(Shape.Struct struct) {
        Map<String, Object> name = type("string");
        name.put("pattern", "^(" + Specs.NAME + ")$");
        // Kubernetes has a schema of its own for metadata and lets others restrict the name alone
        Map<String, Object> metadata = type("object");
        metadata.put("properties", Map.of("name", name));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("apiVersion", type("string"));
        properties.put("kind", type("string"));
        properties.put("metadata", metadata);
        properties.put("spec", struct(struct));
        Map<String, Object> schema = type("object");
        schema.put("required", List.of("metadata", "spec"));
        schema.put("properties", properties);
        Alike.exclusiveInWords(schema);
        return schema;
    }

    private static Map<String, Object> struct(Shape.Struct struct) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Shape.Part part : struct.parts()) {
            if (!part.metadata()) {
                properties.put(part.name(), part(part));
                if (part.required()) {
                    required.add(part.name());
                }
            }
        }
        return object(properties, required);
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = type("object");
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        return schema;
    }

    private static Map<String, Object> part(Shape.Part part) {
        Map<String, Object> schema = of(part.shape());
        if (!part.required()) {
            schema.put("nullable", true);
            if (schema.get("enum") instanceof List<?> words) {
                List<Object> orNull = new ArrayList<>(words);
                orNull.add(null);
                schema.put("enum", orNull);
            }
        }
        Words.describe(part, schema);
        return schema;
    }

    private static Map<String, Object> of(Shape shape) {
        if (shape == Shape.PROPERTY) {
            // text, number or boolean, which no structural schema says otherwise
            return new LinkedHashMap<>(Map.of("x-kubernetes-preserve-unknown-fields", true));
        }
        if (shape instanceof Shape.Scalar scalar) {
            return scalar(scalar);
        }
        if (shape instanceof Shape.Choice choice) {
            Map<String, Object> schema = type("string");
            schema.put("enum", List.copyOf(choice.byName().keySet()));
            return schema;
        }
        if (shape instanceof Shape.Maybe maybe) {
            return of(maybe.present());
        }
        if (shape instanceof Shape.Listed listed) {
            Map<String, Object> schema = type("array");
            schema.put("items", of(listed.item()));
            if (listed.distinct() && (listed.item() instanceof Shape.Scalar || listed.item() instanceof Shape.Choice)) {
                schema.put("x-kubernetes-list-type", "set");
            }
            return schema;
        }
        if (shape instanceof Shape.Mapped mapped) {
            Map<String, Object> schema = type("object");
            schema.put("additionalProperties", of(mapped.value()));
            return schema;
        }
        return shape instanceof Shape.OneOf oneOf ? oneOf(oneOf) : struct((Shape.Struct) shape);
    }

    private static Map<String, Object> scalar(Shape.Scalar scalar) {
        ScalarForm form = ScalarForm.of(scalar);
        Map<String, Object> schema = new LinkedHashMap<>();
        if (scalar.json() != Shape.Json.TEXT) {
            schema.put("type", form.types().get(0));
            if (scalar.json() == Shape.Json.INT || scalar.json() == Shape.Json.LONG) {
                schema.put("format", scalar.json() == Shape.Json.INT ? "int32" : "int64");
            }
            Words.describe(scalar, schema);
            return schema;
        }
        if (form.mayBeNumber()) {
            schema.put("x-kubernetes-int-or-string", true);
        } else {
            schema.put("type", "string");
        }
        if (scalar.pattern() != null) {
            schema.put("pattern", "^(" + scalar.pattern() + ")$");
        }
        Words.describe(scalar, schema);
        return schema;
    }

    /**
     * The properties of all alternatives side by side, and rules that tell which belong to which. Only what is the same in
     * every alternative keeps its default, for Kubernetes would fill it into the others too.
     */
    private static Map<String, Object> oneOf(Shape.OneOf oneOf) {
        Map<String, Map<String, Object>> merged = new LinkedHashMap<>();
        Map<String, Set<String>> owners = new LinkedHashMap<>();
        List<Object> rules = new ArrayList<>();
        oneOf.byType()
                .forEach((type, struct) -> struct.parts().forEach(part -> {
                    Map<String, Object> schema = part(part);
                    Map<String, Object> other = merged.putIfAbsent(part.name(), schema);
                    if (other != null && !other.equals(schema)) {
                        merged.put(part.name(), both(oneOf, part, rules));
                    }
                    owners.computeIfAbsent(part.name(), name -> new LinkedHashSet<>())
                            .add(type);
                    if (part.required()) {
                        rules.add(rule(
                                "self.type != '" + type + "' || has(self." + escaped(part.name()) + ")",
                                "type " + type + " needs '" + part.name() + "'"));
                    }
                }));
        merged.forEach((name, schema) -> {
            Set<String> types = owners.getOrDefault(name, Set.of());
            if (types.size() < oneOf.byType().size()) {
                schema.remove("default");
                String any = types.stream()
                        .map(type -> "self.type == '" + type + "'")
                        .collect(Collectors.joining(" || "));
                rules.add(rule(
                        "!has(self." + escaped(name) + ") || " + any,
                        "'" + name + "' belongs to type " + String.join(" or ", types)));
            }
        });
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> type = type("string");
        type.put("enum", List.copyOf(oneOf.byType().keySet()));
        properties.put("type", type);
        properties.putAll(merged);
        Map<String, Object> schema = object(properties, List.of("type"));
        if (!rules.isEmpty()) {
            schema.put("x-kubernetes-validations", rules);
        }
        return schema;
    }

    /**
     * A component that several alternatives have, but not in the same way: of other words, with another description, default
     * or range. Of ranges the schema has what one of them allows, for it can tell no more.
     */
    private static Map<String, Object> both(Shape.OneOf oneOf, Shape.Part part, List<Object> rules) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        List<Map<String, Object>> schemas = new ArrayList<>();
        oneOf.byType().forEach((type, struct) -> {
            Shape.Part same = struct.part(part.name());
            if (same != null) {
                shapes.put(type, Words.present(same.shape()));
                schemas.add(part(same));
            }
        });
        Set<String> words = new LinkedHashSet<>();
        shapes.forEach((type, shape) -> {
            if (shape instanceof Shape.Choice choice) {
                words.addAll(choice.byName().keySet());
            } else if (!Alike.areAlike(of(shape), of(Words.present(part.shape())))) {
                throw new IllegalArgumentException(
                        "the alternatives " + oneOf.byType().keySet() + " have a '" + part.name()
                                + "' each that is not the same, which Kubernetes cannot express");
            }
        });
        Map<String, Object> schema = schemas.stream().reduce(Alike::either).orElseGet(() -> part(part));
        schema.remove("default");
        shapes.forEach((type, shape) -> {
            if (shape instanceof Shape.Choice choice
                    && !choice.byName().keySet().equals(words)) {
                Object rule = rule(
                        "self.type != '" + type + "' || !has(self." + escaped(part.name()) + ") || self."
                                + escaped(part.name()) + " in ['"
                                + String.join("', '", choice.byName().keySet()) + "']",
                        "'" + part.name() + "' of type " + type + " is one of "
                                + String.join(", ", choice.byName().keySet()));
                if (!rules.contains(rule)) {
                    rules.add(rule);
                }
            }
        });
        List<Object> all = new ArrayList<>(words);
        schema.put("nullable", true);
        all.add(null);
        if (!words.isEmpty()) {
            schema.put("enum", all);
        }
        return schema;
    }

    private static Map<String, Object> rule(String rule, String message) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("rule", rule);
        schema.put("message", message);
        return schema;
    }

    /** Words that are CEL's own are written otherwise in its rules. */
    private static String escaped(String name) {
        return RESERVED.contains(name) ? "__" + name + "__" : name;
    }

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return");

    private static Map<String, Object> type(String type) {
        return new LinkedHashMap<>(Map.of("type", type));
    }
}
