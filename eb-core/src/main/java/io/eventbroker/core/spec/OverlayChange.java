package io.eventbroker.core.spec;

import io.eventbroker.core.problem.SourceLocation;
import java.util.Optional;

/**
 * One value that an overlay changed.
 *
 * @param kind of the document
 * @param name of the document
 * @param path within the document, such as {@code spec.brokers.replicas}; empty if the overlay added the document
 * @param before what stood there; empty if nothing did. Lists and maps in YAML's flow form, shortened.
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

    /** {@code Topology kafka-prod spec.brokers.replicas: 12 -> 3 (overlay.yaml:9:15)}. */
    @Override
    public String toString() {
        return kind + " " + name + (path.isEmpty() ? "" : " " + path) + ": " + inWords() + " (" + location + ")";
    }

    String inWords() {
        if (path.isEmpty()) {
            return "added";
        }
        String is = after.map(OverlayChange::brief).orElse("removed");
        return before.map(OverlayChange::brief).orElse("nothing") + " -> " + is;
    }

    private static String brief(String value) {
        return value.length() > 32 ? value.substring(0, 29) + "..." : value;
    }
}
