package io.eventbroker.benchmarks;

import io.eventbroker.benchmarks.Result.Baseline;
import java.util.Locale;

/** A result as bars, the SDK's on top with its least and greatest run. Readable on white and on black. */
final class ResultPlot {
    private static final int WIDTH = 680;
    private static final int LABEL = 220;
    private static final int VALUE = 130;
    private static final int ROW = 34;
    private static final int TOP = 34;

    private ResultPlot() {}

    static String svg(Result result) {
        double most = Math.max(
                result.subject().max(),
                result.baselines().stream().mapToDouble(Baseline::median).max().orElse(0));
        int height = TOP + ROW * (1 + result.baselines().size()) + 6;
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        out.append("<title>").append(escaped(result.benchmark())).append("</title>\n");
        out.append("""
                <style>
                text { font: 13px system-ui, sans-serif; fill: #16202c }
                .muted { fill: #586675 } .sdk { fill: #2461c4 } .peer { fill: #8a97a5 } .spread { stroke: #16202c; stroke-width: 1.5 }
                @media (prefers-color-scheme: dark) {
                  text { fill: #e7ecf1 } .muted { fill: #9ba8b5 } .sdk { fill: #74a7ff } .peer { fill: #6b7885 } .spread { stroke: #e7ecf1 }
                }
                </style>
                """);
        String direction = result.higherIsBetter() ? "higher is better" : "lower is better";
        out.append("<text class=\"muted\" x=\"0\" y=\"16\">")
                .append(escaped(result.unit() + ", " + direction + ", median of " + result.runs() + " runs"))
                .append("</text>\n");
        bar(out, 0, "Event Broker SDK", "sdk", result.subject().median(), most);
        double middle = TOP + ROW / 2.0;
        out.append(String.format(
                Locale.ROOT,
                "<path class=\"spread\" d=\"M%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8\"/>%n",
                x(result.subject().min(), most),
                middle,
                x(result.subject().max(), most),
                x(result.subject().min(), most),
                middle - 4,
                x(result.subject().max(), most),
                middle - 4));
        int row = 1;
        for (Baseline baseline : result.baselines()) {
            bar(out, row++, baseline.name() + " " + baseline.version(), "peer", baseline.median(), most);
        }
        return out.append("</svg>\n").toString().replace("\r\n", "\n");
    }

    private static void bar(StringBuilder out, int row, String name, String style, double value, double most) {
        int y = TOP + row * ROW;
        int base = y + ROW / 2 + 4;
        out.append(String.format(Locale.ROOT, "<text x=\"0\" y=\"%d\">%s</text>%n", base, escaped(name)));
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\"/>%n",
                style,
                LABEL,
                y + 6,
                Math.max(1, x(value, most) - LABEL),
                ROW - 12));
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                WIDTH,
                base,
                escaped(BenchmarksDocument.number(value))));
    }

    private static double x(double value, double most) {
        return LABEL + (most <= 0 ? 0 : value / most * (WIDTH - LABEL - VALUE));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
