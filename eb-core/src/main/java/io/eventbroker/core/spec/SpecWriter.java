package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/**
 * Writes models as YAML that {@link Specs} reads back equal. The order is that of the record's components, maps by key,
 * so that a change of a value changes its line only; what equals its default is left out. Comments and aliases of the
 * file that a model came from are not kept, nor are references that were resolved: what they stand for is a part of the
 * model, and is written. References of properties that nothing resolved stay. For use by any thread.
 */
public final class SpecWriter {
    private static final SourceLocation NOWHERE = SourceLocation.of("written");
    private static final Pattern SAFE = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./+=@-]*(:[A-Za-z0-9_./+=@-]+)*");
    private static final Pattern BROKEN_LINES = Pattern.compile("[^\\x20-\\x7e]");
    private static final Set<String> WORDS =
            Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan");

    private SpecWriter() {}

    /**
     * One document.
     *
     * @throws IllegalArgumentException if the kind's record has no {@code @Metadata String name}
     */
    public static <T extends Record> String write(Kind<T> kind, T value) {
        return write(kind, List.of(value));
    }

    /** A document for each, in the order given. */
    public static <T extends Record> String write(Kind<T> kind, Collection<T> values) {
        return emitted(values.stream().map(value -> document(kind, value)).toList());
    }

    /**
     * Every document of the platform, by kind and name, overlays merged; it reads back equal with the same kinds.
     *
     * @throws IllegalArgumentException if one is of a kind whose record has no {@code @Metadata String name}
     */
    public static String write(Platform platform) {
        List<Node> documents = new ArrayList<>();
        for (Kind<?> kind : platform.kinds()) {
            for (Record value : platform.all(kind)) {
                documents.add(document(kind, value));
            }
        }
        return emitted(documents);
    }

    private static String emitted(List<Node> documents) {
        StringWriter text = new StringWriter();
        DumperOptions options = new DumperOptions();
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setMaxSimpleKeyLength(1024);
        try {
            Emitter emitter = new Emitter(text, options);
            emitter.emit(new StreamStartEvent(null, null));
            boolean first = true;
            for (Node document : documents) {
                emitter.emit(new DocumentStartEvent(null, null, !first, null, null));
                emit(document, emitter);
                emitter.emit(new DocumentEndEvent(null, null, false));
                first = false;
            }
            emitter.emit(new StreamEndEvent(null, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Node document(Kind<?> kind, Record value) {
        Shape.Struct struct = Shape.of(kind.type());
        Shape.Part name = struct.part("name");
        if (name == null || !name.metadata()) {
            throw new IllegalArgumentException(kind + " cannot be written: "
                    + kind.type().getName() + " has no component '@Metadata String name'");
        }
        Map<String, Node.Field> metadata = new LinkedHashMap<>();
        Map<String, Node.Field> spec = struct(struct, value, null, metadata);
        Map<String, Node.Field> root = new LinkedHashMap<>();
        put(root, "apiVersion", text(Reading.API_VERSION));
        put(root, "kind", text(kind.name()));
        put(root, "metadata", new Node.Fields(NOWHERE, metadata));
        put(root, "spec", new Node.Fields(NOWHERE, spec));
        return new Node.Fields(NOWHERE, root);
    }

    /** The texts around a record, for leaving out what it would inherit anyway. */
    private record Scope(@Nullable Scope around, Map<String, String> texts) {
        @Nullable
        String find(String name) {
            String text = texts.get(name);
            return text != null || around == null ? text : around.find(name);
        }
    }

    private static Map<String, Node.Field> struct(
            Shape.Struct struct, Object value, @Nullable Scope around, Map<String, Node.Field> metadata) {
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        Scope scope = new Scope(around, new LinkedHashMap<>());
        for (Shape.Part part : struct.parts()) {
            Object component = part.read(value);
            boolean implied = implied(part, component, scope);
            if (component instanceof String text) {
                scope.texts().put(part.name(), text);
            }
            if (!implied) {
                Object present = component instanceof Optional<?> optional ? optional.orElseThrow() : component;
                Shape shape = part.shape() instanceof Shape.Maybe maybe ? maybe.present() : part.shape();
                put(part.metadata() ? metadata : fields, part.name(), node(shape, present, scope));
            }
        }
        return fields;
    }

    private static boolean implied(Shape.Part part, Object component, Scope scope) {
        if (part.inherited() != null) {
            String text = scope.find(part.name());
            return text != null && component.equals(text + part.inherited());
        }
        if (part.otherwise() != null) {
            return component.equals(Binder.otherwise(part));
        }
        return (component instanceof Optional<?> optional && optional.isEmpty())
                || (component instanceof Collection<?> collection && collection.isEmpty())
                || (component instanceof Map<?, ?> map && map.isEmpty());
    }

    private static Node node(Shape shape, Object value, Scope scope) {
        if (shape instanceof Shape.Scalar scalar) {
            String text = scalar.print().apply(value);
            return new Node.Text(
                    NOWHERE,
                    shape == Shape.PROPERTY ? References.escapedButSecrets(text) : References.escaped(text),
                    !scalar.textual());
        }
        if (shape instanceof Shape.Choice choice) {
            return choice.byName().entrySet().stream()
                    .filter(entry -> entry.getValue() == value)
                    .map(entry -> text(entry.getKey()))
                    .findFirst()
                    .orElseThrow();
        }
        if (shape instanceof Shape.Listed listed) {
            List<Node> items = new ArrayList<>();
            for (Object item : (Collection<?>) value) {
                items.add(node(listed.item(), item, scope));
            }
            if (listed.distinct()) {
                // a set has no order of its own, and the file must not change with the hash codes
                items.sort(Comparator.comparing(SpecWriter::written));
            }
            return new Node.Items(NOWHERE, items);
        }
        if (shape instanceof Shape.Mapped mapped) {
            TreeMap<String, Node.Field> fields = new TreeMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                put(
                        fields,
                        References.escaped(mapped.key().print().apply(entry.getKey())),
                        node(mapped.value(), entry.getValue(), scope));
            }
            return new Node.Fields(NOWHERE, fields);
        }
        if (shape instanceof Shape.Struct struct) {
            return new Node.Fields(NOWHERE, struct(struct, value, scope, Map.of()));
        }
        if (shape instanceof Shape.OneOf oneOf) {
            for (Map.Entry<String, Shape.Struct> entry : oneOf.byType().entrySet()) {
                if (entry.getValue().type() == value.getClass()) {
                    Map<String, Node.Field> fields = new LinkedHashMap<>();
                    put(fields, "type", text(entry.getKey()));
                    fields.putAll(struct(entry.getValue(), value, scope, Map.of()));
                    return new Node.Fields(NOWHERE, fields);
                }
            }
        }
        throw new IllegalStateException("cannot write a " + value.getClass().getName());
    }

    /** The whole of it on one line; what messages show of it is cut. */
    private static String written(Node node) {
        if (node instanceof Node.Items list) {
            return list.items().stream().map(SpecWriter::written).collect(Collectors.joining(", ", "[", "]"));
        }
        if (node instanceof Node.Fields map) {
            return map.fields().entrySet().stream()
                    .map(entry ->
                            entry.getKey() + ": " + written(entry.getValue().value()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return ((Node.Text) node).text();
    }

    private static Node text(String text) {
        return new Node.Text(NOWHERE, text, false);
    }

    private static void put(Map<String, Node.Field> fields, String key, Node value) {
        fields.put(key, new Node.Field(NOWHERE, value));
    }

    private static void emit(Node node, Emitter emitter) throws IOException {
        if (node instanceof Node.Text text) {
            emitter.emit(scalar(text.text(), text.plain()));
        } else if (node instanceof Node.Items list) {
            emitter.emit(new SequenceStartEvent(
                    null, null, true, null, null, style(list.items().isEmpty())));
            for (Node item : list.items()) {
                emit(item, emitter);
            }
            emitter.emit(new SequenceEndEvent(null, null));
        } else if (node instanceof Node.Fields map) {
            emitter.emit(new MappingStartEvent(
                    null, null, true, null, null, style(map.fields().isEmpty())));
            for (Map.Entry<String, Node.Field> entry : map.fields().entrySet()) {
                emitter.emit(scalar(entry.getKey(), false));
                emit(entry.getValue().value(), emitter);
            }
            emitter.emit(new MappingEndEvent(null, null));
        }
    }

    private static FlowStyle style(boolean empty) {
        return empty ? FlowStyle.FLOW : FlowStyle.BLOCK;
    }

    /** Text that another YAML reader would take for a number, a boolean or null is quoted, though ours would not. */
    private static ScalarEvent scalar(String text, boolean plain) {
        boolean bare = plain || (SAFE.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT)));
        ScalarStyle style = bare
                ? ScalarStyle.PLAIN
                : BROKEN_LINES.matcher(text).find() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.SINGLE_QUOTED;
        return new ScalarEvent(null, null, new ImplicitTuple(bare, true), text, null, null, style);
    }
}
