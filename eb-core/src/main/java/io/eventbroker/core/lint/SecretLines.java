package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.SecretWords;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what a line of a file may hold of secrets. Rather too much than too little: what stands after a key that sounds
 * like one, what stands below such a key, the value beside a {@code name:} that sounds like one, passwords in URLs, and
 * everything in a Kubernetes {@code Secret}. References such as {@code ${secret:kafka-tls/password}} are shown.
 */
final class SecretLines {
    private static final String HIDDEN = "[hidden]";

    /** A word that a secret is called by; not names of and references to Secrets. */
    private static final Pattern WORD = Pattern.compile("(?i)(" + SecretWords.ALTERNATIVES
            + "|credential|jaas|secret(?!s?[._-]?(name|ref|keyref|provider|class)))[\\w.-]*[\"']?");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^{}]+}");
    /** What may stand around a reference, whose characters are {@link #BLANK}, if nothing else does. */
    private static final Pattern ONLY_REFERENCES = Pattern.compile("[\"'\\s\\x00]*[,}\\]]*\\s*(#.*)?");

    private static final char BLANK = 0;
    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s\"'@]*:[^/\\s\"'@]+@");
    private static final Pattern VALUE = Pattern.compile("^[\\s{-]*[\"']?value[\"']?\\s*:\\s*");

    private static final Pattern VALUE_BESIDE = Pattern.compile("[\\s,{][\"']?value[\"']?\\s*[:=]\\s*");
    private static final Pattern OPTION = Pattern.compile("\\s*-\\s+[\"']?--?[^\\s=]+\\s*");

    /** How far above or below its value the name of an environment variable stands. */
    private static final int NEIGHBOURS = 2;

    /** How far up a value of several lines is followed to its key. */
    private static final int UP = 200;

    /**
     * A line without secrets.
     *
     * @param column of the place in it, from 1 and in code points; 0 for none
     */
    record Shown(String text, int column) {}

    private SecretLines() {}

    static Shown hide(SourceLines lines, String line, int place, Finding finding) {
        int column = Math.min(place, line.codePointCount(0, line.length()) + 1);
        int from = hiddenFrom(lines, line, finding, column);
        if (from < 0 || from >= line.length()) {
            return new Shown(line, column);
        }
        String shown = line.substring(0, from);
        int end = shown.codePointCount(0, shown.length()) + 1;
        return new Shown(shown + HIDDEN, Math.min(column, end));
    }

    /** The index that what is hidden begins at; negative if nothing is. */
    private static int hiddenFrom(SourceLines lines, String line, Finding finding, int column) {
        int number = finding.location().line();
        int text = line.length() - line.stripLeading().length();
        if (isBelowSecret(lines, number, text)) {
            return text;
        }
        String bare = withoutReferences(line);
        int from = -1;
        if (finding.sensitive()) {
            from = column == 0 ? text : line.offsetByCodePoints(0, column - 1);
        } else if (finding.document().kind().equals("Secret")) {
            int colon = line.indexOf(':');
            from = colon < 0 ? text : afterSeparator(line, colon);
        }
        from = earlier(from, afterWord(bare));
        Matcher userInfo = USER_INFO.matcher(bare);
        if (userInfo.find()) {
            from = earlier(from, userInfo.start() + 3);
        }
        Matcher value = VALUE.matcher(bare);
        if (value.find() && isNamedSecret(lines, number) && !isReference(bare, value.end())) {
            from = earlier(from, value.end());
        }
        return isAfterOption(lines, number) ? earlier(from, text) : from;
    }

    /** The line with its references blanked out, so that their words are not taken for keys. */
    private static String withoutReferences(String line) {
        return line.indexOf('$') < 0
                ? line
                : REFERENCE
                        .matcher(line)
                        .replaceAll(found ->
                                String.valueOf(BLANK).repeat(found.group().length()));
    }

    /** Whether the line above is an item of a list such as {@code - --password}, whose value is the next item. */
    private static boolean isAfterOption(SourceLines lines, int number) {
        String above = lines.line(number - 1).orElse("");
        return OPTION.matcher(above).matches() && WORD.matcher(above).find();
    }

    private static int earlier(int one, int other) {
        return one < 0 ? other : other < 0 ? one : Math.min(one, other);
    }

    /** Where the value begins of the first key that sounds like a secret; negative if none is there. */
    private static int afterWord(String line) {
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            int value = valueOf(line, word);
            if (value >= 0 && !isReference(line, value)) {
                return value;
            }
        }
        return -1;
    }

    private static int valueOf(String line, Matcher word) {
        int next = word.end();
        while (next < line.length() && line.charAt(next) == ' ') {
            next++;
        }
        boolean option = line.lastIndexOf("--", word.start()) >= 0;
        if (next < line.length()
                && (line.charAt(next) == ':' || line.charAt(next) == '=' || (option && line.charAt(next) == ','))) {
            return afterSeparator(line, next);
        }
        Matcher beside = VALUE_BESIDE.matcher(line); // {name: PASSWORD, value: ...}
        return beside.find(word.end()) ? beside.end() : option && next > word.end() ? next : -1;
    }

    private static int afterSeparator(String line, int separator) {
        int value = separator + 1;
        while (value < line.length() && line.charAt(value) == ' ') {
            value++;
        }
        return value;
    }

    private static boolean isReference(String line, int from) {
        return ONLY_REFERENCES.matcher(line).region(from, line.length()).matches();
    }

    /** Whether a line nearby is the name of an environment variable that holds a secret. */
    private static boolean isNamedSecret(SourceLines lines, int number) {
        for (int near = number - NEIGHBOURS; near <= number + NEIGHBOURS; near++) {
            Optional<String> line = lines.line(near);
            if (line.isPresent()
                    && line.get().contains("name")
                    && WORD.matcher(line.get()).find()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the line belongs to the value of a key above it that sounds like a secret. */
    private static boolean isBelowSecret(SourceLines lines, int number, int indentation) {
        int depth = indentation;
        for (int above = number - 1; above >= Math.max(1, number - UP) && depth > 0; above--) {
            String line = lines.line(above).orElse("");
            int text = line.length() - line.stripLeading().length();
            if (line.isBlank() || text >= depth) {
                continue;
            }
            depth = text;
            Matcher word = WORD.matcher(line);
            if (word.find() && line.substring(word.end()).stripLeading().startsWith(":")) {
                return true;
            }
        }
        return false;
    }
}
