package io.eventbroker.core.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;

/** What the overlays changed, in the order of the overlays and their lines. Immutable. */
public final class OverlayChanges implements Iterable<OverlayChange> {
    private final List<OverlayChange> changes;

    OverlayChanges(List<OverlayChange> changes) {
        this.changes = List.copyOf(changes);
    }

    public List<OverlayChange> asList() {
        return changes;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    @Override
    public Iterator<OverlayChange> iterator() {
        return changes.iterator();
    }

    /** Prints a table of them, a line each, under one heading a document. */
    public void printTo(Appendable out) {
        try {
            out.append(toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@link #printTo} prints. */
    @Override
    public String toString() {
        int widest = changes.stream()
                .mapToInt(change -> change.path().length())
                .max()
                .orElse(0);
        int widestValue = changes.stream()
                .mapToInt(change -> change.inWords().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        String document = "";
        for (OverlayChange change : changes) {
            String current = change.kind() + " " + change.name();
            if (!current.equals(document)) {
                text.append(current).append('\n');
                document = current;
            }
            text.append("  ")
                    .append(padded(change.path(), widest))
                    .append("  ")
                    .append(padded(change.inWords(), Math.min(widestValue, 60)))
                    .append("  ")
                    .append(change.location())
                    .append('\n');
        }
        return text.toString();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
