package io.eventbroker.core.spec;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One value that an overlay changed.
 *
 * @param kind of the document
 * @param name of the document
 * @param path within the document, such as {@code spec.brokers.replicas}; empty if the overlay added the document. Of a
 *     list that was replaced by another, each item that is different is a change of its own; one that is gone has the
 *     index that it had.
 * @param before what stood there; empty if nothing did. Lists and maps in YAML's flow form, shortened, so that the
 *     difference is seen.
 * @param after what stands there now; empty if it was removed
 * @param location where the overlay says so
 */
public record OverlayChange(
        String kind,
        String name,
        String path,
        Optional<String> before,
        Optional<String> after,
        SourceLocation location) {

    private static final int WIDTH = 32;
    private static final int LEAD = 12;

    static OverlayChange of(
            String kind,
            String name,
            NodePath path,
            @Nullable Node before,
            @Nullable Node after,
            SourceLocation location) {
        String was = before == null ? "" : text(before);
        String is = after == null ? "" : text(after);
        int alike = before == null || after == null ? 0 : alike(was, is);
        return new OverlayChange(
                kind,
                name,
                path.toString(),
                before == null ? Optional.empty() : Optional.of(Node.shorten(from(alike, was, 80))),
                after == null ? Optional.empty() : Optional.of(Node.shorten(from(alike, is, 80))),
                location);
    }

    private static String text(Node node) {
        return node instanceof Node.Text scalar && !scalar.isNull() ? scalar.text() : node.inline();
    }

    /** {@code Topology kafka-prod spec.brokers.replicas: 12 -> 3 (overlay.yaml:9:15)}. */
    @Override
    public String toString() {
        return kind + " " + name + (path.isEmpty() ? "" : " " + path) + ": " + inWords() + " (" + location + ")";
    }

    String inWords() {
        if (path.isEmpty()) {
            return "added";
        }
        String was = before.orElse("nothing");
        String is = after.orElse("removed");
        int alike = before.isPresent() && after.isPresent() ? alike(was, is) : 0;
        return brief(from(alike, was, WIDTH)) + " -> " + brief(from(alike, is, WIDTH));
    }

    private static String brief(String value) {
        return value.length() > WIDTH ? value.substring(0, WIDTH - 3) + "..." : value;
    }

    /** How many characters both begin with. */
    private static int alike(String a, String b) {
        int alike = 0;
        while (alike < Math.min(a.length(), b.length()) && a.charAt(alike) == b.charAt(alike)) {
            alike++;
        }
        return alike;
    }

    /** What is too long to be shown from its beginning to where it differs begins shortly before that. */
    private static String from(int alike, String value, int width) {
        return value.length() <= width || alike < width - LEAD ? value : "..." + value.substring(alike - LEAD);
    }
}
