package io.eventbroker.core.source;

import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A piece of a file and where it stands, before anything is known of its meaning. Immutable. */
public sealed interface Node {
    SourceLocation at();

    /** As found in a message: {@code text 'abc'}, {@code a list}. */
    String found();

    /** On one line, in YAML's flow form, for messages to people. */
    String inline();

    default boolean isNull() {
        return false;
    }

    /**
     * The place of the element at the path. What is missing has none: then the place of the key under which the nearest
     * element around it stands, for that is where it has to be added; of an item of a list, where the item begins; of the
     * whole document, its line {@code kind:}.
     *
     * @param path {@code spec.topics[3].configs[retention.ms]}
     */
    default SourceLocation locate(String path) {
        Node node = this;
        SourceLocation holder =
                this instanceof Fields root && root.fields().containsKey("kind") ? root.keyAt("kind") : at();
        for (String segment : segments(path)) {
            Node next = node.child(segment);
            if (next == null) {
                return holder;
            }
            holder = node instanceof Fields map ? map.keyAt(segment) : next.at();
            node = next;
        }
        return node.at();
    }

    /**
     * The element at the path; empty if there is none, or nothing stands there.
     *
     * @param path as for {@link #locate}
     */
    default Optional<Node> find(String path) {
        Node node = this;
        for (String segment : segments(path)) {
            node = node.child(segment);
            if (node == null) {
                return Optional.empty();
            }
        }
        return node.isNull() ? Optional.empty() : Optional.of(node);
    }

    /** The scalar at the path; empty if there is none, or something else stands there. */
    default Optional<String> text(String path) {
        return find(path).filter(Text.class::isInstance).map(node -> ((Text) node).text());
    }

    /** The items of the list at the path; none if there is no list. */
    default List<Node> items(String path) {
        return find(path)
                .filter(Items.class::isInstance)
                .map(node -> ((Items) node).items())
                .orElse(List.of());
    }

    /** The fields of the map at the path, in the order of the file; none if there is no map. */
    default Map<String, Field> fields(String path) {
        return find(path)
                .filter(Fields.class::isInstance)
                .map(node -> ((Fields) node).fields())
                .orElse(Map.of());
    }

    /** Whether both say the same, wherever it is written; quotes count only for what is nothing without them. */
    default boolean isAlike(Node other) {
        if (this instanceof Text a && other instanceof Text b) {
            return a.text().equals(b.text()) && a.isNull() == b.isNull();
        }
        if (this instanceof Items a && other instanceof Items b) {
            if (a.items().size() != b.items().size()) {
                return false;
            }
            for (int i = 0; i < a.items().size(); i++) {
                if (!a.items().get(i).isAlike(b.items().get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (this instanceof Fields a && other instanceof Fields b) {
            if (!a.fields().keySet().equals(b.fields().keySet())) {
                return false;
            }
            for (Map.Entry<String, Field> entry : a.fields().entrySet()) {
                Node counterpart = b.get(entry.getKey());
                if (counterpart == null || !entry.getValue().value().isAlike(counterpart)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    /** The element directly below: of a map by its key, of a list by its index. */
    default @Nullable Node child(String segment) {
        return null;
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

    /** A list. */
    record Items(SourceLocation at, List<Node> items) implements Node {
        @Override
        public @Nullable Node child(String segment) {
            if (segment.isEmpty() || segment.length() > 9 || !segment.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return null;
            }
            int index = Integer.parseInt(segment);
            return index < items.size() ? items.get(index) : null;
        }

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
        public @Nullable Node get(String key) {
            Field field = fields.get(key);
            return field == null ? null : field.value();
        }

        /** Where the key stands, or the map if it has no such key. */
        public SourceLocation keyAt(String key) {
            Field field = fields.get(key);
            return field == null ? at : field.keyAt();
        }

        @Override
        public @Nullable Node child(String segment) {
            return get(segment);
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

    /** Text of the file on one line of at most 80 characters, without control characters, for messages. */
    static String shorten(String text) {
        String line = text.length() > 80 ? text.substring(0, 77) + "..." : text;
        StringBuilder shown = new StringBuilder(line.length());
        line.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '·' : (char) c));
        return shown.toString();
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
