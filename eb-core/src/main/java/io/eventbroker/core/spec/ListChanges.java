package io.eventbroker.core.spec;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is different between a list and the one that an overlay puts in its place: items that are gone, that are new, and
 * that became others. Maps with the same {@code name} are the same item.
 */
final class ListChanges {
    private final String kind;
    private final String name;
    private final List<OverlayChange> changes;

    /** Adds to these changes of a document. */
    ListChanges(String kind, String name, List<OverlayChange> changes) {
        this.kind = kind;
        this.name = name;
        this.changes = changes;
    }

    void compare(Node.Items before, Node.Items after, NodePath path) {
        if (before.isAlike(after)) {
            return;
        }
        List<Integer> gone = new ArrayList<>();
        List<Integer> fresh = new ArrayList<>();
        for (int i = 0; i < after.items().size(); i++) {
            fresh.add(i);
        }
        for (int i = 0; i < before.items().size(); i++) {
            Node item = before.items().get(i);
            Optional<Integer> kept = fresh.stream()
                    .filter(index -> after.items().get(index).isAlike(item))
                    .findFirst();
            kept.ifPresent(fresh::remove);
            if (kept.isEmpty()) {
                gone.add(i);
            }
        }
        if (gone.isEmpty() && fresh.isEmpty()) {
            change(path, before, after, after.at()); // the same items in another order
            return;
        }
        for (int index : gone) {
            Node was = before.items().get(index);
            Optional<Integer> counterpart = fresh.stream()
                    .filter(other -> isSame(was, index, after.items().get(other), other))
                    .findFirst();
            if (counterpart.isPresent()) {
                fresh.remove(counterpart.get());
                Node is = after.items().get(counterpart.get());
                item(was, is, path.index(counterpart.get()), is.at());
            } else {
                change(path.index(index), was, null, after.at());
            }
        }
        for (int index : fresh) {
            Node is = after.items().get(index);
            change(path.index(index), null, is, is.at());
        }
    }

    /** Whether the second is what became of the first: called the same, or nameless at the same place. */
    private static boolean isSame(Node was, int before, Node is, int after) {
        Optional<String> called = was.text("name");
        if (called.isPresent() || is.text("name").isPresent()) {
            return called.equals(is.text("name"));
        }
        return before == after && was.getClass() == is.getClass();
    }

    private void item(@Nullable Node was, @Nullable Node is, NodePath path, SourceLocation at) {
        if (was instanceof Node.Fields before && is instanceof Node.Fields after) {
            Set<String> keys = new LinkedHashSet<>(before.fields().keySet());
            keys.addAll(after.fields().keySet());
            for (String key : keys) {
                Node now = after.get(key);
                item(before.get(key), now, path.key(key), now == null ? at : now.at());
            }
        } else if (was instanceof Node.Items before && is instanceof Node.Items after) {
            compare(before, after, path);
        } else if (was == null || is == null || !was.isAlike(is)) {
            change(path, was, is, at);
        }
    }

    private void change(NodePath path, @Nullable Node before, @Nullable Node after, SourceLocation at) {
        changes.add(OverlayChange.of(kind, name, path, before, after, at));
    }
}
