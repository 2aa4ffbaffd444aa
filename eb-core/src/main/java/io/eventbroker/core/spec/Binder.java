package io.eventbroker.core.spec;

import io.eventbroker.core.kind.InvalidValueException;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One document's nodes to the record of its kind. Goes on after a mistake, so that all are found. */
final class Binder {
    /** Stands for a value that could not be made; its problems are reported already. */
    private static final Object FAILED = new Object();

    /**
     * Text components of the records around the one being bound, for what is inherited; {@link #FAILED} for a text that
     * could not be read, so that whoever inherits it does not report it again.
     */
    private record Scope(@Nullable Scope around, Map<String, Object> texts) {
        @Nullable
        Object find(String name) {
            Object text = texts.get(name);
            return text != null || around == null ? text : around.find(name);
        }
    }

    private final Node root;
    private final Consumer<Problem> problems;
    private boolean reported;

    Binder(Node root, Consumer<Problem> problems) {
        this.root = root;
        this.problems = problems;
    }

    /** The record, or empty if anything in the document was wrong. */
    Optional<Object> bind(Shape.Struct struct, Node.Fields metadata, Node.Fields spec) {
        for (String key : metadata.fields().keySet()) {
            Shape.Part part = struct.part(key);
            // name and labels may stand in every document, also where the record does not ask for them
            if (!(key.equals("name") || key.equals("labels")) && (part == null || !part.metadata())) {
                unknown(NodePath.of("metadata"), metadata, key, Set.of("name", "labels"));
            }
        }
        Node labels = metadata.get("labels");
        if (labels != null && !labels.isNull() && struct.part("labels") == null) {
            value(
                    new Shape.Mapped(Shape.TEXT, Shape.TEXT),
                    labels,
                    NodePath.of("metadata").key("labels"),
                    new Scope(null, Map.of()));
        }
        Object bound = struct(struct, spec, NodePath.of("spec"), metadata, null);
        if (bound == FAILED && !reported) {
            error(root.at(), "", "cannot be made into a " + struct.type().getSimpleName(), "correct the document");
        }
        return bound == FAILED ? Optional.empty() : Optional.of(bound);
    }

    /** What stands for the component when the file says nothing. */
    static Object otherwise(Shape.Part part) {
        Node node = part.otherwise();
        if (node == null) {
            throw new IllegalArgumentException(part.name() + " has no default");
        }
        Binder binder = new Binder(node, problem -> {
            throw new IllegalArgumentException("the default of " + part.name() + ": " + problem);
        });
        return binder.value(part.shape(), node, NodePath.of(part.name()), new Scope(null, Map.of()));
    }

    private Object struct(
            Shape.Struct struct,
            Node.Fields fields,
            NodePath path,
            Node.@Nullable Fields metadata,
            @Nullable Scope around) {
        boolean failed = false;
        Set<String> known = new LinkedHashSet<>();
        for (Shape.Part part : struct.parts()) {
            if (!part.metadata()) {
                known.add(part.name());
            }
        }
        Set<String> meant = new HashSet<>();
        for (String key : fields.fields().keySet()) {
            if (!known.contains(key)) {
                unknown(path, fields, key, known);
                Nearest.to(key, known).ifPresent(meant::add);
                failed = true;
            }
        }
        Scope scope = new Scope(around, new HashMap<>());
        Object[] values = new Object[struct.parts().size()];
        for (int i = 0; i < values.length; i++) {
            Shape.Part part = struct.parts().get(i);
            boolean fromMetadata = part.metadata() && metadata != null;
            Node.Fields from = fromMetadata && metadata != null ? metadata : fields;
            NodePath at = (fromMetadata ? NodePath.of("metadata") : path).key(part.name());
            // a misspelt key is reported once, not also as a missing one
            values[i] = !part.metadata() && meant.contains(part.name()) && from.get(part.name()) == null
                    ? FAILED
                    : part(part, from, at, scope);
            failed |= values[i] == FAILED;
            if (values[i] instanceof String || values[i] == FAILED) {
                scope.texts().put(part.name(), values[i]);
            }
        }
        if (failed) {
            return FAILED;
        }
        try {
            return struct.construct(values);
        } catch (InvalidValueException e) {
            for (Violation violation : e.violations()) {
                Shape.Part part = struct.part(violation.component());
                NodePath above = part != null && part.metadata() ? NodePath.of("metadata") : path;
                String full = violation.component().isEmpty()
                        ? above.toString()
                        : violation.component().startsWith("[")
                                ? above + violation.component()
                                : above + "." + violation.component();
                error(Node.locate(root, full), full, violation.message(), violation.remedy());
            }
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            refused(fields.at(), path, e, "correct the values below it");
        }
        return FAILED;
    }

    private void unknown(NodePath path, Node.Fields fields, String key, Set<String> known) {
        error(
                keyAt(fields, key),
                path.key(Node.shorten(key)).toString(),
                "unknown key '" + Node.shorten(key) + "'",
                Nearest.remedy(key, known, "known keys"));
    }

    private static SourceLocation keyAt(Node.Fields fields, String key) {
        Node.Field field = fields.fields().get(key);
        return field == null ? fields.at() : field.keyAt();
    }

    private Object part(Shape.Part part, Node.Fields fields, NodePath path, Scope scope) {
        Node node = fields.get(part.name());
        if (node != null && !node.isNull()) {
            return value(part.shape(), node, path, scope);
        }
        if (part.inherited() != null) {
            Object text = scope.find(part.name());
            if (text != null) {
                return text == FAILED ? FAILED : text + part.inherited();
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
        error(
                node == null ? fields.at() : node.at(),
                path.toString(),
                "is missing: expected " + expected(part.shape()),
                "add '" + part.name() + ":'");
        return FAILED;
    }

    private Object value(Shape shape, Node node, NodePath path, Scope scope) {
        if (shape instanceof Shape.Maybe maybe) {
            Object present = value(maybe.present(), node, path, scope);
            return present == FAILED ? FAILED : Optional.of(present);
        }
        if (shape instanceof Shape.Scalar scalar && node instanceof Node.Text text && !text.isNull()) {
            return scalar(scalar, text, path);
        }
        if (shape instanceof Shape.Choice choice && node instanceof Node.Text text && !text.isNull()) {
            Object constant = choice.byName().get(text.text());
            if (constant != null) {
                return constant;
            }
            error(
                    node.at(),
                    path.toString(),
                    "expected one of " + String.join(", ", choice.byName().keySet()) + ", found " + node.found(),
                    Nearest.to(text.text(), choice.byName().keySet())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("write one of them"));
            return FAILED;
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
        error(
                node.at(),
                path.toString(),
                "expected " + expected(shape) + ", found " + node.found(),
                shape instanceof Shape.Listed && !(node instanceof Node.Fields)
                        ? "write it as a list: [" + node.inline() + "]"
                        : "write " + expected(shape));
        return FAILED;
    }

    private Object scalar(Shape.Scalar scalar, Node.Text text, NodePath path) {
        boolean quoted = !text.plain() && !scalar.textual();
        try {
            Object value = scalar.parse().apply(text.text());
            if (!quoted) {
                return value;
            }
            error(
                    text.at(),
                    path.toString(),
                    "expected " + scalar.expected() + ", found " + text.found(),
                    "remove the quotes");
        } catch (NumberFormatException e) {
            // The text has another type altogether; a number out of range says so itself.
            error(
                    text.at(),
                    path.toString(),
                    "expected " + scalar.expected() + ", found " + text.found(),
                    "write " + scalar.expected());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            refused(text.at(), path, e, "write " + scalar.expected() + " that is allowed");
        }
        return FAILED;
    }

    private Object items(Shape.Listed listed, Node.Items list, NodePath path, Scope scope) {
        List<Object> values = new ArrayList<>(list.items().size());
        Set<Object> distinct = new LinkedHashSet<>();
        boolean failed = false;
        for (int i = 0; i < list.items().size(); i++) {
            Node item = list.items().get(i);
            Object value = value(listed.item(), item, path.index(i), scope);
            if (value == FAILED) {
                failed = true;
            } else if (listed.distinct() && !distinct.add(value)) {
                error(item.at(), path.index(i).toString(), "is already in the list", "remove it");
                failed = true;
            } else {
                values.add(value);
            }
        }
        if (failed) {
            return FAILED;
        }
        return listed.distinct() ? Collections.unmodifiableSet(distinct) : List.copyOf(values);
    }

    private Object map(Shape.Mapped mapped, Node.Fields map, NodePath path, Scope scope) {
        TreeMap<Object, Object> values = new TreeMap<>();
        boolean failed = false;
        for (Map.Entry<String, Node.Field> entry : map.fields().entrySet()) {
            NodePath at = path.key(entry.getKey());
            Object key = scalar(mapped.key(), new Node.Text(entry.getValue().keyAt(), entry.getKey(), true), at);
            Object value = value(mapped.value(), entry.getValue().value(), at, scope);
            if (key == FAILED || value == FAILED) {
                failed = true;
            } else {
                values.put(key, value);
            }
        }
        return failed ? FAILED : Collections.unmodifiableSortedMap(values);
    }

    private Object oneOf(Shape.OneOf oneOf, Node.Fields map, NodePath path, Scope scope) {
        Set<String> types = oneOf.byType().keySet();
        Node type = map.get("type");
        if (!(type instanceof Node.Text text)) {
            error(
                    type == null ? map.at() : type.at(),
                    path.key("type").toString(),
                    type == null ? "is missing" : "expected text, found " + type.found(),
                    "write one of " + String.join(", ", types));
            return FAILED;
        }
        Shape.Struct struct = oneOf.byType().get(text.text());
        if (struct == null) {
            error(
                    type.at(),
                    path.key("type").toString(),
                    "expected one of " + String.join(", ", types) + ", found " + type.found(),
                    Nearest.to(text.text(), types)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("write one of them"));
            return FAILED;
        }
        Map<String, Node.Field> rest = new LinkedHashMap<>(map.fields());
        rest.remove("type");
        return struct(struct, new Node.Fields(map.at(), rest), path, null, scope);
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

    /** What a constructor said; the part after a semicolon is its remedy. */
    private void refused(SourceLocation at, NodePath path, RuntimeException e, String otherwise) {
        String message = e.getMessage() == null || e.getMessage().isBlank() ? "is not acceptable" : e.getMessage();
        int end = message.indexOf("; ");
        error(
                at,
                path.toString(),
                end < 0 ? message : message.substring(0, end),
                end < 0 ? otherwise : message.substring(end + 2));
    }

    private void error(SourceLocation at, String path, String message, String remedy) {
        reported = true;
        problems.accept(Problem.error(at, path, message, remedy));
    }
}
