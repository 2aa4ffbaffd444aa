package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import java.util.Locale;

/** How reports say things. */
final class LintWords {
    private LintWords() {}

    static String of(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** On one line, without what a terminal would obey: messages may quote files. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> shown.appendCodePoint(printable(point)));
        return shown.toString();
    }

    static int printable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point == '\t' ? ' ' : '·';
            // such as marks that turn the direction of text around
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '·';
            default -> point;
        };
    }

    /** A sentence that goes on after a semicolon: begins small, unless it begins with an acronym. */
    static String continued(String sentence) {
        boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return sentence.isEmpty() || acronym
                ? sentence
                : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
