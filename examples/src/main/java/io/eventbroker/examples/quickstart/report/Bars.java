package io.eventbroker.examples.quickstart.report;

import static io.eventbroker.examples.quickstart.report.Markup.px;

import java.util.List;

/** Horizontal bars, narrow enough to be read on a phone without scrolling. */
final class Bars {
    private static final double WIDTH = 400;
    private static final double ROW = 30;
    private static final double LABEL = 136;
    private static final double VALUE = 78;
    private static final double ROOM = WIDTH - LABEL - VALUE;

    /**
     * A bar.
     *
     * @param detail behind the label, muted; may be empty
     * @param text the value for people
     * @param colour a class of the style sheet
     */
    record Bar(String label, String detail, double value, String text, String colour) {}

    private Bars() {}

    /**
     * Draws bars.
     *
     * @param top the value that fills the width, the same for pictures that are compared
     * @param mean where to draw a dashed line; none if negative
     */
    static void draw(Markup out, String id, String title, List<Bar> bars, double top, double mean) {
        double height = bars.size() * ROW + (mean < 0 ? 4 : 22);
        out.open(
                "svg",
                "class",
                "bars",
                "viewBox",
                "0 0 " + px(WIDTH) + " " + px(height),
                "role",
                "img",
                "aria-labelledby",
                id + "-title");
        StringBuilder spoken = new StringBuilder(title).append(": ");
        bars.forEach(
                bar -> spoken.append(bar.label()).append(' ').append(bar.text()).append("; "));
        out.leaf("title", spoken.toString().trim(), "id", id + "-title");
        double y = 2;
        for (Bar bar : bars) {
            double width = top <= 0 ? 0 : bar.value() / top * ROOM;
            double base = y + ROW / 2 + 4;
            out.open("g").leaf("title", (bar.label() + " " + bar.detail()).trim() + ": " + bar.text());
            out.open("text", "class", "name", "x", "0", "y", px(base));
            String label = Figures.fit(bar.label(), bar.detail().isEmpty() ? LABEL - 6 : LABEL * 0.62, 7.2);
            out.text(label);
            if (!bar.detail().isEmpty()) {
                double left = LABEL - 14 - label.length() * 7.2;
                out.leaf("tspan", " " + Figures.fit(bar.detail(), left, 6.4), "class", "mark");
            }
            out.close();
            out.empty(
                    "rect",
                    "class",
                    "track",
                    "x",
                    px(LABEL),
                    "y",
                    px(y + 7),
                    "width",
                    px(ROOM),
                    "height",
                    px(ROW - 14),
                    "rx",
                    "3");
            if (width > 0) {
                out.empty(
                        "rect",
                        "class",
                        bar.colour(),
                        "x",
                        px(LABEL),
                        "y",
                        px(y + 7),
                        "width",
                        px(Math.max(2, width)),
                        "height",
                        px(ROW - 14),
                        "rx",
                        "3");
            }
            out.leaf("text", bar.text(), "class", "value", "x", px(WIDTH), "y", px(base), "text-anchor", "end");
            out.close().line();
            y += ROW;
        }
        if (mean >= 0 && top > 0) {
            String x = px(LABEL + mean / top * ROOM);
            out.empty("line", "class", "mean", "x1", x, "x2", x, "y1", "2", "y2", px(y + 2));
            out.leaf("text", "mean", "class", "mark", "text-anchor", "middle", "x", x, "y", px(y + 15));
        }
        out.close().line();
    }
}
