package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A text by lines, counted as the reader of its format counts them. Belongs to one thread. */
final class SourceLines {
    private final String text;
    private final int[] starts;
    private int lastNumber;
    private String last = "";

    SourceLines(String source, String text) {
        this.text = text;
        boolean json = source.toLowerCase(Locale.ROOT).endsWith(".json");
        List<Integer> found = new ArrayList<>();
        found.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean crlf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (!crlf && (c == '\n' || c == '\r' || (!json && (c == '\u0085' || c == '\u2028' || c == '\u2029')))) {
                found.add(i + 1);
            }
        }
        this.starts = found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The line without its end, from 1; empty if there is none. */
    Optional<String> line(int number) {
        if (number < 1 || number > starts.length) {
            return Optional.empty();
        }
        if (number == lastNumber) {
            return Optional.of(last); // often asked for again, and it may be the whole file
        }
        int end = number == starts.length ? text.length() : starts[number];
        int start = starts[number - 1];
        while (end > start && isBreak(text.charAt(end - 1))) {
            end--;
        }
        lastNumber = number;
        last = text.substring(start, end);
        return Optional.of(last);
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }
}
