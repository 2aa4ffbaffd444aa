package io.eventbroker.core.kind.internal;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Metadata;
import io.eventbroker.core.kind.Range;
import io.eventbroker.core.kind.TextPattern;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How values of a Java type are written in a file: read off records once, then used for binding and for writing.
 * Mistakes in a record's declaration are the programmer's and throw {@link IllegalArgumentException} at once.
 */
public sealed interface Shape {

    /** What a scalar is in JSON. */
    enum Json {
        TEXT,
        INT,
        LONG,
        DOUBLE,
        BOOLEAN
    }

    /**
     * One scalar.
     *
     * @param expected for messages: {@code a whole number}
     * @param json text may be quoted or not; the others must not be
     * @param parse throws {@link IllegalArgumentException} for text that is not one
     * @param examples texts that are one; empty if any word or number is
     * @param pattern that the whole text has; null if nothing is known of it
     * @param description for the person who writes one, without a full stop; null if there is nothing to say beside
     *     what is expected
     * @param range of bare numbers; null if there is none
     */
    record Scalar(
            String expected,
            Json json,
            Function<String, Object> parse,
            Function<Object, String> print,
            List<String> examples,
            @Nullable String pattern,
            @Nullable String description,
            @Nullable Range range)
            implements Shape {
        Scalar(String expected, Json json, Function<String, Object> parse, Function<Object, String> print) {
            this(expected, json, parse, print, List.of(), null, null, null);
        }

        /** What to write, after "write": {@code a whole number such as 12, without quotes}. */
        public String advice() {
            return textual() ? keyAdvice() : keyAdvice() + ", without quotes";
        }

        /** What to write as a key, which may stand in quotes whatever it is. */
        public String keyAdvice() {
            return switch (json) {
                case INT, LONG -> "a whole number such as 12";
                case DOUBLE -> "a number such as 0.5";
                case BOOLEAN -> "true or false";
                case TEXT ->
                    examples.isEmpty()
                            ? "a single value"
                            : expected + " such as " + examples.get(0)
                                    + (examples.size() > 1 ? " or " + examples.get(examples.size() - 1) : "");
            };
        }

        /** Whether quotes are allowed. */
        public boolean textual() {
            return json == Json.TEXT;
        }

        /** Whether it may be a bare number, as 12 may be a size, and is one of a kind that has numbers at all. */
        boolean isNumber() {
            return switch (json) {
                case INT, LONG, DOUBLE -> true;
                case BOOLEAN -> false;
                case TEXT -> reads("1") && !reads("x");
            };
        }

        private boolean reads(String text) {
            try {
                Object unused = parse.apply(text);
                return true;
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                return false;
            }
        }
    }

    /** An enum, in kebab-case. */
    record Choice(Map<String, Object> byName) implements Shape {}

    record Listed(Shape item, boolean distinct) implements Shape {}

    record Mapped(Scalar key, Shape value) implements Shape {}

    record Maybe(Shape present) implements Shape {}

    /** A sealed interface of records, chosen by {@code type:}. */
    record OneOf(Map<String, Struct> byType) implements Shape {}

    /**
     * A record.
     *
     * @param parts its components; those of an inlined record in that record's place
     * @param inlined the inlined records, by the index of their component
     */
    record Struct(
            Class<?> type, List<Part> parts, Map<Integer, Struct> inlined, Constructor<?> constructor, Names names)
            implements Shape {
        public Object construct(Object[] written) {
            Object[] values = inlined.isEmpty() ? written : nested(written);
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("cannot make a " + type.getName(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot make a " + type.getName(), e);
            }
        }

        private Object[] nested(Object[] written) {
            Object[] values = new Object[constructor.getParameterCount()];
            int next = 0;
            for (int i = 0; i < values.length; i++) {
                Struct inline = inlined.get(i);
                if (inline == null) {
                    values[i] = written[next++];
                } else {
                    int end = next + inline.parts.size();
                    values[i] = inline.construct(Arrays.copyOfRange(written, next, end));
                    next = end;
                }
            }
            return values;
        }

        public @Nullable Part part(String name) {
            return names.parts().get(name);
        }
    }

    /**
     * The components of a record by name.
     *
     * @param inSpec the names of those that do not stand under {@code metadata:}, in order
     */
    record Names(Map<String, Part> parts, Set<String> inSpec) {
        static Names of(List<Part> parts) {
            Map<String, Part> byName = new LinkedHashMap<>();
            Set<String> inSpec = new LinkedHashSet<>();
            for (Part part : parts) {
                byName.put(part.name(), part);
                if (!part.metadata()) {
                    inSpec.add(part.name());
                }
            }
            return new Names(byName, Collections.unmodifiableSet(inSpec));
        }
    }

    /**
     * A component of a record.
     *
     * @param otherwise what stands there when the file says nothing
     * @param inherited the suffix to the inherited text; null if it does not inherit
     * @param metadata whether it stands under {@code metadata:}
     * @param description what it means, without a full stop; null if its type says all
     * @param range of numbers that it may be; null if its type says all
     */
    record Part(
            String name,
            Shape shape,
            @Nullable Node otherwise,
            @Nullable String inherited,
            boolean metadata,
            @Nullable String description,
            @Nullable Range range,
            Function<Object, Object> accessor) {
        public Object read(Object owner) {
            return accessor.apply(owner);
        }

        /** The same component, of a record that holds the owner. */
        Part within(Function<Object, Object> holder) {
            return new Part(
                    name,
                    shape,
                    otherwise,
                    inherited,
                    metadata,
                    description,
                    range,
                    owner -> accessor.apply(holder.apply(owner)));
        }

        public boolean required() {
            return otherwise == null
                    && inherited == null
                    && !(shape instanceof Maybe || shape instanceof Listed || shape instanceof Mapped);
        }
    }

    Map<Class<?>, Struct> KNOWN = new ConcurrentHashMap<>();

    Scalar TEXT = new Scalar("text", Json.TEXT, text -> text, Object::toString);
    /** Text of {@link KeepsReferences}. */
    Scalar PROPERTY = new Scalar("text", Json.TEXT, text -> text, Object::toString);

    Scalar INT = new Scalar("a whole number", Json.INT, text -> (Object) Numbers.toInt(text), Object::toString);
    Scalar LONG = new Scalar("a whole number", Json.LONG, text -> (Object) Numbers.toLong(text), Object::toString);
    Scalar DOUBLE = new Scalar("a number", Json.DOUBLE, text -> (Object) Numbers.toDouble(text), Object::toString);
    Scalar BOOLEAN = new Scalar(
            "true or false",
            Json.BOOLEAN,
            Numbers::toBoolean,
            Object::toString,
            List.of("true", "false"),
            null,
            null,
            null);
    Scalar DURATION = new Scalar(
            "a duration",
            Json.TEXT,
            Durations::parse,
            value -> Durations.print((Duration) value),
            List.of("1s", "1m", "1h", "1d", "30d"),
            Durations.PATTERN,
            "A duration: a whole number and ms, s, m, h or d, such as 250ms, 30s or 7d",
            null);

    static Struct of(Class<? extends Record> type) {
        return struct(type, Set.of());
    }

    private static Struct struct(Class<?> type, Set<Class<?>> around) {
        Struct known = KNOWN.get(type);
        if (known != null) {
            return known;
        }
        if (around.contains(type)) {
            throw new IllegalArgumentException(type.getName() + " contains itself; specs are not recursive");
        }
        if (type.isAnnotationPresent(Range.class)) {
            throw new IllegalArgumentException(type.getName() + ": @Range is for numbers, and for what may be one");
        }
        Set<Class<?>> inside = new LinkedHashSet<>(around);
        inside.add(type);
        RecordComponent[] components = type.getRecordComponents();
        List<Part> parts = new ArrayList<>();
        Map<Integer, Struct> inlined = new LinkedHashMap<>();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            if (components[i].isAnnotationPresent(Inline.class)) {
                Struct inline = struct(types[i], inside);
                Function<Object, Object> holder = accessor(components[i]);
                inline.parts().forEach(part -> parts.add(part.within(holder)));
                inlined.put(i, inline);
            } else {
                parts.add(part(components[i], inside));
            }
        }
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (!names.add(part.name())) {
                throw new IllegalArgumentException(type.getName() + " has two components called " + part.name());
            }
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            Struct struct = new Struct(type, List.copyOf(parts), Map.copyOf(inlined), constructor, Names.of(parts));
            KNOWN.put(type, struct);
            return struct;
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " has no canonical constructor", e);
        }
    }

    private static Part part(RecordComponent component, Set<Class<?>> around) {
        Shape shape = of(component.getGenericType(), around);
        if (component.isAnnotationPresent(Range.class)
                && !((shape instanceof Maybe maybe ? maybe.present() : shape) instanceof Scalar number
                        && number.isNumber())) {
            throw new IllegalArgumentException(component + ": @Range is for numbers, and for what may be one");
        }
        if (component.isAnnotationPresent(KeepsReferences.class)) {
            if (!(shape instanceof Mapped map && map.value() == TEXT)) {
                throw new IllegalArgumentException(component + ": references are kept in maps of text");
            }
            shape = new Mapped(map.key(), PROPERTY);
        }
        Default otherwise = component.getAnnotation(Default.class);
        Inherit inherit = component.getAnnotation(Inherit.class);
        if (inherit != null && (otherwise != null || shape != TEXT)) {
            throw new IllegalArgumentException(
                    component + ": only text is inherited, and what is inherited has no other default");
        }
        Node node = null;
        if (otherwise != null) {
            Sources read = Sources.parse("default of " + component, otherwise.value());
            if (!read.problems().isEmpty()) {
                throw new IllegalArgumentException(read.problems().toString());
            }
            node = read.documents().isEmpty()
                    ? new Node.Text(SourceLocation.of("default of " + component), otherwise.value(), false)
                    : read.documents().get(0);
        }
        return new Part(
                component.getName(),
                shape,
                node,
                inherit == null ? null : inherit.suffix(),
                component.isAnnotationPresent(Metadata.class),
                description(component),
                component.getAnnotation(Range.class),
                accessor(component));
    }

    private static Function<Object, Object> accessor(RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        return owner -> {
            try {
                return accessor.invoke(owner);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + accessor, e);
            }
        };
    }

    private static Shape of(Type type, Set<Class<?>> around) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (raw == Optional.class) {
                return new Maybe(of(arguments[0], around));
            }
            if (raw == List.class) {
                return new Listed(of(arguments[0], around), false);
            }
            if (raw == Set.class) {
                return new Listed(of(arguments[0], around), true);
            }
            if ((raw == Map.class || raw == SortedMap.class) && of(arguments[0], around) instanceof Scalar key) {
                return new Mapped(key, of(arguments[1], around));
            }
        }
        if (type instanceof Class<?> plain) {
            return of(plain, around);
        }
        throw new IllegalArgumentException("a spec cannot hold " + type.getTypeName());
    }

    private static Shape of(Class<?> type, Set<Class<?>> around) {
        if (type == String.class) {
            return TEXT;
        }
        if (type == int.class || type == Integer.class) {
            return INT;
        }
        if (type == long.class || type == Long.class) {
            return LONG;
        }
        if (type == double.class || type == Double.class) {
            return DOUBLE;
        }
        if (type == boolean.class || type == Boolean.class) {
            return BOOLEAN;
        }
        if (type == Duration.class) {
            return DURATION;
        }
        if (type.isEnum() && !type.isAnnotationPresent(Range.class)) {
            Map<String, Object> byName = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants()) {
                byName.put(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
            }
            return new Choice(byName);
        }
        Scalar value = valueType(type);
        if (type.isAnnotationPresent(Range.class) && (value == null || !value.isNumber())) {
            throw new IllegalArgumentException(type.getName() + ": @Range is for numbers, and for what may be one");
        }
        if (value != null) {
            return value;
        }
        if (type.isRecord()) {
            return struct(type, around);
        }
        if (type.isSealed() && type.isInterface()) {
            Map<String, Struct> byType = new LinkedHashMap<>();
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                if (!permitted.isRecord()) {
                    throw new IllegalArgumentException(permitted.getName() + " must be a record");
                }
                byType.put(kebab(permitted.getSimpleName()), struct(permitted, around));
            }
            return new OneOf(byType);
        }
        throw new IllegalArgumentException("a spec cannot hold " + type.getName());
    }

    /** A class with {@code static parse(String)}, or a record around one scalar called {@code value}. */
    private static @Nullable Scalar valueType(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("parse")
                    && Modifier.isStatic(method.getModifiers())
                    && Modifier.isPublic(method.getModifiers())
                    && method.getReturnType() == type
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == String.class) {
                method.setAccessible(true);
                Examples examples = type.getAnnotation(Examples.class);
                return new Scalar(
                        words(type),
                        Json.TEXT,
                        text -> invoke(() -> method.invoke(null, text), method),
                        Object::toString,
                        examples == null ? List.of() : List.of(examples.value()),
                        pattern(type),
                        description(type),
                        type.getAnnotation(Range.class));
            }
        }
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
        if (components.length == 1
                && components[0].getName().equals("value")
                && of(components[0].getType(), Set.of()) instanceof Scalar inner) {
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(components[0].getType());
                Method accessor = components[0].getAccessor();
                constructor.setAccessible(true);
                accessor.setAccessible(true);
                return new Scalar(
                        words(type),
                        inner.json(),
                        text -> {
                            Object value = inner.parse().apply(text);
                            return invoke(() -> constructor.newInstance(value), constructor);
                        },
                        value -> inner.print().apply(invoke(() -> accessor.invoke(value), accessor)),
                        inner.examples(),
                        pattern(type),
                        description(type),
                        type.getAnnotation(Range.class));
            } catch (NoSuchMethodException e) {
                throw new IllegalArgumentException(type.getName() + " has no canonical constructor", e);
            }
        }
        return null;
    }

    private static @Nullable String description(AnnotatedElement described) {
        Description description = described.getAnnotation(Description.class);
        return description == null ? null : description.value();
    }

    private static @Nullable String pattern(Class<?> type) {
        TextPattern pattern = type.getAnnotation(TextPattern.class);
        return pattern == null ? null : pattern.value();
    }

    /** A reflective call. */
    @FunctionalInterface
    interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object invoke(Call call, Object what) {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("cannot call " + what, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + what, e);
        }
    }

    /** {@code KRaftControllers} is {@code kraft-controllers}, {@code DataSize} is {@code data-size}. */
    static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String words(Class<?> type) {
        String words = kebab(type.getSimpleName()).replace('-', ' ');
        return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
    }
}
