package io.eventbroker.core.spec;

import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A piece of a file and where it stands, before anything is known of its meaning. Immutable. */
sealed interface Node {
    SourceLocation at();

    /** As found in a message: {@code text 'abc'}, {@code a list}. */
    String found();

    /** On one line, in YAML's flow form, for messages to people. */
    String inline();

    default boolean isNull() {
        return false;
    }

    /**
     * A scalar.
     *
     * @param plain whether it was written without quotes, so that it may be a number, a boolean or null
     */
    record Text(SourceLocation at, String text, boolean plain) implements Node {
        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        @Override
        public boolean isNull() {
            return plain && NULLS.contains(text);
        }

        @Override
        public String found() {
            if (isNull()) {
                return "nothing";
            }
            String shown = shorten(text);
            return plain ? "'" + shown + "'" : "the text \"" + shown + "\"";
        }

        @Override
        public String inline() {
            return isNull() ? "null" : shorten(text);
        }
    }

    record Items(SourceLocation at, List<Node> items) implements Node {
        @Override
        public String found() {
            return "a list";
        }

        @Override
        public String inline() {
            return shorten(items.stream().map(Node::inline).collect(Collectors.joining(", ", "[", "]")));
        }
    }

    /**
     * A map.
     *
     * @param fields in the order of the file
     */
    record Fields(SourceLocation at, Map<String, Field> fields) implements Node {
        @Nullable
        Node get(String key) {
            Field field = fields.get(key);
            return field == null ? null : field.value();
        }

        @Override
        public String found() {
            return "a map";
        }

        @Override
        public String inline() {
            return shorten(fields.entrySet().stream()
                    .map(entry ->
                            entry.getKey() + ": " + entry.getValue().value().inline())
                    .collect(Collectors.joining(", ", "{", "}")));
        }
    }

    /**
     * A value and its key.
     *
     * @param keyAt where the key stands
     */
    record Field(SourceLocation keyAt, Node value) {}

    static String shorten(String text) {
        String line = text.length() > 80 ? text.substring(0, 77) + "..." : text;
        StringBuilder shown = new StringBuilder(line.length());
        line.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '·' : (char) c));
        return shown.toString();
    }

    /**
     * The patch merged over the base as RFC 7396 says: maps merge, lists and scalars replace, null removes. Every value
     * keeps the place that it came from.
     */
    static Node merge(@Nullable Node base, Node patch) {
        if (!(patch instanceof Fields over)) {
            return patch;
        }
        Map<String, Field> merged =
                base instanceof Fields under ? new LinkedHashMap<>(under.fields()) : new LinkedHashMap<>();
        over.fields().forEach((key, field) -> {
            if (field.value().isNull()) {
                merged.remove(key);
            } else {
                Field before = merged.get(key);
                merged.put(key, new Field(field.keyAt(), merge(before == null ? null : before.value(), field.value())));
            }
        });
        return new Fields(base instanceof Fields ? base.at() : patch.at(), merged);
    }

    /** Equal in meaning, wherever written. */
    static boolean same(Node one, Node other) {
        if (one instanceof Text a && other instanceof Text b) {
            return a.text().equals(b.text()) && a.isNull() == b.isNull();
        }
        if (one instanceof Items a && other instanceof Items b) {
            if (a.items().size() != b.items().size()) {
                return false;
            }
            for (int i = 0; i < a.items().size(); i++) {
                if (!same(a.items().get(i), b.items().get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof Fields a && other instanceof Fields b) {
            if (!a.fields().keySet().equals(b.fields().keySet())) {
                return false;
            }
            for (Map.Entry<String, Field> entry : a.fields().entrySet()) {
                Node counterpart = b.get(entry.getKey());
                if (counterpart == null || !same(entry.getValue().value(), counterpart)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    /**
     * The place of the element at the path, or of the nearest element around it.
     *
     * @param path {@code spec.topics[3].configs[retention.ms]}
     */
    static SourceLocation locate(Node root, String path) {
        Node node = root;
        for (String segment : segments(path)) {
            Node next = null;
            if (node instanceof Fields map) {
                next = map.get(segment);
            } else if (node instanceof Items list && segment.chars().allMatch(c -> c >= '0' && c <= '9')) {
                int index = segment.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(segment);
                next = index < list.items().size() ? list.items().get(index) : null;
            }
            if (next == null) {
                break;
            }
            node = next;
        }
        return node.at();
    }

    /** {@code topics[3].name} is topics, 3, name. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int i = 0;
        while (i < path.length()) {
            int end;
            if (path.charAt(i) == '[') {
                end = path.indexOf(']', i);
                end = end < 0 ? path.length() : end;
                segments.add(path.substring(i + 1, end));
                i = end + 1;
            } else {
                end = i;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                if (end > i) {
                    segments.add(path.substring(i, end));
                }
                i = end < path.length() && path.charAt(end) == '.' ? end + 1 : end;
            }
        }
        return segments;
    }
}
