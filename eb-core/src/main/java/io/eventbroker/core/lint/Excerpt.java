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

    /** A file on a single line, with thousands of findings, is not gone through for each. */
    private static final int SLICED = 4_096;

    private static final int SLICE_BEFORE = 200;

    /**
     * A line, or the part of a very long one that begins with the element at the place.
     *
     * @param column of the place in it, from 1; 0 for none
     * @param cut whether something is left out before it
     */
    private record Slice(String text, int column, boolean cut) {
        static Slice around(String line, int column) {
            if (line.length() <= SLICED) {
                return new Slice(line, column, false);
            }
            int place = Math.min(Math.max(column - 1, 0), line.length());
            int from = place;
            int least = Math.max(0, place - SLICE_BEFORE);
            while (from > least && ",{[".indexOf(line.charAt(from - 1)) < 0) {
                from--;
            }
            if (from == least && least > 0) {
                from = place; // what is before it may be the rest of anything
            }
            String text = line.substring(from, Math.min(line.length(), from + SLICE_BEFORE + SLICED));
            return new Slice(text, column == 0 ? 0 : place - from + 1, from > 0);
        }
    }

    static Optional<Excerpt> of(SourceLines lines, Finding finding) {
        int number = finding.location().line();
        Optional<String> line = lines.line(number);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Slice slice = Slice.around(line.get(), finding.location().column());
        SecretLines.Shown safe = SecretLines.hide(lines, slice.text(), slice.column(), finding);
        int[] points = safe.text().codePoints().toArray();
        int column = Math.min(safe.column(), points.length + 1);
        int from = points.length > LONGEST && column > BEFORE ? column - BEFORE : 0;
        int to = Math.min(points.length, from + LONGEST);
        StringBuilder shown = new StringBuilder(from > 0 || slice.cut() ? "…" : "");
        int caret = column == 0 ? -1 : shown.length();
        for (int i = from; i < to; i++) {
            shown.appendCodePoint(LintWords.printable(points[i]));
            if (i < column - 1) {
                caret += width(points[i]);
            }
        }
        return Optional.of(
                new Excerpt(number, shown.append(to < points.length ? "…" : "").toString(), caret));
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
