package io.eventbroker.core.schema;

import io.eventbroker.core.kind.internal.Shape;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a scalar may be in JSON, where numbers and booleans stand without quotes.
 *
 * @param types such as {@code string} and {@code integer}
 */
record ScalarForm(List<String> types) {
    private static final Map<Shape.Json, String> BARE =
            Map.of(Shape.Json.DOUBLE, "number", Shape.Json.BOOLEAN, "boolean");
    private static final List<String> WHOLE =
            List.of("0", "1", "2", "3", "12", "100", "1000", "9092", "65535", "1000000", "-1");
    private static final List<String> DECIMAL = List.of("0.5", "1.5", "4.3", "7.9", "100.25", "-0.5");

    ScalarForm {
        types = List.copyOf(types);
    }

    /**
     * Text may be written without quotes, so whatever number or boolean the type reads as text is allowed too. Which it
     * reads is found out by trying.
     */
    static ScalarForm of(Shape.Scalar scalar) {
        if (scalar.json() != Shape.Json.TEXT) {
            return new ScalarForm(List.of(BARE.getOrDefault(scalar.json(), "integer")));
        }
        List<String> types = new ArrayList<>(List.of("string"));
        if (DECIMAL.stream().anyMatch(text -> reads(scalar, text))) {
            types.add("number");
        } else if (WHOLE.stream().anyMatch(text -> reads(scalar, text))) {
            types.add("integer");
        }
        if (Stream.of("true", "false").anyMatch(text -> reads(scalar, text))) {
            types.add("boolean");
        }
        return new ScalarForm(types);
    }

    boolean mayBeNumber() {
        return types.contains("number") || types.contains("integer");
    }

    private static boolean reads(Shape.Scalar scalar, String text) {
        try {
            Object unused = scalar.parse().apply(text);
            return true;
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return false;
        }
    }
}
