package io.eventbroker.core.lint;

import java.util.Optional;

/**
 * A line of a file and a caret below the place that is meant, for a terminal: tabs are spaces, control characters dots,
 * long lines cut around the place, wide characters two columns, and what looks like a secret is hidden.
 *
 * @param number of the line
 * @param shown the line, or a part of it
 * @param caret how many columns are before the caret; negative without one
 */
record Excerpt(int number, String shown, int caret) {
    private static final int LONGEST = 120;
    private static final int BEFORE = 60;

    static Optional<Excerpt> of(SourceLines lines, Finding finding) {
        int number = finding.location().line();
        Optional<String> line = lines.line(number);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        SecretLines.Shown safe = SecretLines.hide(lines, line.get(), finding);
        int[] points = safe.text().codePoints().toArray();
        int column = Math.min(safe.column(), points.length + 1);
        int from = points.length > LONGEST && column > BEFORE ? column - BEFORE : 0;
        int to = Math.min(points.length, from + LONGEST);
        StringBuilder shown = new StringBuilder(from > 0 ? "…" : "");
        int caret = column == 0 ? -1 : from > 0 ? 1 : 0;
        for (int i = from; i < to; i++) {
            shown.appendCodePoint(printable(points[i]));
            if (i < column - 1) {
                caret += width(points[i]);
            }
        }
        return Optional.of(
                new Excerpt(number, shown.append(to < points.length ? "…" : "").toString(), caret));
    }

    private static int printable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point == '\t' ? ' ' : '·';
            // such as marks that turn the direction of text around
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '·';
            default -> point;
        };
    }

    /** How many columns a terminal gives it. */
    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = (point >= 0x1100 && point <= 0x115F)
                || (point >= 0x2E80 && point <= 0x303E)
                || (point >= 0x3041 && point <= 0xA4CF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0xFE30 && point <= 0xFE6F)
                || (point >= 0xFF01 && point <= 0xFF60)
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x1F300 && point <= 0x1F64F)
                || (point >= 0x1F680 && point <= 0x1FAFF)
                || (point >= 0x20000 && point <= 0x3FFFD);
        return wide ? 2 : 1;
    }

    /** Two lines, or one without a caret, each with its end. */
    @Override
    public String toString() {
        String margin = Integer.toString(number);
        String line = "  " + margin + " | " + shown + "\n";
        return caret < 0 ? line : line + "  " + " ".repeat(margin.length()) + " | " + " ".repeat(caret) + "^\n";
    }
}
