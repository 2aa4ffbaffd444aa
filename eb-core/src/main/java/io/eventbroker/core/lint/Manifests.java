package io.eventbroker.core.lint;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents of some files that are not ours, in the order of the files; those of a {@code kind: List} one by one. */
public final class Manifests {
    private final List<Manifest> all;

    private Manifests(Sources sources) {
        List<Manifest> found = new ArrayList<>();
        for (Node document : sources.documents()) {
            add(document, found);
        }
        this.all = List.copyOf(found);
    }

    static Manifests of(Sources sources) {
        return new Manifests(sources);
    }

    private void add(Node document, List<Manifest> found) {
        if (!(document instanceof Node.Fields root)
                || root.text("apiVersion").orElse("").startsWith("eventbroker.io/")) {
            return;
        }
        List<Node> items = root.items("items");
        if (root.text("kind").orElse("").endsWith("List") && !items.isEmpty()) {
            items.forEach(item -> add(item, found));
        } else {
            found.add(new Manifest(root, this));
        }
    }

    public List<Manifest> asList() {
        return all;
    }

    public Stream<Manifest> ofKind(String kind) {
        return all.stream().filter(manifest -> manifest.isKind(kind));
    }

    /**
     * What another manifest refers to: of this kind and name, and in its own namespace, where both say which that is.
     */
    public Optional<Manifest> find(Manifest from, String kind, String name) {
        return ofKind(kind)
                .filter(manifest -> manifest.name().equals(name))
                .filter(manifest -> manifest.namespace().isEmpty()
                        || from.namespace().isEmpty()
                        || manifest.namespace().equals(from.namespace()))
                .findFirst();
    }
}
