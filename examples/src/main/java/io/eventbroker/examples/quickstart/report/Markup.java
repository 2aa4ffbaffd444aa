package io.eventbroker.examples.quickstart.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes elements that are always closed and text that is always escaped, so that the page is well-formed as HTML and as
 * XML whatever the names in it are.
 */
final class Markup {
    private final StringBuilder out = new StringBuilder(64 << 10);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element. Attributes are name and value in turn. */
    Markup open(String element, String... attributes) {
        start(element, attributes);
        out.append('>');
        open.push(element);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** A line break in the file, so that people can read its source. Never inside text. */
    Markup line() {
        out.append('\n');
        return this;
    }

    /** One of SVG's elements, or one that HTML knows to be empty: any other would stay open in a browser. */
    Markup empty(String element, String... attributes) {
        start(element, attributes);
        out.append("/>");
        return this;
    }

    Markup text(String text) {
        escape(text);
        return this;
    }

    /** An element with nothing but text. */
    Markup leaf(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** Text of our own that needs no escaping, such as a style sheet. */
    Markup verbatim(String text) {
        out.append(text);
        return this;
    }

    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("element left open: " + open.peek());
        }
        return out.toString();
    }

    /** A coordinate, with a tenth of a pixel. */
    static String px(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private void start(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isXml(c) ? c : '\uFFFD');
            }
        });
    }

    /** XML 1.0, section 2.2; without the C1 controls, which HTML refuses. */
    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0x7E)
                || (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }
}
