package io.eventbroker.core.source;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files and folders to text, text to trees, within {@link Limits}. Belongs to one thread. */
final class SourceReader {
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
    /** How JSON begins: an object, or an array of them. */
    private static final Pattern OBJECT_WITH_QUOTED_KEY = Pattern.compile("\\s*(\\[\\s*)?\\{\\s*\"");
    /** Beyond this no more problems are kept. */
    private static final int PROBLEMS = 10_000;

    private final List<Node> documents = new ArrayList<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int files;
    private boolean complete = true;

    Sources sources() {
        return new Sources(documents, texts, Problems.of(problems), complete);
    }

    void read(Path path) {
        for (Path file : files(path)) {
            if (++files > Limits.FILES) {
                unreadable(file.toString(), "more than " + Limits.FILES + " files", "read a smaller folder");
                return;
            }
            text(file).ifPresent(text -> parse(file.toString(), text));
        }
    }

    void parse(String source, String text) {
        texts.put(source, text);
        try {
            documents.addAll(
                    isJson(source, text)
                            ? JsonNodes.read(source, text, this::problem)
                            : YamlNodes.read(source, text, this::problem));
        } catch (UnreadableException e) {
            complete = false;
            problem(e.problem());
        }
    }

    private void problem(Problem problem) {
        if (problems.size() < PROBLEMS) {
            problems.add(problem);
        }
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
        complete = false;
        problem(Problem.error(SourceLocation.of(source), "", message, remedy));
    }

    private static boolean isJson(String source, String text) {
        if (source.toLowerCase(Locale.ROOT).endsWith(".json")) {
            return true;
        }
        return OBJECT_WITH_QUOTED_KEY.matcher(text).lookingAt();
    }
}
