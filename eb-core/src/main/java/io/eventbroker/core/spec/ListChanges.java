package io.eventbroker.core.spec;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
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
        Rest fresh = new Rest(after.items());
        for (int i = 0; i < before.items().size(); i++) {
            if (!fresh.takeAlike(before.items().get(i))) {
                gone.add(i);
            }
        }
        if (gone.isEmpty() && fresh.isEmpty()) {
            change(path, before, after, after.at()); // the same items in another order
            return;
        }
        for (int index : gone) {
            Node was = before.items().get(index);
            Integer counterpart = fresh.takeCounterpart(was, index);
            if (counterpart == null) {
                change(path.index(index), was, null, after.at());
            } else {
                Node is = after.items().get(counterpart);
                item(was, is, path.index(counterpart), is.at());
            }
        }
        for (int index : fresh.indexes()) {
            Node is = after.items().get(index);
            change(path.index(index), null, is, is.at());
        }
    }

    /**
     * The items of the new list that nothing in the old one was found to be. They are looked up, by their names or by what
     * they hold, so that a list of ten thousand costs a thousand times what one of ten does, and not a million times.
     */
    private static final class Rest {
        private final List<Node> items;
        private final SortedSet<Integer> left = new TreeSet<>();
        /** What is left by name, where there is one. */
        private final Map<String, SortedSet<Integer>> byName = new HashMap<>();
        /** What is left by {@link #hash}. */
        private final Map<Integer, SortedSet<Integer>> byHash = new HashMap<>();

        private final List<Integer> hashes = new ArrayList<>();

        Rest(List<Node> items) {
            this.items = items;
            for (int i = 0; i < items.size(); i++) {
                int index = i;
                left.add(index);
                hashes.add(hash(items.get(index)));
                byHash.computeIfAbsent(hashes.get(index), hash -> new TreeSet<>())
                        .add(index);
                items.get(index)
                        .text("name")
                        .ifPresent(name -> byName.computeIfAbsent(name, called -> new TreeSet<>())
                                .add(index));
            }
        }

        /** The first that is alike. */
        boolean takeAlike(Node item) {
            for (int index : byHash.getOrDefault(hash(item), Collections.emptySortedSet())) {
                if (items.get(index).isAlike(item)) {
                    take(index);
                    return true;
                }
            }
            return false;
        }

        /** What became of the item: what is called the same, or is nameless at the same place; null if it is gone. */
        @Nullable
        Integer takeCounterpart(Node was, int index) {
            Integer counterpart = null;
            Optional<String> name = was.text("name");
            if (name.isPresent()) {
                SortedSet<Integer> called = byName.getOrDefault(name.get(), Collections.emptySortedSet());
                counterpart = called.isEmpty() ? null : called.first();
            } else if (left.contains(index)
                    && items.get(index).text("name").isEmpty()
                    && items.get(index).getClass() == was.getClass()) {
                counterpart = index;
            }
            if (counterpart != null) {
                take(counterpart);
            }
            return counterpart;
        }

        private void take(int index) {
            left.remove(index);
            byHash.getOrDefault(hashes.get(index), new TreeSet<>()).remove(index);
            items.get(index)
                    .text("name")
                    .ifPresent(
                            name -> byName.getOrDefault(name, new TreeSet<>()).remove(index));
        }

        boolean isEmpty() {
            return left.isEmpty();
        }

        SortedSet<Integer> indexes() {
            return left;
        }

        /** The same for nodes that are alike. */
        private static int hash(Node node) {
            if (node instanceof Node.Text text) {
                return text.text().hashCode();
            }
            if (node instanceof Node.Items list) {
                return list.items().stream().map(Rest::hash).toList().hashCode();
            }
            return node instanceof Node.Fields map
                    ? map.fields().entrySet().stream()
                            .mapToInt(entry -> 31 * entry.getKey().hashCode()
                                    + hash(entry.getValue().value()))
                            .sum()
                    : 0;
        }
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
