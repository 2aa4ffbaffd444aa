package io.eventbroker.scaling;

import io.eventbroker.core.DataSize;
import java.util.List;
import java.util.Locale;

/** Draws two bars a broker, before and after, and where its fair share lies. Colours fit light and dark pages. */
final class BalanceChart {
    private static final int LEFT = 180;
    private static final int WIDTH = 520;
    private static final int ROW = 40;
    private static final int TOP = 64;

    private BalanceChart() {}

    static String draw(PlacementPlan plan) {
        List<BrokerLoad> brokers = plan.brokers();
        long most = 1;
        for (BrokerLoad load : brokers) {
            most = Math.max(
                    most,
                    Math.max(load.before().bytes().bytes(), load.after().bytes().bytes()));
            most = Math.max(most, load.fairShare().bytes());
        }
        int height = TOP + ROW * brokers.size() + 16;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
                        + "aria-label=\"Bytes on each broker before and after the plan\">%n",
                LEFT + WIDTH + 110,
                height,
                LEFT + WIDTH + 110,
                height));
        svg.append("<style>"
                + ".eb-balance{font:13px system-ui,sans-serif;--ink:#24292f;--soft:#9aa4b1;--main:#1f6feb;--mark:#bf3989}"
                + "@media (prefers-color-scheme:dark){.eb-balance{--ink:#e6edf3;--soft:#5d6774;--main:#58a6ff;--mark:#f778ba}}"
                + ".eb-balance text{fill:var(--ink)}.eb-balance .before{fill:var(--soft)}.eb-balance .after{fill:var(--main)}"
                + ".eb-balance .fair{stroke:var(--mark);stroke-width:2}.eb-balance .small{font-size:11px}"
                + "</style>\n<g class=\"eb-balance\">\n");
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"8\" y=\"20\">Fullest broker %.2f × the average before, %.2f × after; %s copied, bound %s</text>%n",
                plan.maxOverAverageBefore(),
                plan.maxOverAverageAfter(),
                plan.bytesToCopy().forPeople(),
                plan.bytesLowerBound().forPeople()));
        svg.append(
                "<rect class=\"before\" x=\"8\" y=\"34\" width=\"12\" height=\"12\"/><text x=\"26\" y=\"45\">before</text>"
                        + "<rect class=\"after\" x=\"88\" y=\"34\" width=\"12\" height=\"12\"/><text x=\"106\" y=\"45\">after</text>"
                        + "<line class=\"fair\" x1=\"160\" y1=\"32\" x2=\"160\" y2=\"48\"/><text x=\"168\" y=\"45\">fair share</text>\n");
        int y = TOP;
        for (BrokerLoad load : brokers) {
            String name = "broker " + load.broker() + (load.rack().isEmpty() ? "" : " · " + load.rack());
            svg.append(String.format(Locale.ROOT, "<text x=\"8\" y=\"%d\">%s</text>%n", y + 20, escape(name)));
            bar(svg, "before", y, load.before().bytes(), most);
            bar(svg, "after", y + 15, load.after().bytes(), most);
            double fair = LEFT + (double) WIDTH * load.fairShare().bytes() / most;
            if (load.fairShare().bytes() > 0) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<line class=\"fair\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                        fair,
                        y - 2,
                        fair,
                        y + 32));
            }
            y += ROW;
        }
        return svg.append("</g>\n</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, String kind, int y, DataSize bytes, long most) {
        double width = (double) WIDTH * bytes.bytes() / most;
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"13\"/>"
                        + "<text class=\"small\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                kind,
                LEFT,
                y,
                width,
                LEFT + width + 6,
                y + 11,
                bytes.forPeople()));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
