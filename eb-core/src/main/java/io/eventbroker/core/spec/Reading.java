package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Trees to documents of known kind: the head of each document. */
final class Reading {
    static final String API_VERSION = Specs.API_VERSION;
    private static final String GROUP = API_VERSION.substring(0, API_VERSION.indexOf('/') + 1);
    private static final Pattern NAME = Pattern.compile(Specs.NAME);
    private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata", "spec");

    private final SortedMap<String, Kind<?>> kinds;
    private final References references;
    private final List<Problem> problems = new ArrayList<>();
    private Sources sources = Sources.none();
    private boolean unreadable;

    Reading(SortedMap<String, Kind<?>> kinds, References references) {
        this.kinds = kinds;
        this.references = references;
    }

    List<Problem> problems() {
        return problems;
    }

    References references() {
        return references;
    }

    /** Everything that was read. */
    Sources sources() {
        return sources;
    }

    /** Whether a file, or a document's kind, could not be read: then nothing is surely absent. */
    boolean unreadable() {
        return unreadable;
    }

    void problem(Problem problem) {
        if (problems.size() < Limits.PROBLEMS) {
            problems.add(references.mask().over(problem));
        } else if (problems.size() == Limits.PROBLEMS) {
            problems.add(Problem.error(
                    problem.location(), "", "more than " + Limits.PROBLEMS + " problems", "mend these first"));
        }
    }

    /** The documents of the sources by kind and name, in order. */
    Map<String, RawDocument> documents(Sources more) {
        sources = sources.and(more);
        references.mask().show(kinds.values(), more.documents());
        more.problems().forEach(this::problem);
        unreadable |= !more.isComplete();
        Map<String, RawDocument> documents = new LinkedHashMap<>();
        for (Node node : more.documents()) {
            if (node instanceof Node.Fields root && isForeign(root)) {
                foreign(root);
                continue;
            }
            Optional<RawDocument> document = head(node);
            if (document.isEmpty()) {
                unreadable = true;
                continue;
            }
            RawDocument read = document.get();
            RawDocument first = documents.putIfAbsent(read.key(), read);
            if (first != null) {
                problem(Problem.error(
                        read.root().locate("metadata.name"),
                        "metadata.name",
                        read.kind() + " '" + read.name() + "' is already defined at "
                                + first.root().locate("metadata.name"),
                        "rename or remove one of the two"));
            }
        }
        return documents;
    }

    static String key(String kind, String name) {
        return kind + "/" + name;
    }

    /** Whether it is a resource of somebody else's: of another API, and of a kind that is not known here. */
    private boolean isForeign(Node.Fields root) {
        Optional<String> version = root.text("apiVersion").filter(text -> !References.mayBeIn(text));
        Optional<String> kind = root.text("kind").filter(text -> !References.mayBeIn(text));
        return version.isPresent()
                && kind.isPresent()
                && !version.get().startsWith(GROUP)
                && Nearest.to(version.get(), List.of(API_VERSION)).isEmpty()
                && !kinds.containsKey(kind.get());
    }

    /** One problem, for nothing in it has to look like a document of ours. */
    private void foreign(Node.Fields root) {
        problem(Problem.error(
                root.keyAt("apiVersion"),
                "apiVersion",
                "a " + Node.shorten(root.text("kind").orElse("")) + " of '"
                        + Node.shorten(root.text("apiVersion").orElse("")) + "' is not a document of " + API_VERSION,
                "keep it in another folder, or give only the files that describe the platform; for a document of ours"
                        + " write 'apiVersion: " + API_VERSION + "' and a kind among "
                        + String.join(", ", kinds.keySet())));
    }

    /** Empty if its kind is not known. What is wrong with its name says nothing about its spec. */
    private Optional<RawDocument> head(Node node) {
        if (!(node instanceof Node.Fields root)) {
            problem(Problem.error(
                    node.at(),
                    "",
                    "expected a document with apiVersion, kind, metadata and spec, found " + node.found(),
                    "begin with 'apiVersion: " + API_VERSION + "'"));
            return Optional.empty();
        }
        Set<String> meant = new HashSet<>(); // what is misspelt is not also missing
        root.fields().forEach((key, field) -> {
            if (!HEAD.contains(key)) {
                Nearest.to(key, HEAD).filter(near -> root.get(near) == null).ifPresent(meant::add);
                problem(Problem.error(
                        field.keyAt(),
                        Node.shorten(key),
                        "unknown key '" + Node.shorten(key) + "'",
                        Nearest.remedy(key, List.of("apiVersion", "kind", "metadata", "spec"), "known keys")));
            }
        });
        String version = meant.contains("apiVersion")
                ? null
                : text(root, root.get("apiVersion"), "apiVersion", "add 'apiVersion: " + API_VERSION + "'");
        if (version != null && !version.equals(API_VERSION)) {
            problem(Problem.error(
                    root.locate("apiVersion"),
                    "apiVersion",
                    "expected " + API_VERSION + ", found '" + Node.shorten(version) + "'",
                    "write 'apiVersion: " + API_VERSION + "'"));
        }
        Node.Fields metadata = meant.contains("metadata") ? null : fields(root, "metadata");
        if (!meant.contains("spec")) {
            fields(root, "spec");
        }
        String name = metadata == null
                ? null
                : text(root, metadata.get("name"), "metadata.name", "add 'name:', unique within its kind");
        if (name != null && !isName(name)) {
            problem(Problem.error(
                    root.locate("metadata.name"),
                    "metadata.name",
                    "'" + Node.shorten(name) + "' is not a name",
                    "use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit"));
        }
        String kindName = meant.contains("kind")
                ? null
                : text(root, root.get("kind"), "kind", "add one of " + String.join(", ", kinds.keySet()));
        Kind<?> kind = kindName == null ? null : kinds.get(kindName);
        if (kindName != null && kind == null) {
            problem(Problem.error(
                    root.locate("kind"),
                    "kind",
                    "unknown kind '" + Node.shorten(kindName) + "'; registered are "
                            + String.join(", ", kinds.keySet()),
                    Nearest.to(kindName, kinds.keySet())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("correct it, or register the kind with Specs.with")));
        }
        return kind == null ? Optional.empty() : Optional.of(new RawDocument(kind, name == null ? "" : name, root));
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private Node.@Nullable Fields fields(Node.Fields root, String key) {
        Node node = root.get(key);
        if (node instanceof Node.Fields fields) {
            return fields;
        }
        boolean absent = node == null || node.isNull();
        problem(Problem.error(
                node == null ? root.locate(key) : absent ? root.keyAt(key) : node.at(),
                key,
                absent || node == null ? "is missing: expected a map" : "expected a map, found " + node.found(),
                "add '" + key + ":'"));
        return null;
    }

    private @Nullable String text(Node.Fields document, @Nullable Node node, String path, String remedy) {
        if (node instanceof Node.Text text && !text.isNull()) {
            try {
                return references.resolve(text, false).text();
            } catch (References.UnresolvedException e) {
                problem(e.at(text.at(), path));
                return null;
            }
        }
        problem(Problem.error(
                node == null ? document.locate(path) : node.at(),
                path,
                node == null || node.isNull() ? "is missing" : "expected text, found " + node.found(),
                remedy));
        return null;
    }
}
