package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is wrong in one document, each once, and what its records can be after the mending: a record that some values of
 * are {@link Unread}, or that refuses what it got, is tried with guesses.
 */
final class Faults {
    private static final Pattern QUOTED = Pattern.compile("'([^']{1,253})'");

    private final Node root;
    private final Guesses guesses;
    private final Consumer<Problem> problems;
    /** Of what was reported, so that no check reports it a second time. */
    private final Set<String> paths = new HashSet<>();
    /** Quoted in what records refused that hold something unread. */
    private final Set<String> suspects = new LinkedHashSet<>();
    /** Where what stands at a path is written, if it is inherited from there. */
    private final Map<String, String> inherited = new HashMap<>();

    Faults(Node root, Guesses guesses, Consumer<Problem> problems) {
        this.root = root;
        this.guesses = guesses;
        this.problems = problems;
    }

    Set<String> suspects() {
        return suspects;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    void error(SourceLocation at, String path, String message, String remedy) {
        report(Problem.error(at, path, message, remedy));
    }

    void report(Problem problem) {
        paths.add(problem.path());
        problems.accept(problem);
    }

    /** Somebody else has reported what is wrong there. */
    void settle(NodePath path) {
        paths.add(path.toString());
    }

    /** What stands at the path is written elsewhere: what is wrong with it is wrong there, once for all who inherit it. */
    void inherit(String path, String written) {
        inherited.put(path, inherited.getOrDefault(written, written));
    }

    /** Reports what the record refuses whatever the unread values are, and gives what it may be after the mending. */
    Unread check(Shape.Struct struct, List<Object> values, NodePath path) {
        Function<List<Object>, Object> make = chosen -> struct.construct(chosen.toArray());
        Refusals refusals = guesses.refusals();
        Unread possible = guesses.made(values, make, refusals);
        List<Problem> refused = new ArrayList<>();
        Set<String> components = new HashSet<>();
        for (Violation violation : refusals.always()) {
            String component = violation.component();
            Shape.Part part = struct.part(component);
            NodePath above = part != null && part.metadata() ? NodePath.of("metadata") : path;
            String full = component.isEmpty()
                    ? above.toString()
                    : component.startsWith("[") ? above + component : above + "." + component;
            full = inherited.getOrDefault(full, full);
            if (isAtFault(full)) {
                if (isSure(struct, values, component)) {
                    components.add(component); // wrong here too, and reported where it comes from
                }
            } else {
                refused.add(Problem.error(root.locate(full), full, violation.message(), violation.remedy()));
                if (values.stream().anyMatch(Unread.class::isInstance)) {
                    QUOTED.matcher(violation.message()).results().forEach(word -> suspects.add(word.group(1)));
                }
                components.add(component);
            }
        }
        refused.forEach(this::report);
        if (components.isEmpty()) {
            return possible;
        }
        List<Object> mended = new ArrayList<>(values);
        List<Object> anew = new ArrayList<>(values);
        for (int i = 0; i < mended.size(); i++) {
            Shape.Part part = struct.parts().get(i);
            for (String component : components) {
                List<String> segments = Node.segments(component);
                if (!segments.isEmpty() && segments.get(0).equals(part.name())) {
                    mended.set(i, unread(part.shape(), mended.get(i), segments.subList(1, segments.size())));
                    anew.set(i, unread(part.shape()));
                }
            }
        }
        Unread exact = guesses.made(mended, make, new Refusals());
        return exact.possible().isEmpty() ? guesses.made(anew, make, new Refusals()) : exact;
    }

    /** Whether the value of the component is taken for read so far. */
    private static boolean isSure(Shape.Struct struct, List<Object> values, String component) {
        List<String> segments = Node.segments(component);
        for (int i = 0; i < values.size() && !segments.isEmpty(); i++) {
            if (struct.parts().get(i).name().equals(segments.get(0))) {
                return !(values.get(i) instanceof Unread);
            }
        }
        return false;
    }

    /** The value, unread from here on at the path below it. */
    private Object unread(Shape shape, Object value, List<String> below) {
        if (value instanceof Unread unread && shape instanceof Shape.Mapped mapped && below.size() == 1) {
            // a further wrong entry changes each map that may be meant once, or many of them would take for ever
            return new Unread(unread.possible().stream()
                    .map(possible -> possible instanceof Map<?, ?> map
                            ? key(map, below.get(0))
                                    .map(key -> guesses.otherEntry(map, key, mapped.value()))
                                    .orElse(map)
                            : possible)
                    .toList());
        }
        if (value instanceof Unread unread) {
            return new Unread(unread.possible().stream()
                    .flatMap(possible -> unread(shape, possible, below) instanceof Unread choice
                            ? guesses.some(choice.possible())
                            : Stream.of(possible))
                    .toList());
        }
        if (!below.isEmpty()) {
            String segment = below.get(0);
            List<String> further = below.subList(1, below.size());
            if (shape instanceof Shape.Maybe maybe && value instanceof Optional<?> present && present.isPresent()) {
                return Unread.map(unread(maybe.present(), present.get(), below), Optional::of);
            }
            if (shape instanceof Shape.Listed listed
                    && value instanceof List<?> list
                    && segment.matches("[0-9]{1,9}")
                    && Integer.parseInt(segment) < list.size()) {
                List<Object> items = new ArrayList<>(list);
                int index = Integer.parseInt(segment);
                items.set(index, unread(listed.item(), items.get(index), further));
                return guesses.made(items, List::copyOf, new Refusals());
            }
            if (shape instanceof Shape.Listed listed
                    && value instanceof Set<?> set
                    && segment.matches("[0-9]{1,9}")
                    && Integer.parseInt(segment) < set.size()) {
                List<Object> items = new ArrayList<>(set);
                int index = Integer.parseInt(segment);
                items.set(index, unread(listed.item(), items.get(index), further));
                return guesses.made(items, LinkedHashSet::new, new Refusals());
            }
            if (shape instanceof Shape.Mapped mapped && value instanceof Map<?, ?> map && further.isEmpty()) {
                // one entry is wrong; the others stay as they are, so that what is wrong with them is found too
                Optional<Object> key = key(map, segment);
                if (key.isPresent()) {
                    return guesses.ofEntry(map, key.get(), mapped.value());
                }
            }
            if (shape instanceof Shape.Struct struct && struct.part(segment) != null) {
                List<Object> values = new ArrayList<>();
                for (Shape.Part part : struct.parts()) {
                    Object now = part.read(value);
                    values.add(part.name().equals(segment) ? unread(part.shape(), now, further) : now);
                }
                return guesses.made(values, chosen -> struct.construct(chosen.toArray()), new Refusals());
            }
        }
        return unread(shape);
    }

    private static Optional<Object> key(Map<?, ?> map, String segment) {
        return map.keySet().stream()
                .filter(one -> String.valueOf(one).equals(segment))
                .map(one -> (Object) one)
                .findFirst();
    }

    /** Whether something was reported at the path or around it. */
    private boolean isAtFault(String path) {
        for (String fault : paths) {
            if (path.startsWith(fault)
                    && (path.length() == fault.length() || ".[".indexOf(path.charAt(fault.length())) >= 0)) {
                return true;
            }
        }
        return false;
    }

    /** What may stand there after the mending. */
    Unread unread(Shape shape) {
        // a file with so many mistakes is not searched any further
        return paths.size() > Limits.PROBLEMS ? new Unread(List.of()) : guesses.of(shape);
    }
}
