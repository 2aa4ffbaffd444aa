package io.eventbroker.core.law;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Every small change of a document, at every place. */
final class Mutants {
    private static final List<Object> INSTEAD = Arrays.asList(
            null,
            true,
            new BigDecimal("0"),
            new BigDecimal("12"),
            new BigDecimal("-1"),
            new BigDecimal("1.5"),
            new BigDecimal("2147483648"),
            "",
            "12",
            "true",
            "!! nonsense !!",
            "${secret:a/b}",
            List.of(),
            List.of("a"),
            Map.of(),
            Map.of("a", "b"));

    private Mutants() {}

    /** A changed document. */
    record Mutation(String path, String change, Object document) {}

    static List<Mutation> of(Object document) {
        List<Mutation> all = new ArrayList<>();
        collect(document, "", changed -> changed, all);
        return all;
    }

    private static void collect(Object node, String path, UnaryOperator<Object> around, List<Mutation> all) {
        for (Object other : INSTEAD) {
            if (other == null ? node != null : !other.equals(node)) {
                all.add(new Mutation(
                        path,
                        "replaced by " + (other instanceof String ? "\"" + other + "\"" : other),
                        around.apply(other)));
            }
        }
        if (node instanceof Map<?, ?> map) {
            all.add(new Mutation(path, "an unknown key", around.apply(with(map, "zzz", "x"))));
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = (String) entry.getKey();
                String below = path.isEmpty() ? key : key.contains(".") ? path + "[" + key + "]" : path + "." + key;
                all.add(new Mutation(below, "removed", around.apply(without(map, key))));
                all.add(new Mutation(
                        below,
                        "misspelt",
                        around.apply(with(without(map, key), key.substring(0, key.length() - 1), entry.getValue()))));
                collect(entry.getValue(), below, changed -> around.apply(with(map, key, changed)), all);
            }
        }
        if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                int index = i;
                List<Object> twice = new ArrayList<>(list);
                twice.add(list.get(i));
                all.add(new Mutation(path, "item " + i + " twice", around.apply(twice)));
                List<Object> fewer = new ArrayList<>(list);
                fewer.remove(i);
                all.add(new Mutation(path, "without item " + i, around.apply(fewer)));
                collect(
                        list.get(i),
                        path + "[" + i + "]",
                        changed -> {
                            List<Object> items = new ArrayList<>(list);
                            items.set(index, changed);
                            return around.apply(items);
                        },
                        all);
            }
        }
    }

    private static Map<String, Object> with(Map<?, ?> map, String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>();
        map.forEach((k, v) -> changed.put((String) k, v));
        changed.put(key, value);
        return changed;
    }

    private static Map<String, Object> without(Map<?, ?> map, String key) {
        Map<String, Object> changed = with(map, key, null);
        changed.remove(key);
        return changed;
    }
}
