package io.eventbroker.core.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The findings that a platform starts with, so that only new ones fail. A finding is known by its rule, document and
 * path; lines may move. Where several are alike, their number counts.
 *
 * <pre>{@code
 * Files.writeString(file, Baseline.of(report).toJson());                       // once
 * Linter.standard().baseline(Baseline.parse(Files.readString(file))).lint(platform).requireNone(Severity.WARNING);
 * }</pre>
 */
public final class Baseline {
    private static final int VERSION = 1;

    /**
     * Findings that are alike.
     *
     * @param rule the id
     * @param document {@code Kind/name}
     * @param path the element
     */
    public record Entry(String rule, String document, String path) implements Comparable<Entry> {
        private static final Comparator<Entry> ORDER =
                Comparator.comparing(Entry::document).thenComparing(Entry::path).thenComparing(Entry::rule);

        static Entry of(Finding finding) {
            return new Entry(finding.rule(), finding.document().toString(), finding.path());
        }

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }

        /** {@code rule at Kind/name path}. */
        @Override
        public String toString() {
            return rule + " at " + document + (path.isEmpty() ? "" : " " + path);
        }
    }

    private final SortedMap<Entry, Integer> counts;

    private Baseline(SortedMap<Entry, Integer> counts) {
        this.counts = Collections.unmodifiableSortedMap(counts);
    }

    /**
     * What a report found, known or new. Not what is suppressed, for that has an end, nor what the linter says of its own
     * rules and policies.
     */
    public static Baseline of(LintReport report) {
        SortedMap<Entry, Integer> counts = new TreeMap<>();
        List<Finding> all = new ArrayList<>(report.findings());
        all.addAll(report.known());
        for (Finding finding : all) {
            if (!OwnRules.isOwn(finding)) {
                counts.merge(Entry.of(finding), 1, Integer::sum);
            }
        }
        return new Baseline(counts);
    }

    private record Line(String rule, String document, String path, int count) {}

    private record File(int version, List<@Nullable Line> findings) {}

    private static File read(String json) {
        JsonNode tree;
        try {
            tree = CanonicalJson.readTree(json);
        } catch (EventBrokerException e) {
            throw isNone("it is not JSON", e);
        }
        if (!tree.isObject()) {
            throw isNone("expected an object with 'version' and 'findings'", null);
        } else if (!tree.path("version").isInt()) {
            throw isNone("its 'version' is missing, or no whole number", null);
        } else if (!tree.path("findings").isArray()) {
            throw isNone("its 'findings' are missing, or no list", null);
        }
        try {
            return CanonicalJson.read(json, File.class);
        } catch (EventBrokerException e) {
            throw isNone("expected of every finding 'rule', 'document', 'path' and 'count', and nothing else", e);
        }
    }

    private static EventBrokerException isNone(String why, @Nullable EventBrokerException cause) {
        return new EventBrokerException(
                "this is not a baseline of the linter: " + why + "; write it with Baseline.of(report).toJson()", cause);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws EventBrokerException if the text is something else
     */
    public static Baseline parse(String json) {
        File file = read(json);
        if (file.version() != VERSION) {
            throw new EventBrokerException("the baseline has version " + file.version() + ", and this SDK reads "
                    + VERSION + "; write it anew with Baseline.of(report)");
        }
        SortedMap<Entry, Integer> counts = new TreeMap<>();
        for (Line line : file.findings()) {
            if (line == null
                    || line.count() < 1
                    || counts.put(new Entry(line.rule(), line.document(), line.path()), line.count()) != null) {
                throw new EventBrokerException("the baseline has a finding twice, or with a count of less than 1"
                        + (line == null ? "" : ": " + line.rule() + " at " + line.document() + " " + line.path())
                        + "; write it anew with Baseline.of(report)");
            }
        }
        return new Baseline(counts);
    }

    /** Findings in the order of documents and paths, each value on a line of its own, so that differences are small. */
    public String toJson() {
        List<Line> lines = new ArrayList<>();
        counts.forEach((entry, count) -> lines.add(new Line(entry.rule(), entry.document(), entry.path(), count)));
        return CanonicalJson.writePretty(new File(VERSION, lines)) + "\n";
    }

    /** How many findings of each kind are known. */
    public SortedMap<Entry, Integer> counts() {
        return counts;
    }
}
