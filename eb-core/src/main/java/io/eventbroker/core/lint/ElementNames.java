package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Inline;
import io.eventbroker.core.source.Node;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Paths that stay the same when a list gets another item: {@code spec.topics[3].configs[retention.ms]} is
 * {@code spec.topics[orders.order.placed].configs[retention.ms]}. Items without a name keep their number.
 */
final class ElementNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,252}");

    /** A component of a record, looked up once for thousands of findings. */
    private record Component(String name, boolean inline, Method accessor) {
        static Component of(RecordComponent component) {
            Method accessor = component.getAccessor();
            accessor.trySetAccessible();
            return new Component(component.getName(), component.isAnnotationPresent(Inline.class), accessor);
        }
    }

    private static final ClassValue<Component[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected Component[] computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Component::of).toArray(Component[]::new);
        }
    };

    private ElementNames() {}

    /** The path in a document of ours, below {@code spec}; others are left as they are. */
    static String inRecord(Record document, String path) {
        if (path.indexOf('[') < 0 || !path.startsWith("spec.")) {
            return path;
        }
        StringBuilder named = new StringBuilder("spec");
        @Nullable Object value = document;
        for (Segment segment : segments(path.substring("spec.".length()))) {
            @Nullable Object next = child(value, segment.text());
            String text = segment.text();
            if (value instanceof Collection && next != null) {
                text = name(next).filter(name -> NAME.matcher(name).matches()).orElse(text);
            }
            segment.append(text, named);
            value = next;
        }
        return named.toString();
    }

    /** The path in a document that is not ours. */
    static String inTree(Node root, String path) {
        if (path.indexOf('[') < 0) {
            return path;
        }
        StringBuilder named = new StringBuilder();
        @Nullable Node node = root;
        for (Segment segment : segments(path)) {
            @Nullable Node next = node == null ? null : node.child(segment.text());
            String text = segment.text();
            if (node instanceof Node.Items && next != null) {
                text = next.text("name")
                        .filter(name -> NAME.matcher(name).matches())
                        .orElse(text);
            }
            segment.append(text, named);
            node = next;
        }
        return named.toString();
    }

    /** A key or a number, and whether it stands in brackets. */
    record Segment(String text, boolean bracketed) {
        void append(String shown, StringBuilder path) {
            if (bracketed) {
                path.append('[').append(shown).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(shown);
            }
        }
    }

    static List<Segment> segments(String path) {
        List<Segment> segments = new ArrayList<>();
        int i = 0;
        while (i < path.length()) {
            if (path.charAt(i) == '[') {
                int end = path.indexOf(']', i);
                end = end < 0 ? path.length() : end;
                segments.add(new Segment(path.substring(i + 1, end), true));
                i = end + 1;
            } else if (path.charAt(i) == '.') {
                i++;
            } else {
                int end = i;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                segments.add(new Segment(path.substring(i, end), false));
                i = end;
            }
        }
        return segments;
    }

    private static @Nullable Object child(@Nullable Object value, String segment) {
        Object inner = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        if (inner instanceof Map<?, ?> map) {
            return map.get(segment);
        } else if (inner instanceof Collection<?> items && segment.matches("[0-9]{1,9}")) {
            int index = Integer.parseInt(segment);
            return index >= items.size()
                    ? null
                    : items instanceof List<?> list
                            ? list.get(index)
                            : items.stream().skip(index).findFirst().orElse(null);
        }
        return inner instanceof Record owner ? component(owner, segment) : null;
    }

    private static @Nullable Object component(Record owner, String name) {
        for (Component component : COMPONENTS.get(owner.getClass())) {
            if (component.name().equals(name)) {
                return read(owner, component);
            }
        }
        for (Component component : COMPONENTS.get(owner.getClass())) {
            if (component.inline() && read(owner, component) instanceof Record inline) {
                Object found = component(inline, name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Object read(Record owner, Component component) {
        try {
            return component.accessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            return null; // what cannot be looked into keeps its number
        }
    }

    private static Optional<String> name(Object item) {
        return item instanceof Record owner && COMPONENTS.get(owner.getClass()).length > 1
                ? Optional.ofNullable(component(owner, "name")).map(Object::toString)
                : Optional.of(item.toString());
    }
}
