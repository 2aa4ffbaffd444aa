package io.eventbroker.core.schema;

import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What schemas of both sorts say of a component beside its type: its default and a description. */
final class Words {
    private Words() {}

    /** Adds them to the schema of the component. */
    static void describe(Shape.Part part, Map<String, Object> schema) {
        if (part.inherited() != null) {
            schema.put(
                    "description",
                    "When absent, the '" + part.name() + "' of what it stands in"
                            + (part.inherited().isEmpty() ? "" : ", followed by '" + part.inherited() + "'") + ".");
        } else if (present(part.shape()) instanceof Shape.Scalar scalar
                && !scalar.examples().isEmpty()
                && scalar.json() == Shape.Json.TEXT) {
            List<String> some =
                    scalar.examples().subList(0, Math.min(3, scalar.examples().size()));
            schema.put("description", capital(scalar.expected()) + ", such as " + String.join(", ", some) + ".");
        }
        Node otherwise = part.otherwise();
        if (otherwise != null) {
            schema.put("default", value(part.shape(), otherwise));
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
