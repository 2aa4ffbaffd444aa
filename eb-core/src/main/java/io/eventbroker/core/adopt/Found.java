package io.eventbroker.core.adopt;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node of the source with its path; says to the ledger what becomes of it. */
final class Found {
    private final Ledger ledger;
    private final int document;
    private final @Nullable NodePath path;
    private final Node node;

    private Found(Ledger ledger, int document, @Nullable NodePath path, Node node) {
        this.ledger = ledger;
        this.document = document;
        this.path = path;
        this.node = node;
    }

    static Found document(Ledger ledger, int document, Node root) {
        return new Found(ledger, document, null, root);
    }

    Node node() {
        return node;
    }

    SourceLocation location() {
        return node.at();
    }

    /** Such as {@code spec.listeners[0].name}; empty for the document. */
    String path() {
        return path == null ? "" : path.toString();
    }

    /** Tells it from every other node of the source. */
    String id() {
        return document + "|" + path();
    }

    /** The element below; empty if there is none, or nothing stands there. */
    Optional<Found> at(String below) {
        Found found = this;
        for (String segment : Node.segments(below)) {
            Node next = found.node.child(segment);
            if (next == null || next.isNull()) {
                return Optional.empty();
            }
            found = found.child(segment, next);
        }
        return Optional.of(found);
    }

    private Found child(String segment, Node value) {
        NodePath below;
        if (path == null) {
            below = NodePath.of(segment);
        } else if (node instanceof Node.Items) {
            below = path.index(Integer.parseInt(segment));
        } else {
            below = path.key(segment);
        }
        return new Found(ledger, document, below, value);
    }

    /** The text, if it is a scalar. */
    Optional<String> text() {
        return node instanceof Node.Text text ? Optional.of(text.text()) : Optional.empty();
    }

    /** The text of the scalar below. */
    Optional<String> text(String below) {
        return at(below).flatMap(Found::text);
    }

    boolean is(String below, String text) {
        return text(below).filter(text::equals).isPresent();
    }

    /** The fields of the map that stands here; it is an error if something else does. */
    Map<String, Found> fields() {
        Map<String, Found> fields = new LinkedHashMap<>();
        if (node instanceof Node.Fields map) {
            map.fields().forEach((key, field) -> {
                if (!field.value().isNull()) {
                    fields.put(key, child(key, field.value()));
                }
            });
        } else {
            wrong("a map");
        }
        return fields;
    }

    /** The fields of the map below; none if nothing stands there. */
    Map<String, Found> fields(String below) {
        return at(below).map(Found::fields).orElse(Map.of());
    }

    /** Whether there is a map below that says something; it is an error if there is none. */
    boolean describes(String below) {
        if (at(below).isEmpty()) {
            error(
                    "this " + text("kind").orElse("resource") + " has no " + below + ", so it describes nothing",
                    "add '" + below + "'");
            return false;
        }
        return !fields(below).isEmpty();
    }

    /** The items of the list that stands here; it is an error if something else does. */
    List<Found> items() {
        List<Found> items = new ArrayList<>();
        if (node instanceof Node.Items list) {
            for (int i = 0; i < list.items().size(); i++) {
                if (!list.items().get(i).isNull()) {
                    items.add(child(Integer.toString(i), list.items().get(i)));
                }
            }
        } else {
            wrong("a list");
        }
        return items;
    }

    /** The items of the list below; none if nothing stands there. */
    List<Found> items(String below) {
        return at(below).map(Found::items).orElse(List.of());
    }

    /** What stands here is of another type than the source's schema asks for. */
    void wrong(String expected) {
        error(
                "expected " + expected + ", found " + (node instanceof Node.Text ? shown() : node.found()),
                "write " + expected);
    }

    void error(String message, String remedy) {
        ledger.error(location(), path(), message, remedy);
        carried();
    }

    /** Everything here and below is in the result. */
    Found carried() {
        ledger.carried(this);
        return this;
    }

    void leftOut(String why, String remedy) {
        ledger.note(NotCarried.Kind.LEFT_OUT, this, why, remedy);
    }

    void changed(String why, String remedy) {
        ledger.note(NotCarried.Kind.CHANGED, this, why, remedy);
    }

    /** What stands here is a secret, in place of which something else is carried. */
    void secret(String why, String remedy) {
        ledger.note(NotCarried.Kind.CHANGED, this, Hidden.SHOWN, why, remedy);
    }

    /** What stands here is left out, for it has a secret in it. */
    void secretLeftOut(String why, String remedy) {
        ledger.note(NotCarried.Kind.LEFT_OUT, this, Hidden.SHOWN, why, remedy);
    }

    /** What stands here, or does not, was taken for something that it does not say. */
    void assumed(String why, String remedy) {
        ledger.note(NotCarried.Kind.ASSUMED, this, why, remedy);
    }

    void doubtful(String why, String remedy) {
        ledger.note(NotCarried.Kind.DOUBTFUL, this, why, remedy);
    }

    /** For messages, without secrets. */
    String shown() {
        return Hidden.shown(node, path());
    }
}
