package io.eventbroker.core.diagram;

/** Writes text that people chose into a language in which some characters mean something. */
final class Entities {
    private Entities() {}

    /**
     * The text with every character by its number, but for ASCII letters and digits and those that are safe. Control
     * characters and halves of characters, which no picture can show, become a question mark.
     *
     * @param before what stands before the number; a semicolon stands after it
     */
    static String escape(String text, String safe, String before) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean plain = c < 128 && Character.isLetterOrDigit(c);
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (plain || safe.indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
            } else if (half || Character.isISOControl(c) || !Character.isDefined(c)) {
                escaped.append('?');
            } else {
                escaped.append(before).append(c).append(';');
            }
        });
        return escaped.toString();
    }
}
