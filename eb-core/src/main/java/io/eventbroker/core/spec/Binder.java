package io.eventbroker.core.spec;

import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.manifest.internal.SecretWords;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One document's nodes to the record of its kind. Goes on after a mistake, so that all are found: what could not be read
 * is {@link Unread} from there on, and the checks around it report what they find whatever it turns out to be.
 */
final class Binder {
    /**
     * What the records around the one being bound say.
     *
     * @param texts text components, for what is inherited; some may be {@link Unread}
     * @param places where these are written
     * @param known the keys that belong there
     * @param strays those that do not, and resemble none that does
     */
    private record Scope(
            @Nullable Scope around,
            Map<String, Object> texts,
            Map<String, String> places,
            Set<String> known,
            Set<String> strays) {
        static final Scope NONE = new Scope(null, Map.of(), Map.of(), Set.of(), Set.of());

        @Nullable
        Object find(String name) {
            Object text = texts.get(name);
            return text != null || around == null ? text : around.find(name);
        }

        @Nullable
        String place(String name) {
            String place = places.get(name);
            return place != null || around == null ? place : around.place(name);
        }

        boolean isKnown(String key) {
            return known.contains(key) || (around != null && around.isKnown(key));
        }

        boolean isStray(String key) {
            return strays.contains(key) || (around != null && around.isStray(key));
        }
    }

    /** Keys whose values are not repeated in messages. */
    private static final Pattern SECRET =
            Pattern.compile(SecretWords.ALTERNATIVES + "|secret|jaas|credential|\\bkey\\b", Pattern.CASE_INSENSITIVE);

    private final Node root;
    private final References references;
    private final Guesses guesses;
    private final Faults faults;
    /** Whether the document has a name that is one; if not, its head is to blame. */
    private boolean named = true;

    /** Of the texts that could not be read, some may be these words. */
    Binder(Node root, References references, Set<String> words, Consumer<Problem> problems) {
        this.root = root;
        this.guesses = new Guesses(words);
        this.references = references;
        this.faults = new Faults(root, guesses, problems);
    }

    /** The record, or {@link Unread} if anything in the spec was wrong. */
    Object bind(Shape.Struct struct, Node.Fields metadata, boolean named, Node.Fields spec) {
        this.named = named;
        for (String key : metadata.fields().keySet()) {
            Shape.Part part = struct.part(key);
            // name and labels may stand in every document, also where the record does not ask for them
            if (!(key.equals("name") || key.equals("labels")) && (part == null || !part.metadata())) {
                unknown(
                        NodePath.of("metadata"),
                        metadata,
                        key,
                        Nearest.remedy(key, List.of("name", "labels"), "known keys"));
            }
        }
        Node labels = metadata.get("labels");
        if (labels != null && !labels.isNull() && struct.part("labels") == null) {
            value(
                    new Shape.Mapped(Shape.TEXT, Shape.TEXT),
                    labels,
                    NodePath.of("metadata").key("labels"),
                    Scope.NONE);
        }
        Object bound = struct(struct, spec, NodePath.of("spec"), metadata, null);
        if (bound instanceof Unread && faults.isEmpty()) {
            faults.error(
                    root.at(), "", "cannot be made into a " + struct.type().getSimpleName(), "correct the document");
        }
        return bound;
    }

    /** Words that records said something about, though something in them could not be read and may be one of the words. */
    Set<String> suspects() {
        return faults.suspects();
    }

    /** What stands for the component when the file says nothing. */
    static Object otherwise(Shape.Part part) {
        Node node = part.otherwise();
        if (node == null) {
            throw new IllegalArgumentException(part.name() + " has no default");
        }
        Binder binder = new Binder(node, new References(Collections.emptySortedMap()), Set.of(), problem -> {
            throw new IllegalArgumentException("the default of " + part.name() + ": " + problem);
        });
        return binder.value(part.shape(), node, NodePath.of(part.name()), Scope.NONE);
    }

    private Object struct(
            Shape.Struct struct,
            Node.Fields fields,
            NodePath path,
            Node.@Nullable Fields metadata,
            @Nullable Scope around) {
        Set<String> known = struct.names().inSpec();
        boolean sure = true;
        Set<String> strays = Set.of();
        Map<String, String> meant = Map.of();
        for (String key : fields.fields().keySet()) {
            if (!known.contains(key)) {
                Optional<String> near = Nearest.to(key, known);
                if (near.isPresent()) {
                    meant = meant.isEmpty() ? new HashMap<>() : meant;
                    meant.putIfAbsent(near.get(), key);
                } else {
                    strays = strays.isEmpty() ? new HashSet<>() : strays;
                    strays.add(key);
                }
                unknown(
                        path,
                        fields,
                        key,
                        near.map(name -> "did you mean '" + name + "'?")
                                .or(() -> Misplaced.remedy(struct, fields, key, around != null && around.isKnown(key)))
                                .orElse("known keys are " + String.join(", ", known)));
                sure = false;
            }
        }
        Scope scope = new Scope(around, new HashMap<>(4), new HashMap<>(4), known, strays);
        List<Object> values = new ArrayList<>(struct.parts().size());
        for (Shape.Part part : struct.parts()) {
            boolean fromMetadata = part.metadata() && metadata != null;
            Node.Fields from = fromMetadata && metadata != null ? metadata : fields;
            NodePath at = (fromMetadata ? NodePath.of("metadata") : path).key(part.name());
            boolean absent = from.get(part.name()) == null;
            Object value;
            boolean misnamed = fromMetadata && part.name().equals("name") && !named;
            String instead = absent && !part.metadata() ? meant.get(part.name()) : null;
            Node written = instead == null ? null : fields.get(instead);
            boolean elsewhere = absent && part.required() && around != null && around.isStray(part.name());
            if (misnamed || instead != null || elsewhere) {
                // a misspelt key is reported once, not also as a missing one, and a document's name with its head
                faults.settle(at);
                value = instead != null && written != null && isLike(part.shape(), written)
                        ? guesses.either(value(part.shape(), written, path.key(instead), scope), part.shape())
                        : faults.unread(part.shape());
            } else {
                value = part(part, from, at, scope);
                if (absent && !strays.isEmpty() && !part.metadata() && !part.required() && part.inherited() == null) {
                    // any of the absent ones may be what the stray key means
                    value = guesses.either(value, part.shape());
                }
            }
            values.add(value);
            sure &= !(value instanceof Unread);
            if (value instanceof String || value instanceof Unread) {
                scope.texts().put(part.name(), value);
                scope.places().put(part.name(), at.toString());
            }
        }
        if (sure) {
            try {
                return struct.construct(values.toArray());
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                return faults.check(struct, values, path);
            }
        }
        return faults.check(struct, values, path);
    }

    private void unknown(NodePath path, Node.Fields fields, String key, String remedy) {
        faults.error(
                fields.keyAt(key),
                path.key(Node.shorten(key)).toString(),
                "unknown key '" + Node.shorten(key) + "'",
                remedy);
    }

    /** Whether a map or a list is wanted and found, so that what is in it can be read under a misspelt key too. */
    private static boolean isLike(Shape shape, Node node) {
        Shape present = shape instanceof Shape.Maybe maybe ? maybe.present() : shape;
        return node instanceof Node.Items
                ? present instanceof Shape.Listed
                : node instanceof Node.Fields && (present instanceof Shape.Struct || present instanceof Shape.OneOf);
    }

    private Object part(Shape.Part part, Node.Fields fields, NodePath path, Scope scope) {
        Node node = fields.get(part.name());
        if (node != null && !node.isNull()) {
            return value(part.shape(), node, path, scope);
        }
        if (part.inherited() != null) {
            Object text = scope.find(part.name());
            if (text != null) {
                String place = scope.place(part.name());
                if (place != null && part.inherited().isEmpty()) {
                    faults.inherit(path.toString(), place);
                }
                return Unread.map(text, value -> value + part.inherited());
            }
        } else if (part.otherwise() != null) {
            return value(part.shape(), part.otherwise(), path, scope);
        } else if (part.shape() instanceof Shape.Maybe) {
            return Optional.empty();
        } else if (part.shape() instanceof Shape.Listed listed) {
            return listed.distinct() ? Set.of() : List.of();
        } else if (part.shape() instanceof Shape.Mapped) {
            return Collections.unmodifiableSortedMap(new TreeMap<>());
        }
        faults.error(
                node == null ? root.locate(path.toString()) : fields.keyAt(part.name()),
                path.toString(),
                "is missing: expected " + expected(part.shape()),
                "add '" + part.name() + ":"
                        + Smallest.map(part.shape()).map(map -> " " + map).orElse("") + "'");
        return faults.unread(part.shape());
    }

    private Object value(Shape shape, Node found, NodePath path, Scope scope) {
        if (shape instanceof Shape.Maybe maybe) {
            return Unread.map(value(maybe.present(), found, path, scope), Optional::of);
        }
        Node node = found;
        if (found instanceof Node.Text text && References.mayBeIn(text.text())) {
            node = resolved(text, shape == Shape.PROPERTY, path);
            if (node == null) {
                return faults.unread(shape);
            }
        }
        if (shape instanceof Shape.Scalar scalar && node instanceof Node.Text text && !text.isNull()) {
            Object value = scalar(scalar, text, path, scalar.advice(), text == found);
            if (text != found && found instanceof Node.Text written && !(value instanceof Unread)) {
                String printed = scalar.print().apply(value);
                if (!printed.equals(text.text())) {
                    references.hide(printed, written);
                }
            }
            return value;
        }
        if (shape instanceof Shape.Choice choice && node instanceof Node.Text text && !text.isNull()) {
            Object constant = choice.byName().get(text.text());
            if (constant != null) {
                return constant;
            }
            faults.error(
                    node.at(),
                    path.toString(),
                    "expected one of " + String.join(", ", choice.byName().keySet()) + ", found " + node.found(),
                    Nearest.to(text.text(), choice.byName().keySet())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("write one of them"));
            return faults.unread(shape);
        }
        if (shape instanceof Shape.Listed listed && node instanceof Node.Items list) {
            return items(listed, list, path, scope);
        }
        if (shape instanceof Shape.Mapped mapped && node instanceof Node.Fields map) {
            return map(mapped, map, path, scope);
        }
        if (shape instanceof Shape.Struct struct && node instanceof Node.Fields map) {
            return struct(struct, map, path, null, scope);
        }
        if (shape instanceof Shape.OneOf oneOf && node instanceof Node.Fields map) {
            return oneOf(oneOf, map, path, scope);
        }
        faults.error(
                node.at(),
                path.toString(),
                "expected " + expected(shape) + ", found " + node.found(),
                shape instanceof Shape.Listed && !(node instanceof Node.Fields)
                        ? "write it as a list: [" + node.inline() + "]"
                        : shape == Shape.PROPERTY && node instanceof Node.Items list
                                ? "write it as one text with commas"
                                        + (SECRET.matcher(path.segment()).find() ? "" : Misplaced.joined(list))
                                : "write " + advice(shape));
        return faults.unread(shape);
    }

    /** The text with what its references stand for; null if one of them stands for nothing, which is reported then. */
    private Node.@Nullable Text resolved(Node.Text text, boolean kept, NodePath path) {
        try {
            return references.resolve(text, kept);
        } catch (References.UnresolvedException e) {
            faults.report(e.at(text.at(), path.toString()));
            return null;
        }
    }

    /**
     * The value of a text.
     *
     * @param own whether the text stands in the file itself; otherwise no guess is made of it, for messages do not repeat
     *     what a reference stands for
     */
    private Object scalar(Shape.Scalar scalar, Node.Text text, NodePath path, String advice, boolean own) {
        boolean quoted = !text.plain() && !scalar.textual();
        try {
            Object value = scalar.parse().apply(text.text());
            if (!quoted) {
                return value;
            }
            faults.error(
                    text.at(),
                    path.toString(),
                    "expected " + scalar.expected() + ", found " + text.found(),
                    "remove the quotes");
        } catch (NumberFormatException e) {
            // The text has another type altogether; a number out of range says so itself.
            faults.error(
                    text.at(),
                    path.toString(),
                    "expected " + scalar.expected() + ", found " + text.found(),
                    "write " + advice);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            Refusals.Said said = Refusals.Said.by(e, "write " + advice);
            boolean guessed = said.remedy().startsWith("did you mean");
            faults.error(
                    text.at(), path.toString(), said.message(), own || !guessed ? said.remedy() : "write " + advice);
        }
        return faults.unread(scalar);
    }

    private Object items(Shape.Listed listed, Node.Items list, NodePath path, Scope scope) {
        List<Object> values = new ArrayList<>(list.items().size());
        Set<Object> distinct = new LinkedHashSet<>();
        boolean sure = true;
        for (int i = 0; i < list.items().size(); i++) {
            Node item = list.items().get(i);
            Object value = value(listed.item(), item, path.index(i), scope);
            if (listed.distinct() && !(value instanceof Unread) && !distinct.add(value)) {
                faults.error(item.at(), path.index(i).toString(), "is already in the list", "remove it");
                value = faults.unread(listed.item());
            }
            values.add(value);
            sure &= !(value instanceof Unread);
        }
        if (sure) {
            return listed.distinct() ? Collections.unmodifiableSet(distinct) : List.copyOf(values);
        }
        List<Object> possible = new ArrayList<>();
        for (List<Object> chosen : guesses.cases(values)) {
            if (!listed.distinct()) {
                possible.add(chosen);
            } else if (new HashSet<>(chosen).size() == chosen.size()) {
                possible.add(Collections.unmodifiableSet(new LinkedHashSet<>(chosen)));
            }
        }
        return new Unread(possible);
    }

    private Object map(Shape.Mapped mapped, Node.Fields map, NodePath path, Scope scope) {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        boolean sure = true;
        for (Map.Entry<String, Node.Field> entry : map.fields().entrySet()) {
            NodePath at = path.key(entry.getKey());
            Object key = key(mapped.key(), entry.getKey(), entry.getValue().keyAt(), at);
            if (References.mayBeIn(entry.getKey()) && keys.contains(key)) {
                faults.error(
                        entry.getValue().keyAt(),
                        at.toString(),
                        "the key '" + Node.shorten(String.valueOf(key)) + "' is already given, written otherwise",
                        "keep one of the two");
                key = faults.unread(mapped.key());
            }
            Object value = value(mapped.value(), entry.getValue().value(), at, scope);
            keys.add(key);
            values.add(value);
            sure &= !(key instanceof Unread || value instanceof Unread);
        }
        if (sure) {
            return map(keys, values);
        }
        List<Object> both = new ArrayList<>(keys);
        both.addAll(values);
        int size = keys.size();
        return new Unread(guesses.cases(both).stream()
                .map(chosen -> (Object) map(chosen.subList(0, size), chosen.subList(size, 2 * size)))
                .toList());
    }

    private Object key(Shape.Scalar shape, String key, SourceLocation at, NodePath path) {
        try {
            return scalar(shape, new Node.Text(at, references.key(key, at), true), path, shape.keyAdvice(), true);
        } catch (References.UnresolvedException e) {
            faults.report(e.at(at, path.toString()));
            return faults.unread(shape);
        }
    }

    private static SortedMap<Object, Object> map(List<Object> keys, List<Object> values) {
        TreeMap<Object, Object> map = new TreeMap<>();
        for (int i = 0; i < keys.size(); i++) {
            map.put(keys.get(i), values.get(i));
        }
        return Collections.unmodifiableSortedMap(map);
    }

    private Object oneOf(Shape.OneOf oneOf, Node.Fields map, NodePath path, Scope scope) {
        Set<String> types = oneOf.byType().keySet();
        Node type = map.get("type");
        if (type instanceof Node.Text written && References.mayBeIn(written.text())) {
            type = resolved(written, false, path.key("type"));
            if (type == null) {
                return faults.unread(oneOf);
            }
        }
        if (!(type instanceof Node.Text text)) {
            faults.error(
                    type == null ? root.locate(path.key("type").toString()) : type.at(),
                    path.key("type").toString(),
                    type == null ? "is missing" : "expected text, found " + type.found(),
                    "write one of " + String.join(", ", types));
            return faults.unread(oneOf);
        }
        Shape.Struct struct = oneOf.byType().get(text.text());
        if (struct == null) {
            faults.error(
                    type.at(),
                    path.key("type").toString(),
                    "expected one of " + String.join(", ", types) + ", found " + type.found(),
                    Nearest.to(text.text(), types)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("write one of them"));
            return faults.unread(oneOf);
        }
        Map<String, Node.Field> rest = new LinkedHashMap<>(map.fields());
        rest.remove("type");
        return struct(struct, new Node.Fields(map.at(), rest), path, null, scope);
    }

    private static String advice(Shape shape) {
        if (shape instanceof Shape.Scalar scalar) {
            return scalar.advice();
        }
        return shape instanceof Shape.Listed
                ? "it as a list: [first, second]"
                : shape instanceof Shape.Choice
                        ? expected(shape)
                        : Smallest.map(shape)
                                .map(map -> "it as a map such as " + map)
                                .orElse("it as a map, 'key: value' on a line each");
    }

    private static String expected(Shape shape) {
        if (shape instanceof Shape.Maybe maybe) {
            return expected(maybe.present());
        }
        if (shape instanceof Shape.Scalar scalar) {
            return scalar.expected();
        }
        if (shape instanceof Shape.Choice choice) {
            return "one of " + String.join(", ", choice.byName().keySet());
        }
        return shape instanceof Shape.Listed ? "a list" : "a map";
    }
}
