package io.eventbroker.core.adopt;

import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Why parts of a source are not carried over, by their paths. {@code *} stands for any key or index; what is said of a path
 * holds for everything below it that nothing else is said of.
 */
final class Words {
    /** What the list says of a part. */
    record Saying(NotCarried.Kind kind, String why, String remedy) {}

    private record Line(List<String> path, Saying saying) {}

    private final List<Line> lines = new ArrayList<>();
    private final Saying otherwise;

    private boolean blocks;

    /** Says this of what no line is about. */
    Words(String why, String remedy) {
        this.otherwise = new Saying(NotCarried.Kind.LEFT_OUT, why, remedy);
    }

    /** Of each of the paths, of which several may stand in one text, separated by blanks. */
    Words of(String paths, String why, String remedy) {
        Saying saying = new Saying(NotCarried.Kind.LEFT_OUT, why, remedy);
        for (String path : paths.split(" ", -1)) {
            lines.add(new Line(Node.segments(path), saying));
        }
        return this;
    }

    /** What something is said of, without the indices of lists. */
    List<List<String>> paths() {
        return lines.stream().map(Line::path).toList();
    }

    /** Paths leave out the indices of lists, for what is a list in one file is a map in another. */
    Words ofBlocks() {
        blocks = true;
        return this;
    }

    private List<String> segments(String path) {
        List<String> segments = new ArrayList<>(Node.segments(path));
        segments.removeIf(segment -> blocks && segment.matches("[0-9]+"));
        return segments;
    }

    /** The longest path that fits; of equally long ones the first. */
    Saying of(String path) {
        List<String> segments = segments(path);
        Saying best = otherwise;
        int longest = 0;
        for (Line line : lines) {
            if (line.path().size() > longest
                    && line.path().size() <= segments.size()
                    && fits(line.path(), segments.subList(0, line.path().size()))) {
                best = line.saying();
                longest = line.path().size();
            }
        }
        return best;
    }

    /** Whether something is said of a part that stands below. */
    boolean saysMoreBelow(Found found) {
        List<String> segments = segments(found.path());
        for (Line line : lines) {
            if (line.path().size() > segments.size()
                    && fits(line.path().subList(0, segments.size()), segments)
                    && isThere(
                            found.node(),
                            line.path().subList(segments.size(), line.path().size()))) {
                return true;
            }
        }
        return false;
    }

    private boolean isThere(Node node, List<String> below) {
        if (below.isEmpty()) {
            return !node.isNull();
        }
        if (blocks && node instanceof Node.Items list) {
            return list.items().stream().anyMatch(item -> isThere(item, below));
        }
        List<String> rest = below.subList(1, below.size());
        if (!below.get(0).equals("*")) {
            Node child = node.child(below.get(0));
            return child != null && isThere(child, rest);
        }
        if (node instanceof Node.Fields map) {
            return map.fields().values().stream().anyMatch(field -> isThere(field.value(), rest));
        }
        return node instanceof Node.Items list && list.items().stream().anyMatch(item -> isThere(item, rest));
    }

    private static boolean fits(List<String> pattern, List<String> segments) {
        for (int i = 0; i < pattern.size(); i++) {
            if (!pattern.get(i).equals("*") && !pattern.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }
}
