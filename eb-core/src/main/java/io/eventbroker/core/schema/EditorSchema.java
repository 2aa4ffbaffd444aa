package io.eventbroker.core.schema;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.spec.Specs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON Schema, draft 7, of documents as {@link Specs} reads them. */
final class EditorSchema {
    /** Text with a reference in it that a resolver may stand behind, for what is no text otherwise. */
    private static final String REFERENCE =
            "(^|[^$])\\$\\{(?!secret:|configMap:)[A-Za-z][A-Za-z0-9._-]*:[^{}\\s][^{}]*\\}";

    /** A keyword of editors for what they show in place of the pattern; others leave it alone. */
    private static final String MESSAGE = "patternErrorMessage";

    private static final String OR_REFERENCE = "; or a reference such as ${env:NAME}";
    private static final String NAME = "The document's name: 1 to 63 lower-case letters, digits and '-', beginning and"
            + " ending with a letter or digit, such as kafka-prod";

    /** Whether maps may be parts of maps, so that nothing in them is required; lists are always whole. */
    private final boolean partial;

    private EditorSchema(boolean partial) {
        this.partial = partial;
    }

    static EditorSchema whole() {
        return new EditorSchema(false);
    }

    static EditorSchema partial() {
        return new EditorSchema(true);
    }

    Map<String, Object> documents(Collection<Kind<?>> kinds) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("apiVersion", words(List.of(Specs.API_VERSION)));
        properties.put("kind", words(kinds.stream().map(Kind::name).toList()));
        properties.put("metadata", Map.of("type", "object"));
        properties.put("spec", Map.of("type", "object"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Event Broker platform");
        schema.put("type", "object");
        schema.put("required", List.of("apiVersion", "kind", "metadata", "spec"));
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        List<Object> each = new ArrayList<>();
        for (Kind<?> kind : kinds) {
            Shape.Struct struct = Shape.of(kind.type());
            Map<String, Object> then = new LinkedHashMap<>();
            then.put("metadata", metadata(struct));
            then.put("spec", struct(struct, false));
            each.add(when("kind", kind.name(), Map.of("properties", then)));
        }
        schema.put("allOf", each);
        return schema;
    }

    private Map<String, Object> metadata(Shape.Struct struct) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> name = patterned(List.of("string", "integer", "boolean"), Specs.NAME, NAME);
        name.put("description", NAME + ".");
        properties.put("name", name);
        properties.put("labels", orNull(of(new Shape.Mapped(Shape.TEXT, Shape.TEXT))));
        for (Shape.Part part : struct.parts()) {
            if (part.metadata() && !properties.containsKey(part.name())) {
                properties.put(part.name(), part(part));
            }
        }
        return object(properties, List.of("name"));
    }

    private Map<String, Object> struct(Shape.Struct struct, boolean withType) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        if (withType) {
            properties.put("type", Map.of());
        }
        for (Shape.Part part : struct.parts()) {
            if (!part.metadata()) {
                properties.put(part.name(), part(part));
                if (part.required() && !partial) {
                    required.add(part.name());
                }
            }
        }
        return object(properties, required);
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return schema;
    }

    private Map<String, Object> part(Shape.Part part) {
        Map<String, Object> schema = of(part.shape());
        if (partial || !part.required()) {
            schema = orNull(schema);
        }
        Words.describe(part, schema);
        return schema;
    }

    private Map<String, Object> of(Shape shape) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (shape instanceof Shape.Scalar scalar) {
            return scalar(scalar);
        }
        if (shape instanceof Shape.Choice choice) {
            return words(List.copyOf(choice.byName().keySet()));
        }
        if (shape instanceof Shape.Maybe maybe) {
            return of(maybe.present());
        }
        if (shape instanceof Shape.Listed listed) {
            schema.put("type", "array");
            schema.put("items", whole().of(listed.item()));
            if (listed.distinct()) {
                schema.put("uniqueItems", true);
            }
            return schema;
        }
        if (shape instanceof Shape.Mapped mapped) {
            schema.put("type", "object");
            String key = mapped.key().pattern();
            if (key != null) {
                schema.put("propertyNames", Map.of("pattern", "^(" + key + ")$"));
            }
            schema.put("additionalProperties", partial ? orNull(of(mapped.value())) : of(mapped.value()));
            return schema;
        }
        if (shape instanceof Shape.OneOf oneOf) {
            return oneOf(oneOf);
        }
        return struct((Shape.Struct) shape, false);
    }

    private Map<String, Object> oneOf(Shape.OneOf oneOf) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!partial) {
            schema.put("required", List.of("type"));
        }
        schema.put(
                "properties",
                new LinkedHashMap<>(
                        Map.of("type", words(List.copyOf(oneOf.byType().keySet())))));
        List<Object> each = new ArrayList<>();
        oneOf.byType().forEach((type, struct) -> each.add(when("type", type, struct(struct, true))));
        schema.put("allOf", each);
        return schema;
    }

    private static Map<String, Object> when(String key, String value, Map<String, Object> then) {
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "object");
        condition.put("required", List.of(key));
        condition.put("properties", Map.of(key, Map.of("const", value)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("if", condition);
        schema.put("then", then);
        return schema;
    }

    private static Map<String, Object> scalar(Shape.Scalar scalar) {
        ScalarForm form = ScalarForm.of(scalar);
        if (scalar.json() == Shape.Json.TEXT) {
            Map<String, Object> text = patterned(form.types(), scalar.pattern(), Words.expected(scalar));
            Words.describe(scalar, text);
            return text;
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of(form.types().get(0), "string"));
        if (scalar.json() == Shape.Json.INT) {
            schema.put("minimum", Integer.MIN_VALUE);
            schema.put("maximum", Integer.MAX_VALUE);
        } else if (scalar.json() == Shape.Json.LONG) {
            schema.put("minimum", Long.MIN_VALUE);
            schema.put("maximum", Long.MAX_VALUE);
        }
        schema.put("pattern", REFERENCE);
        schema.put(MESSAGE, Words.expected(scalar) + OR_REFERENCE);
        Words.describe(scalar, schema);
        return schema;
    }

    private static Map<String, Object> patterned(List<String> types, @Nullable String pattern, String expected) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", types.size() == 1 ? types.get(0) : types);
        if (pattern != null) {
            schema.put("pattern", "^(" + pattern + ")$|" + REFERENCE);
            schema.put(MESSAGE, expected + OR_REFERENCE);
        }
        return schema;
    }

    private static Map<String, Object> ordered(String one, Object first, String other, Object second) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(one, first);
        schema.put(other, second);
        return schema;
    }

    private static Map<String, Object> words(List<String> all) {
        Map<String, Object> schema = new LinkedHashMap<>();
        List<Object> either = new ArrayList<>();
        either.add(Map.of("enum", all));
        Map<String, Object> reference = ordered("type", "string", "pattern", REFERENCE);
        reference.put(MESSAGE, "Expected one of " + String.join(", ", all) + OR_REFERENCE);
        either.add(reference);
        schema.put("anyOf", either);
        return schema;
    }

    /** Nothing written after a key is the same as no key. */
    private static Map<String, Object> orNull(Map<String, Object> schema) {
        Object type = schema.get("type");
        Map<String, Object> either = new LinkedHashMap<>(schema);
        if (type instanceof List<?> several) {
            List<Object> types = new ArrayList<>(several);
            types.add("null");
            either.put("type", types);
        } else if (type != null) {
            either.put("type", List.of(type, "null"));
        } else if (schema.get("anyOf") instanceof List<?> several) {
            List<Object> alternatives = new ArrayList<>(several);
            alternatives.add(Map.of("type", "null"));
            either.put("anyOf", alternatives);
        }
        return either;
    }
}
