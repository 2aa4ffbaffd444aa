package io.eventbroker.core.lint;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A file of properties, read as {@link Properties#load} does, but with keys that come twice, in the order of the file, and
 * past what that ends with. Without the key that has no letter.
 *
 * @param entries keys and values
 * @param malformed the lines, from 1 on, with an escape that is none
 */
record PropertiesText(List<Map.Entry<String, String>> entries, List<Integer> malformed) {
    private static final Pattern BREAK = Pattern.compile("\r\n|\r|\n");

    PropertiesText {
        entries = List.copyOf(entries);
        malformed = List.copyOf(malformed);
    }

    static PropertiesText parse(String text) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        List<Integer> malformed = new ArrayList<>();
        String[] lines = BREAK.split(text, -1);
        for (int next = 0; next < lines.length; ) {
            int first = next;
            StringBuilder logical = new StringBuilder(lines[next++]);
            while (!isComment(lines[first]) && isContinued(logical) && next < lines.length) {
                logical.append('\n').append(lines[next++]);
            }
            Properties one = new Properties();
            try {
                one.load(new StringReader(logical.toString()));
            } catch (IllegalArgumentException e) {
                malformed.add(first + 1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            one.remove(""); // which lines without a word may make, depending on how they end
            one.stringPropertyNames().forEach(key -> entries.add(Map.entry(key, one.getProperty(key))));
        }
        return new PropertiesText(entries, malformed);
    }

    private static boolean isComment(String line) {
        String text = line.stripLeading();
        return text.startsWith("#") || text.startsWith("!");
    }

    /** Whether the line goes on in the next one: two backslashes at its end are one that is meant, and no more. */
    private static boolean isContinued(CharSequence line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    boolean has(String key) {
        return entries.stream().anyMatch(entry -> entry.getKey().equals(key));
    }
}
