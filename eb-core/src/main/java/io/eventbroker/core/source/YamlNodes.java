package io.eventbroker.core.source;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * YAML text to nodes, from the parser's events rather than through SnakeYAML's composer: an alias then shares the node
 * that it names, and its cost is added up before anything is expanded.
 */
final class YamlNodes {
    /** With how many values it has, and how many levels are below it: both count again wherever an alias names it. */
    private record Anchored(Node node, long size, int height) {}

    private final String source;
    private final Consumer<Problem> problems;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long nodes;
    private int aliases;
    /** The deepest level since whoever looks at it last set it. */
    private int deepest;

    private YamlNodes(String source, Iterator<Event> events, Consumer<Problem> problems) {
        this.source = source;
        this.events = events;
        this.problems = problems;
    }

    /**
     * The documents of the text; empty ones are left out.
     *
     * @param problems takes duplicate keys and what else does not end the reading
     */
    static List<Node> read(String source, String text, Consumer<Problem> problems) throws UnreadableException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Limits.FILE_BYTES);
        options.setProcessComments(false);
        try {
            Iterator<Event> events = new Yaml(new SafeConstructor(options))
                    .parse(new StringReader(text))
                    .iterator();
            return new YamlNodes(source, events, problems).documents();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new UnreadableException(Problem.error(
                    mark == null ? SourceLocation.of(source) : place(source, mark),
                    "",
                    "not valid YAML: " + e.getProblem() + (e.getContext() == null ? "" : " " + e.getContext()),
                    "correct the syntax; the rest of this file was not checked"));
        } catch (YAMLException | NumberFormatException | IndexOutOfBoundsException e) {
            // the scanner lets a few of the latter out, for escapes such as an eight-digit one beyond Unicode
            throw new UnreadableException(Problem.error(
                    SourceLocation.of(source),
                    "",
                    "not valid YAML: " + Node.shorten(String.valueOf(e.getMessage())),
                    "correct the syntax; this file was not checked"));
        }
    }

    private List<Node> documents() throws UnreadableException {
        List<Node> documents = new ArrayList<>();
        while (events.hasNext()) {
            Event event = events.next();
            if (event.is(Event.ID.DocumentStart)) {
                anchors.clear();
                Node document = node(events.next(), 1);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
        }
        return documents;
    }

    private Node node(Event event, int depth) throws UnreadableException {
        SourceLocation at = place(source, event.getStartMark());
        requireDepth(depth, at);
        if (event instanceof AliasEvent alias) {
            return alias(alias, depth, at);
        }
        int deepestAround = deepest;
        deepest = depth;
        long before = nodes;
        count(1, at);
        Node node;
        @Nullable String tag;
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
            node = new Node.Text(at, scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
        } else if (event instanceof SequenceStartEvent sequence) {
            tag = sequence.getTag();
            List<Node> items = new ArrayList<>();
            for (Event next = events.next(); !next.is(Event.ID.SequenceEnd); next = events.next()) {
                items.add(node(next, depth + 1));
            }
            node = new Node.Items(at, items);
        } else if (event instanceof MappingStartEvent mapping) {
            tag = mapping.getTag();
            node = fields(at, depth);
        } else {
            throw refused(at, "unexpected " + event.getEventId(), "correct the syntax");
        }
        if (tag != null) {
            problems.accept(Problem.error(
                    at, "", "the tag '" + Node.shorten(tag) + "' is not allowed", "write the value without a tag"));
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, nodes - before, deepest - depth));
        }
        deepest = Math.max(deepest, deepestAround);
        return node;
    }

    private Node.Fields fields(SourceLocation at, int depth) throws UnreadableException {
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        for (Event next = events.next(); !next.is(Event.ID.MappingEnd); next = events.next()) {
            Node key = node(next, depth + 1);
            // an alias stands for a key elsewhere
            SourceLocation keyAt = next instanceof AliasEvent ? place(source, next.getStartMark()) : key.at();
            Node value = node(events.next(), depth + 1);
            if (!(key instanceof Node.Text text)) {
                problems.accept(
                        Problem.error(keyAt, "", "a key must be text, found " + key.found(), "write a plain key"));
            } else if (text.plain() && text.text().equals("<<")) {
                problems.accept(Problem.error(
                        keyAt, "", "merge keys (<<) are not part of YAML 1.2", "repeat the values, or use an overlay"));
            } else {
                add(fields, text.text(), new Node.Field(keyAt, value), problems);
            }
        }
        return new Node.Fields(at, fields);
    }

    /** Keeps the first of two fields with the same key and reports the second. */
    static void add(Map<String, Node.Field> fields, String key, Node.Field field, Consumer<Problem> problems) {
        Node.@Nullable Field first = fields.putIfAbsent(key, field);
        if (first != null) {
            problems.accept(Problem.error(
                    field.keyAt(),
                    "",
                    "the key '" + Node.shorten(key) + "' is already given in line "
                            + first.keyAt().line(),
                    "keep one of the two"));
        }
    }

    private static void requireDepth(int depth, SourceLocation at) throws UnreadableException {
        if (depth > Limits.DEPTH) {
            throw refused(at, "nested deeper than " + Limits.DEPTH + " levels", "write it flatter");
        }
    }

    private Node alias(AliasEvent alias, int depth, SourceLocation at) throws UnreadableException {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw refused(
                    at,
                    "the alias '*" + alias.getAnchor() + "' names no anchor that is complete before it",
                    "define the anchor first; a value cannot contain itself");
        }
        if (++aliases > Limits.ALIASES) {
            throw refused(at, "more than " + Limits.ALIASES + " aliases in one file", "write the values out");
        }
        count(anchored.size(), at);
        requireDepth(depth + anchored.height(), at);
        deepest = Math.max(deepest, depth + anchored.height());
        return anchored.node();
    }

    private void count(long more, SourceLocation at) throws UnreadableException {
        nodes += more;
        if (nodes > Limits.NODES) {
            throw refused(
                    at,
                    "more than " + Limits.NODES + " values in one file, aliases followed",
                    "split the file; do not nest aliases");
        }
    }

    private static UnreadableException refused(SourceLocation at, String message, String remedy) {
        return new UnreadableException(Problem.error(at, "", message, remedy));
    }

    private static SourceLocation place(String source, Mark mark) {
        return new SourceLocation(source, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
