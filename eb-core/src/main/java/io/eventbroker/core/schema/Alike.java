package io.eventbroker.core.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of components that several alternatives have under one name. They are alike if they differ in descriptions and
 * ranges alone, which the record checks in any case; then one schema does for all of them.
 */
final class Alike {
    private static final String LEAST = "minimum";
    private static final String ABOVE = "exclusiveMinimum";
    private static final String MOST = "maximum";
    private static final Set<String> WORDS = Set.of("description", LEAST, ABOVE, MOST);

    private Alike() {}

    static boolean areAlike(Map<String, Object> one, Map<String, Object> other) {
        return plain(one).equals(plain(other));
    }

    private static Map<String, Object> plain(Map<?, ?> schema) {
        Map<String, Object> plain = new LinkedHashMap<>();
        schema.forEach((key, value) -> {
            if (!WORDS.contains((String) key)) {
                plain.put((String) key, below((String) key, value));
            }
        });
        return plain;
    }

    private static @Nullable Object below(String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> map && key.equals("properties")) {
            Map<String, Object> properties = new LinkedHashMap<>();
            map.forEach((name, schema) -> properties.put((String) name, plain((Map<?, ?>) schema)));
            return properties;
        }
        return value instanceof Map<?, ?> map && isSchema(key) ? plain(map) : value;
    }

    private static boolean isSchema(String key) {
        return List.of("items", "additionalProperties").contains(key);
    }

    /** Takes what one of two that are alike takes, with the descriptions of both. */
    static Map<String, Object> either(Map<?, ?> one, Map<?, ?> other) {
        Map<String, Object> either = new LinkedHashMap<>();
        one.forEach((key, value) -> {
            Object second = other.get(key);
            if (value instanceof Map<?, ?> map && second instanceof Map<?, ?> map2 && key.equals("properties")) {
                Map<String, Object> properties = new LinkedHashMap<>();
                map.forEach((name, schema) ->
                        properties.put((String) name, either((Map<?, ?>) schema, properties(map2, name))));
                either.put("properties", properties);
            } else if (value instanceof Map<?, ?> map
                    && second instanceof Map<?, ?> map2
                    && isSchema(String.valueOf(key))) {
                either.put((String) key, either(map, map2));
            } else if (!WORDS.contains((String) key)) {
                either.put((String) key, value);
            }
        });
        String description = description(one.get("description"), other.get("description"));
        if (!description.isEmpty()) {
            either.put("description", description);
        }
        if (one.get(MOST) instanceof Number most && other.get(MOST) instanceof Number most2) {
            either.put(MOST, most.longValue() >= most2.longValue() ? most : most2);
        }
        Bound least = Bound.of(one);
        Bound least2 = Bound.of(other);
        if (least != null && least2 != null) {
            least.orLower(least2).put(either);
        }
        return either;
    }

    private static Map<?, ?> properties(Map<?, ?> of, Object name) {
        return of.get(name) instanceof Map<?, ?> schema ? schema : Map.of();
    }

    private static String description(@Nullable Object one, @Nullable Object other) {
        String first = one == null ? "" : (String) one;
        String second = other == null ? "" : (String) other;
        if (first.isEmpty() || second.isEmpty()) {
            return first + second;
        }
        return List.of(first.split(" Or: ", -1)).contains(second) ? first : first + " Or: " + second;
    }

    /** The least number, or the last that is too small. */
    private record Bound(Number number, boolean exclusive) {
        static @Nullable Bound of(Map<?, ?> schema) {
            Number least = schema.get(LEAST) instanceof Number number ? number : null;
            Number above = schema.get(ABOVE) instanceof Number number ? number : null;
            if (above != null && (least == null || above.longValue() >= least.longValue())) {
                return new Bound(above, true);
            }
            return least == null ? null : new Bound(least, false);
        }

        Bound orLower(Bound other) {
            int order = Long.compare(number.longValue(), other.number.longValue());
            return order < 0 || (order == 0 && !exclusive) ? this : other;
        }

        void put(Map<String, Object> schema) {
            schema.put(exclusive ? ABOVE : LEAST, number);
        }
    }

    /**
     * As the schemas of Kubernetes say it, which are of an older draft: {@code exclusiveMinimum} is true or false, and tells
     * whether {@code minimum} itself is too small.
     */
    static void exclusiveInWords(Map<String, Object> schema) {
        if (schema.get(ABOVE) instanceof Number) {
            Bound bound = Bound.of(schema);
            schema.remove(ABOVE);
            if (bound != null && bound.exclusive()) {
                schema.put(LEAST, bound.number());
                schema.put(ABOVE, true);
            }
        }
        for (String key : List.of("items", "additionalProperties")) {
            if (schema.get(key) instanceof Map<?, ?> child) {
                schema.put(key, copied(child));
            }
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            Map<String, Object> all = new LinkedHashMap<>();
            properties.forEach((name, child) -> all.put((String) name, copied((Map<?, ?>) child)));
            schema.put("properties", all);
        }
    }

    private static Map<String, Object> copied(Map<?, ?> schema) {
        Map<String, Object> copy = new LinkedHashMap<>();
        schema.forEach((key, value) -> copy.put((String) key, value));
        exclusiveInWords(copy);
        return copy;
    }
}
