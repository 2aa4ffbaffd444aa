package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files to documents of known kind: folders, limits, syntax and the head of each document. */
final class Reading {
    static final String API_VERSION = "eventbroker.io/v1";
    private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata", "spec");
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

    private final SortedMap<String, Kind<?>> kinds;
    private final List<Problem> problems = new ArrayList<>();
    private int files;
    private boolean unreadable;

    Reading(SortedMap<String, Kind<?>> kinds) {
        this.kinds = kinds;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Whether a file, or a document's kind, could not be read: then nothing is surely absent. */
    boolean unreadable() {
        return unreadable;
    }

    void problem(Problem problem) {
        if (problems.size() < Limits.PROBLEMS) {
            problems.add(problem);
        } else if (problems.size() == Limits.PROBLEMS) {
            problems.add(Problem.error(
                    problem.location(), "", "more than " + Limits.PROBLEMS + " problems", "mend these first"));
        }
    }

    /** The documents of the files and folders by kind and name, in order. */
    Map<String, RawDocument> documents(List<Path> paths) {
        Map<String, RawDocument> documents = new LinkedHashMap<>();
        for (Path path : paths) {
            for (Path file : files(path)) {
                if (++files > Limits.FILES) {
                    unreadable(file.toString(), "more than " + Limits.FILES + " files", "read a smaller folder");
                    return documents;
                }
                text(file).ifPresent(text -> parse(file.toString(), text, documents));
            }
        }
        return documents;
    }

    private List<Path> files(Path path) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(path)) {
            folder(path, 1, files);
            if (files.isEmpty()) {
                unreadable(path.toString(), "no file that ends in .yaml, .yml or .json", "name a folder that has some");
            }
        } else {
            files.add(path);
        }
        return files;
    }

    private void folder(Path folder, int depth, List<Path> files) {
        if (depth > Limits.FOLDER_DEPTH) {
            unreadable(
                    folder.toString(),
                    "folders nested deeper than " + Limits.FOLDER_DEPTH,
                    "remove the symbolic link that leads back, or write it flatter");
            return;
        }
        List<Path> children;
        try (Stream<Path> list = Files.list(folder)) {
            children = list.sorted().toList();
        } catch (IOException e) {
            unreadable(folder.toString(), "cannot be listed: " + reason(e), "");
            return;
        }
        for (Path child : children) {
            String name = child.getFileName().toString();
            // hidden entries are tools' own, such as the links behind a mounted ConfigMap
            if (name.startsWith(".") || files.size() > Limits.FILES) {
                continue;
            }
            if (Files.isDirectory(child)) {
                folder(child, depth + 1, files);
            } else if (ENDINGS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
                files.add(child);
            }
        }
    }

    private Optional<String> text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Limits.FILE_BYTES + 1);
            if (bytes.length > Limits.FILE_BYTES) {
                unreadable(file.toString(), "is larger than " + (Limits.FILE_BYTES >> 20) + " MiB", "split the file");
                return Optional.empty();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            unreadable(file.toString(), "is not UTF-8 text", "save it as UTF-8");
        } catch (NoSuchFileException e) {
            unreadable(file.toString(), "does not exist", "name a file or folder that does");
        } catch (IOException e) {
            unreadable(file.toString(), "cannot be read: " + reason(e), "");
        }
        return Optional.empty();
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException fs ? fs.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private void unreadable(String source, String message, String remedy) {
        unreadable = true;
        problem(Problem.error(SourceLocation.of(source), "", message, remedy));
    }

    /** Adds the text's documents. */
    void parse(String source, String text, Map<String, RawDocument> documents) {
        List<Node> nodes;
        try {
            nodes = isJson(source, text)
                    ? JsonNodes.read(source, text, this::problem)
                    : YamlNodes.read(source, text, this::problem);
        } catch (UnreadableException e) {
            unreadable = true;
            problem(e.problem());
            return;
        }
        for (Node node : nodes) {
            Optional<RawDocument> document = head(node);
            if (document.isEmpty()) {
                unreadable = true;
                continue;
            }
            RawDocument read = document.get();
            RawDocument first = documents.putIfAbsent(read.key(), read);
            if (first != null) {
                problem(Problem.error(
                        Node.locate(read.root(), "metadata.name"),
                        "metadata.name",
                        read.kind() + " '" + read.name() + "' is already defined at "
                                + Node.locate(first.root(), "metadata.name"),
                        "rename or remove one of the two"));
            }
        }
    }

    private static boolean isJson(String source, String text) {
        if (source.toLowerCase(Locale.ROOT).endsWith(".json")) {
            return true;
        }
        String start = text.stripLeading();
        return start.startsWith("{\"") || start.startsWith("{\n") || start.startsWith("[{");
    }

    static String key(String kind, String name) {
        return kind + "/" + name;
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
        root.fields().forEach((key, field) -> {
            if (!HEAD.contains(key)) {
                problem(Problem.error(
                        field.keyAt(),
                        Node.shorten(key),
                        "unknown key '" + Node.shorten(key) + "'",
                        Nearest.remedy(key, List.of("apiVersion", "kind", "metadata", "spec"), "known keys")));
            }
        });
        String version = text(root, root.get("apiVersion"), "apiVersion", "add 'apiVersion: " + API_VERSION + "'");
        if (version != null && !version.equals(API_VERSION)) {
            problem(Problem.error(
                    Node.locate(root, "apiVersion"),
                    "apiVersion",
                    "expected " + API_VERSION + ", found '" + Node.shorten(version) + "'",
                    "write 'apiVersion: " + API_VERSION + "'"));
        }
        Node.Fields metadata = fields(root, "metadata");
        fields(root, "spec");
        String name = metadata == null
                ? null
                : text(metadata, metadata.get("name"), "metadata.name", "add 'name:', unique within its kind");
        if (name != null && !isName(name)) {
            problem(Problem.error(
                    Node.locate(root, "metadata.name"),
                    "metadata.name",
                    "'" + Node.shorten(name) + "' is not a name",
                    "use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit"));
        }
        String kindName = text(root, root.get("kind"), "kind", "add one of " + String.join(", ", kinds.keySet()));
        Kind<?> kind = kindName == null ? null : kinds.get(kindName);
        if (kindName != null && kind == null) {
            problem(Problem.error(
                    Node.locate(root, "kind"),
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
        return name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    }

    private Node.@Nullable Fields fields(Node.Fields root, String key) {
        Node node = root.get(key);
        if (node instanceof Node.Fields fields) {
            return fields;
        }
        boolean absent = node == null || node.isNull();
        problem(Problem.error(
                node == null ? root.at() : node.at(),
                key,
                absent || node == null ? "is missing: expected a map" : "expected a map, found " + node.found(),
                "add '" + key + ":'"));
        return null;
    }

    private @Nullable String text(Node.Fields around, @Nullable Node node, String path, String remedy) {
        if (node instanceof Node.Text text && !text.isNull()) {
            return text.text();
        }
        problem(Problem.error(
                node == null ? around.at() : node.at(),
                path,
                node == null || node.isNull() ? "is missing" : "expected text, found " + node.found(),
                remedy));
        return null;
    }
}
