package io.eventbroker.core.adopt;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tree of the document that comes about, of which every part has the place in the source that it comes from. Paths are
 * those of the new document, such as {@code spec.brokers.config[num.io.threads]}. Belongs to one adoption.
 */
final class Draft {
    /** What is said of nodes with both roles. */
    static final String COMBINED =
            "these nodes are brokers and controllers at once, which a Topology does not describe: it has controllers of"
                    + " their own";

    static final String COMBINED_REMEDY =
            "assume 'controllers:' as they are to be after a split, which is still to be made in the running cluster";

    private final Ledger ledger;
    private final Map<String, Object> root = new LinkedHashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, Runnable> usual = new LinkedHashMap<>();
    private SourceLocation place = SourceLocation.of("adopted");
    private @Nullable String combined;

    Draft(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Where what is nowhere in the source is reported. */
    void begin(SourceLocation at) {
        this.place = at;
    }

    SourceLocation place() {
        return place;
    }

    /** Notes that nodes have both roles, and what of the source says so. */
    void combined(String evidence) {
        combined = evidence;
    }

    Optional<String> combined() {
        return Optional.ofNullable(combined);
    }

    Ledger ledger() {
        return ledger;
    }

    /** The node as it stands. */
    void put(String path, Found from) {
        set(path, from.carried().node(), from.path());
    }

    /** A text that says in the new document's words what stands there. */
    void text(String path, Found from, String text) {
        from.carried();
        set(path, new Node.Text(from.location(), text, false), from.path());
    }

    /** As {@link #text}, for a number or a boolean. */
    void plain(String path, Found from, String text) {
        from.carried();
        set(path, new Node.Text(from.location(), text, true), from.path());
    }

    void set(String path, Node node, String origin) {
        List<String> segments = Node.segments(path);
        Map<String, Object> map = root;
        for (String segment : segments.subList(0, segments.size() - 1)) {
            map = child(map, segment);
        }
        map.put(segments.get(segments.size() - 1), node);
        origins.put(path, origin);
    }

    /** Adds to the list at the path. */
    void add(String path, Node item, String origin) {
        List<Node> items = new ArrayList<>();
        if (get(path) instanceof Node.Items list) {
            items.addAll(list.items());
        }
        items.add(item);
        set(path, new Node.Items(items.get(0).at(), items), origins.getOrDefault(path, origin));
        origins.put(path + "[" + (items.size() - 1) + "]", origin);
    }

    /** Takes effect in the end if neither the source nor the caller says it. */
    void usual(String path, Node node, String why, String remedy) {
        usual.putIfAbsent(path, () -> {
            set(path, node, "");
            ledger.note(
                    new NotCarried(NotCarried.Kind.ASSUMED, node.at(), path, Hidden.shown(node, path), why, remedy));
        });
    }

    boolean has(String path) {
        return get(path) != null;
    }

    Optional<String> text(String path) {
        return get(path) instanceof Node.Text text ? Optional.of(text.text()) : Optional.empty();
    }

    List<Node> items(String path) {
        return get(path) instanceof Node.Items list ? list.items() : List.of();
    }

    private @Nullable Object get(String path) {
        Object found = root;
        for (String segment : Node.segments(path)) {
            if (found instanceof Map<?, ?> map) {
                found = map.get(segment);
            } else {
                found = found instanceof Node node ? node.child(segment) : null;
            }
            if (found == null) {
                return null;
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked") // every map in the tree was made here
    private static Map<String, Object> child(Map<String, Object> map, String key) {
        Object child = map.get(key);
        if (!(child instanceof Map)) {
            Map<String, Object> open = new LinkedHashMap<>();
            if (child instanceof Node.Fields fields) {
                fields.fields().forEach((name, field) -> open.put(name, field.value()));
            }
            child = open;
            map.put(key, child);
        }
        return (Map<String, Object>) child;
    }

    /** Fills in what the caller says of what the source does not say. */
    void assume(Node.Fields assumed) {
        assumed.fields().forEach((key, field) -> {
            if (!key.equals("apiVersion") && !key.equals("kind")) {
                assume(key, field.value());
            }
        });
    }

    private void assume(String path, Node node) {
        Object there = get(path);
        if (there == null) {
            if (!node.isNull()) {
                set(path, node, "");
                ledger.note(new NotCarried(
                        NotCarried.Kind.ASSUMED,
                        node.at(),
                        path,
                        Hidden.shown(node, path),
                        "the source does not say it",
                        "see whether it is so"));
            }
        } else if (node instanceof Node.Fields map && (there instanceof Map || there instanceof Node.Fields)) {
            map.fields().forEach((key, field) -> {
                String below = path + (key.indexOf('.') >= 0 ? "[" + key + "]" : "." + key);
                assume(below, field.value());
            });
        } else if (!(there instanceof Node said) || !said.isAlike(node)) {
            ledger.note(new NotCarried(
                    NotCarried.Kind.UNUSED_ASSUMPTION,
                    node.at(),
                    path,
                    Hidden.shown(node, path),
                    "this assumption is not needed, for the source says something else"
                            + (there instanceof Node said ? ": " + Hidden.shown(said, path) + " at " + said.at() : ""),
                    "remove it, or change the result"));
        }
    }

    /** Fills in what is usual, then says whether something is at the path. */
    void assumeUsual() {
        usual.forEach((path, set) -> {
            if (!has(path)) {
                set.run();
            }
        });
    }

    /** The path in the source of what stands at a path here, or of the nearest element around it; empty if there is none. */
    Optional<String> origin(String path) {
        List<String> segments = Node.segments(path);
        String best = null;
        int longest = 0;
        for (Map.Entry<String, String> origin : origins.entrySet()) {
            List<String> known = Node.segments(origin.getKey());
            if (known.size() > longest
                    && known.size() <= segments.size()
                    && known.equals(segments.subList(0, known.size()))) {
                longest = known.size();
                best = origin.getValue();
            }
        }
        return Optional.ofNullable(best).filter(text -> !text.isEmpty());
    }

    /** The document, of the kind {@code Topology}. */
    Node document() {
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        put(fields, "apiVersion", new Node.Text(place, "eventbroker.io/v1", false));
        put(fields, "kind", new Node.Text(place, "Topology", false));
        child(root, "metadata");
        child(root, "spec");
        root.forEach((key, value) -> put(fields, key, node(value, place)));
        return new Node.Fields(place, fields);
    }

    private static Node node(Object value, SourceLocation around) {
        if (value instanceof Node node) {
            return node;
        }
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, below) -> put(fields, (String) key, node(below, around)));
        SourceLocation at =
                fields.values().stream().map(Node.Field::keyAt).findFirst().orElse(around);
        return new Node.Fields(at, fields);
    }

    private static void put(Map<String, Node.Field> fields, String key, Node value) {
        fields.put(key, new Node.Field(value.at(), value));
    }

    /** A map for an item of a list. */
    static Node.Fields map(SourceLocation at, Map<String, Node> values) {
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        values.forEach((key, value) -> put(fields, key, value));
        return new Node.Fields(at, fields);
    }
}
