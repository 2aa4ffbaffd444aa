package io.eventbroker.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents of the repository refer to is there. */
class LinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+?) *$", Pattern.MULTILINE);

    @Test
    void leadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int checked = 0;
        for (Path document : documents()) {
            for (MatchResult link : LINK.matcher(prose(document)).results().toList()) {
                checked++;
                Path target = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(target)) {
                    broken.add(document + " → " + link.group(1) + ": there is no such file");
                } else if (link.group(2) != null && !anchors(target).contains(link.group(2))) {
                    broken.add(document + " → " + link.group() + ": there is no such heading");
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(checked).isGreaterThan(10);
    }

    /** Those at the root, those of the modules and everything below {@code docs}. */
    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> atRoot = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            for (Path path : atRoot.toList()) {
                Path readme = path.resolve("README.md");
                if (Files.exists(readme)) {
                    found.add(readme);
                } else if (path.toString().endsWith(".md")) {
                    found.add(path);
                }
            }
            docs.filter(path -> path.toString().endsWith(".md")).forEach(found::add);
        }
        return found;
    }

    private static String prose(Path document) throws IOException {
        return CODE.matcher(Files.readString(document)).replaceAll("");
    }

    /** As the usual viewers of Markdown make them. */
    private static Set<String> anchors(Path document) throws IOException {
        return HEADING.matcher(prose(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
