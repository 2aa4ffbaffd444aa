package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document of known kind, before or after overlays, not yet a record.
 *
 * @param name what stands there, which may be no name; empty if nothing does
 */
record RawDocument(Kind<?> kind, String name, Node.Fields root) {
    /** What no document of a good name has: the others are apart from each other and from all that is referred to. */
    String key() {
        return Reading.key(kind.name(), isNamed() ? name : name + "@" + root.at());
    }

    /** False if the document's own name is among its problems. */
    boolean isNamed() {
        return Reading.isName(name);
    }

    RawDocument over(Node.Fields patch) {
        return new RawDocument(kind, name, (Node.Fields) Overlays.merge(root, patch));
    }

    /** What the patch changes in this document, in the order of the patch. */
    List<OverlayChange> changesBy(Node.Fields patch) {
        List<OverlayChange> changes = new ArrayList<>();
        for (String part : List.of("metadata", "spec")) {
            Node.Field field = patch.fields().get(part);
            if (field != null) {
                compare(root.get(part), field, NodePath.of(part), changes);
            }
        }
        return changes;
    }

    private void compare(@Nullable Node before, Node.Field patch, NodePath path, List<OverlayChange> changes) {
        Node after = patch.value();
        if (before instanceof Node.Fields under && after instanceof Node.Fields over) {
            over.fields().forEach((key, field) -> compare(under.get(key), field, path.key(key), changes));
        } else if (before instanceof Node.Items was && after instanceof Node.Items is) {
            new ListChanges(kind.name(), name, changes).compare(was, is, path);
        } else {
            boolean was = before != null && !before.isNull();
            if (after.isNull() ? was : before == null || !before.isAlike(after)) {
                changes.add(OverlayChange.of(
                        kind.name(), name, path, was ? before : null, after.isNull() ? null : after, after.at()));
            }
        }
    }

    OverlayChange added() {
        return new OverlayChange(kind.name(), name, "", Optional.empty(), Optional.of("the whole document"), root.at());
    }

    /** With its record. */
    <T extends Record> Document<T> bound(Kind<T> registered, Object value) {
        return new Bound<>(registered, name, registered.type().cast(value), root);
    }

    private record Bound<T extends Record>(Kind<T> kind, String name, T value, Node root) implements Document<T> {
        @Override
        public SourceLocation locate(String path) {
            return root.locate(path);
        }

        @Override
        public String toString() {
            return kind + " " + name + " (" + location() + ")";
        }
    }
}
