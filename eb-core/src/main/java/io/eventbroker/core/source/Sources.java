package io.eventbroker.core.source;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.SourceLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files and texts as they were read: every document as a tree, the text itself for excerpts, and what could not be read.
 * YAML and JSON; a JSON array counts as its items. A file may have 16 MiB, 64 levels, 1,000 aliases and 2,000,000
 * values; tags, merge keys and duplicate keys are problems. Immutable.
 *
 * <pre>{@code
 * Sources sources = Sources.read(Path.of("manifests"));
 * for (Node document : sources.documents()) {
 *     document.text("kind"); // StatefulSet
 *     document.find("spec.template.spec.containers[0].image").ifPresent(image -> image.at()); // file:line:column
 * }
 * }</pre>
 */
public final class Sources {
    private static final Sources NONE = new Sources(List.of(), Map.of(), Problems.none(), true);

    private final List<Node> documents;
    private final Map<String, String> texts;
    private final Problems problems;
    private final boolean complete;

    Sources(List<Node> documents, Map<String, String> texts, Problems problems, boolean complete) {
        this.documents = List.copyOf(documents);
        this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        this.problems = problems;
        this.complete = complete;
    }

    public static Sources none() {
        return NONE;
    }

    /**
     * Reads files and folders; a folder with everything below it that ends in {@code .yaml}, {@code .yml} or
     * {@code .json}, in the order of the names, hidden entries left out. Whatever cannot be read is among the problems.
     */
    public static Sources read(Path... paths) {
        SourceReader reader = new SourceReader();
        Arrays.asList(paths).forEach(reader::read);
        return reader.sources();
    }

    /**
     * Reads text that does not come from a file.
     *
     * @param source the name that its places have; one that ends in {@code .json} is read as JSON
     */
    public static Sources parse(String source, String text) {
        SourceReader reader = new SourceReader();
        reader.parse(source, text);
        return reader.sources();
    }

    /** Documents that were made, not read; each of their parts says by itself where it comes from. */
    public static Sources of(List<Node> documents) {
        return new Sources(documents, Map.of(), Problems.none(), true);
    }

    /** The documents, in the order of the files; empty ones are left out. */
    public List<Node> documents() {
        return documents;
    }

    /** What is wrong with files and syntax. */
    public Problems problems() {
        return problems;
    }

    /** Whether everything was read: false if a file is not among the documents, or not whole. */
    public boolean isComplete() {
        return complete;
    }

    /** The text of a source, by the name that places in it have; empty if it was not read here. */
    public Optional<String> text(String source) {
        return Optional.ofNullable(texts.get(source));
    }

    /** The text of a source of this place. */
    public Optional<String> text(SourceLocation place) {
        return text(place.source());
    }

    /** These, then others. */
    public Sources and(Sources more) {
        List<Node> all = new ArrayList<>(documents);
        all.addAll(more.documents);
        Map<String, String> both = new LinkedHashMap<>(texts);
        both.putAll(more.texts);
        List<Problem> found = new ArrayList<>(problems.asList());
        found.addAll(more.problems.asList());
        return new Sources(all, both, Problems.of(found), complete && more.complete);
    }
}
