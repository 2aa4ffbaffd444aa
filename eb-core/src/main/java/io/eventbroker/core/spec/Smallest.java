package io.eventbroker.core.spec;

import io.eventbroker.core.kind.internal.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The least that may stand for a value, in YAML's flow form, for messages: {@code {heap: {min: 1Gi, max: 1Gi}}}. */
final class Smallest {
    /** Longer ones are no help on one line. */
    private static final int LONGEST = 120;

    private Smallest() {}

    /** Of a map that must have certain keys; empty for all else, and if it would be too long. */
    static Optional<String> map(Shape shape) {
        Shape present = shape instanceof Shape.Maybe maybe ? maybe.present() : shape;
        boolean some = present instanceof Shape.Struct struct
                ? struct.parts().stream().anyMatch(part -> part.required() && !part.metadata())
                : present instanceof Shape.OneOf;
        return some ? Optional.of(written(present)).filter(text -> text.length() <= LONGEST) : Optional.empty();
    }

    private static String written(Shape shape) {
        if (shape instanceof Shape.Struct struct) {
            return "{" + String.join(", ", parts(struct)) + "}";
        }
        if (shape instanceof Shape.OneOf oneOf) {
            Map.Entry<String, Shape.Struct> first =
                    oneOf.byType().entrySet().iterator().next();
            List<String> parts = new ArrayList<>(List.of("type: " + first.getKey()));
            parts.addAll(parts(first.getValue()));
            return "{" + String.join(", ", parts) + "}";
        }
        if (shape instanceof Shape.Choice choice) {
            return choice.byName().keySet().iterator().next();
        }
        return shape instanceof Shape.Scalar scalar ? scalar(scalar) : "…";
    }

    private static List<String> parts(Shape.Struct struct) {
        return struct.parts().stream()
                .filter(part -> part.required() && !part.metadata())
                .map(part -> part.name() + ": " + written(part.shape()))
                .toList();
    }

    private static String scalar(Shape.Scalar scalar) {
        return switch (scalar.json()) {
            case INT, LONG -> "3";
            case DOUBLE -> "0.5";
            case BOOLEAN -> "true";
            // of sizes, one that a heap or a volume may have
            case TEXT ->
                scalar.examples().contains("1Gi")
                        ? "1Gi"
                        : scalar.examples().stream().findFirst().orElse("…");
        };
    }
}
