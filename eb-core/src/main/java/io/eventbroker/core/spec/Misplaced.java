package io.eventbroker.core.spec;

import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.source.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What to do about something that is right by itself, and stands in the wrong place or form. */
final class Misplaced {
    /** More places than these are no advice. */
    private static final int SOME = 3;

    private Misplaced() {}

    /**
     * Where a key belongs that the record does not have.
     *
     * @param isAbove whether a record around it has the key
     */
    static Optional<String> remedy(Shape.Struct struct, Node.Fields fields, String key, boolean isAbove) {
        Shape.Part own = struct.part(key);
        if (own != null && own.metadata()) {
            return Optional.of("move it to 'metadata'");
        }
        List<String> below = struct.parts().stream()
                .filter(part -> has(part.shape(), key))
                .map(Shape.Part::name)
                .toList();
        List<String> lacking = below.stream()
                .filter(name -> fields.get(name) instanceof Node.Fields map && map.get(key) == null)
                .toList();
        List<String> places = lacking.isEmpty() ? below : lacking;
        if (!places.isEmpty()) {
            return Optional.of("it belongs under "
                    + places.stream().limit(SOME).map(name -> "'" + name + "'").collect(Collectors.joining(" or ")));
        }
        return isAbove ? Optional.of("move it up: it belongs to what is around this") : Optional.empty();
    }

    private static boolean has(Shape shape, String key) {
        Shape present = shape instanceof Shape.Maybe maybe ? maybe.present() : shape;
        return present instanceof Shape.Struct struct && struct.names().inSpec().contains(key);
    }

    /** The items of a list as Kafka's properties have them, to be shown after the advice; empty if they are no texts. */
    static String joined(Node.Items list) {
        return list.items().stream().allMatch(item -> item instanceof Node.Text text && !text.isNull())
                ? ": '"
                        + Node.shorten(list.items().stream()
                                .map(item -> ((Node.Text) item).text())
                                .collect(Collectors.joining(",")))
                        + "'"
                : "";
    }
}
