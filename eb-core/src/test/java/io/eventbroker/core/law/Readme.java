package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A README, and the test that its snippets are compared with: what a README shows has been compiled, and has run.
 *
 * <p>A block of code below {@code <!-- snippet: NAME -->} stands in the source of the test between {@code // snippet: NAME}
 * and {@code // end}. Blocks below {@code <!-- checked by TEST -->} are the test's to use as it likes: files to read, output
 * to compare, or code, which {@link #assertShowsCode} finds in its source.
 */
public final class Readme {
    private static final Pattern SHOWN = Pattern.compile("<!-- snippet: (\\w+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RUN = Pattern.compile("// snippet: (\\w+)\n(.*?)\n *// end\n", Pattern.DOTALL);

    private final Path file;
    private final Class<?> test;

    private Readme(Path file, Class<?> test) {
        this.file = file;
        this.test = test;
    }

    /** The README of the module that the test belongs to. */
    public static Readme of(Class<?> test) {
        return at(Path.of("README.md"), test);
    }

    public static Readme at(Path file, Class<?> test) {
        return new Readme(file, test);
    }

    /** The blocks that are checked by the test, in their order. */
    public List<String> blocks() {
        return blocks(test.getSimpleName());
    }

    /** The blocks that are checked by another test, by its simple name. */
    public List<String> blocks(String checkedBy) {
        return Pattern.compile("<!-- checked by " + checkedBy + " -->\n *```\\w+\n(.*?) *```\n", Pattern.DOTALL)
                .matcher(read(file))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** Code that the README shows is code of the test, but for white space. */
    public void assertShowsCode(String... shown) {
        String source = squeezed(read(source()));
        assertThat(shown).isNotEmpty();
        for (String code : shown) {
            assertThat(source).as("the source of %s", test.getSimpleName()).contains(squeezed(code));
        }
    }

    /** Each snippet of the README is one of the test, and the other way round; white space does not count. */
    public void assertShowsEverySnippet() {
        assertSame(shown());
    }

    /** As {@link #assertShowsEverySnippet}, where the README has snippets of other tests, too. */
    public void assertShowsSnippets(String... names) {
        Map<String, String> shown = shown();
        shown.keySet().retainAll(List.of(names));
        assertSame(shown);
    }

    private void assertSame(Map<String, String> shown) {
        Map<String, String> run = run();
        assertThat(shown.keySet()).as("snippets of %s", file).isNotEmpty().isEqualTo(run.keySet());
        run.forEach((name, code) ->
                assertThat(shown.get(name)).as("snippet %s of %s", name, file).isEqualToIgnoringWhitespace(code));
    }

    private Map<String, String> shown() {
        return snippets(file, SHOWN);
    }

    private Map<String, String> run() {
        return snippets(source(), RUN);
    }

    private Path source() {
        return Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
    }

    private static Map<String, String> snippets(Path file, Pattern pattern) {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = pattern.matcher(read(file));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2).stripIndent());
        }
        return found;
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
