package io.eventbroker.core.schema;

import io.eventbroker.core.kind.Range;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What schemas of both sorts say beside types: descriptions with units and examples, ranges of numbers, defaults of
 * components.
 */
final class Words {
    private Words() {}

    /** Adds them to the schema of the component. */
    static void describe(Shape.Part part, Map<String, Object> schema) {
        List<String> sentences = new ArrayList<>();
        if (part.description() != null) {
            sentences.add(part.description() + ".");
        }
        if (present(part.shape()) instanceof Shape.Scalar scalar) {
            Range range = part.range() == null ? scalar.range() : part.range();
            bound(range, schema);
            if (part.inherited() == null && !(part.description() != null && saysNothing(scalar))) {
                sentences.add(form(scalar, range) + ".");
            }
        }
        if (part.inherited() != null) {
            sentences.add("When absent, the '" + part.name() + "' of what it stands in"
                    + (part.inherited().isEmpty() ? "" : ", followed by '" + part.inherited() + "'") + ".");
        }
        if (!sentences.isEmpty()) {
            schema.put("description", String.join(" ", sentences));
        }
        Node otherwise = part.otherwise();
        if (otherwise != null) {
            schema.put("default", value(part.shape(), otherwise));
        }
    }

    /** Adds them to the schema of a value that is no component: of an item of a list, or behind a key. */
    static void describe(Shape.Scalar scalar, Map<String, Object> schema) {
        bound(scalar.range(), schema);
        schema.put("description", form(scalar, scalar.range()) + ".");
    }

    /** What a wrong value should have been, for the editor's message. */
    static String expected(Shape.Scalar scalar) {
        String description = scalar.description();
        return description == null ? "Expected " + scalar.advice() : description;
    }

    /** Any text will do. */
    private static boolean saysNothing(Shape.Scalar scalar) {
        return scalar.description() == null
                && scalar.textual()
                && scalar.examples().isEmpty();
    }

    private static String form(Shape.Scalar scalar, @Nullable Range range) {
        if (scalar.description() != null) {
            return scalar.description();
        }
        String within = range == null
                ? ""
                : (range.min() == Long.MIN_VALUE ? "" : " from " + range.min())
                        + (range.max() == Long.MAX_VALUE ? "" : " to " + range.max());
        return switch (scalar.json()) {
            case INT, LONG -> "A whole number" + (within.isEmpty() ? ", such as 12" : within);
            case DOUBLE -> "A number" + (within.isEmpty() ? ", such as 0.5" : within);
            case BOOLEAN -> "True or false, without quotes";
            case TEXT ->
                scalar.examples().isEmpty()
                        ? "Text"
                        : capital(scalar.expected()) + ", such as "
                                + String.join(
                                        ", ",
                                        scalar.examples()
                                                .subList(
                                                        0,
                                                        Math.min(
                                                                3,
                                                                scalar.examples()
                                                                        .size())));
        };
    }

    /**
     * Numbers that are allowed, where the schema says that there may be numbers; those of Kubernetes do not of what may be
     * text too.
     */
    private static void bound(@Nullable Range range, Map<String, Object> schema) {
        Object type = schema.get("type");
        List<?> types = type instanceof List<?> several ? several : List.of(type == null ? "" : type);
        if (range == null || !(types.contains("integer") || types.contains("number"))) {
            return;
        }
        if (range.above() != Long.MIN_VALUE) {
            schema.put("exclusiveMinimum", range.above());
        }
        if (range.min() != Long.MIN_VALUE) {
            schema.put("minimum", range.min());
        }
        if (range.max() != Long.MAX_VALUE) {
            schema.put("maximum", range.max());
        }
    }

    static Shape present(Shape shape) {
        return shape instanceof Shape.Maybe maybe ? maybe.present() : shape;
    }

    /** What a default would be in JSON. */
    private static Object value(Shape shape, Node node) {
        if (node instanceof Node.Items list && shape instanceof Shape.Listed listed) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(value(listed.item(), item)));
            return items;
        }
        if (node instanceof Node.Fields map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.fields().forEach((key, field) -> fields.put(key, value(below(shape, map, key), field.value())));
            return fields;
        }
        if (node instanceof Node.Text text) {
            return present(shape) instanceof Shape.Scalar scalar && scalar.json() != Shape.Json.TEXT
                    ? scalar.parse().apply(text.text())
                    : text.text();
        }
        throw new IllegalArgumentException("a default cannot be " + node.found());
    }

    private static Shape below(Shape around, Node.Fields map, String key) {
        Shape shape = present(around);
        if (shape instanceof Shape.Mapped mapped) {
            return mapped.value();
        }
        if (shape instanceof Shape.OneOf oneOf) {
            Shape.Struct chosen =
                    map.get("type") instanceof Node.Text type ? oneOf.byType().get(type.text()) : null;
            return key.equals("type") || chosen == null ? Shape.TEXT : below(chosen, map, key);
        }
        Shape.Part part = shape instanceof Shape.Struct struct ? struct.part(key) : null;
        if (part == null) {
            throw new IllegalArgumentException("a default has the unknown key '" + key + "'");
        }
        return part.shape();
    }

    private static String capital(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
