package io.eventbroker.examples.quickstart.report;

import static io.eventbroker.examples.quickstart.report.Markup.px;

import io.eventbroker.examples.quickstart.report.QuickStartReport.Sample;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rates over the run: a line per series, and the steps as numbers along the top. */
final class ThroughputChart {
    private static final double WIDTH = 880;
    private static final double HEIGHT = 300;
    private static final double LEFT = 52;
    private static final double RIGHT = 12;
    private static final double TOP = 34;
    private static final double BOTTOM = 40;
    /** Have the colours that they have as bars. */
    private static final List<String> NAMED = List.of("backup", "consumer");
    /** As many as the style sheet has. */
    private static final int COLOURS = 6;

    private final Map<String, List<Sample>> series = new LinkedHashMap<>();
    private final List<Step> steps;
    private final double end;
    private final double top;

    ThroughputChart(List<Sample> samples, List<Step> steps, double wallSeconds) {
        samples.forEach(sample -> series.computeIfAbsent(sample.series(), name -> new ArrayList<>())
                .add(sample));
        series.values().forEach(line -> line.sort(Comparator.comparingDouble(Sample::seconds)));
        this.steps = steps;
        double last = samples.stream().mapToDouble(Sample::seconds).max().orElse(0);
        double peak = samples.stream().mapToDouble(Sample::mbps).max().orElse(0);
        this.end = Math.max(1, Math.max(last, wallSeconds));
        double tick = Figures.tick(peak, 5);
        this.top = Math.max(tick, Math.ceil(peak / tick) * tick);
    }

    void draw(Markup out) {
        if (series.isEmpty()) {
            out.leaf("p", "No samples were taken.", "class", "none");
            return;
        }
        legend(out);
        out.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "Throughput over time");
        out.open(
                "svg",
                "class",
                "wide",
                "viewBox",
                "0 0 " + px(WIDTH) + " " + px(HEIGHT),
                "role",
                "img",
                "aria-labelledby",
                "throughput-title throughput-desc");
        out.leaf("title", "Throughput over time in MB/s", "id", "throughput-title");
        out.leaf("desc", description(), "id", "throughput-desc").line();
        stepBands(out);
        axes(out);
        series.forEach((name, line) -> line(out, name, line, "s" + colour(name)));
        out.close().close().line();
    }

    private void legend(Markup out) {
        out.open("ul", "class", "legend");
        for (Map.Entry<String, List<Sample>> line : series.entrySet()) {
            out.open("li").leaf("i", "", "class", "bg" + colour(line.getKey()));
            out.leaf("b", line.getKey()).text(" up to " + Figures.number(peak(line.getValue())) + " MB/s");
            out.close();
        }
        out.close().line();
    }

    /** From 1. Those without a colour of their own share the rest in turn. */
    private int colour(String name) {
        int named = NAMED.indexOf(name);
        if (named >= 0) {
            return named + 1;
        }
        List<String> others =
                series.keySet().stream().filter(one -> !NAMED.contains(one)).toList();
        return NAMED.size() + 1 + others.indexOf(name) % (COLOURS - NAMED.size());
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        series.forEach((name, line) -> text.append(name)
                .append(": up to ")
                .append(Figures.number(peak(line)))
                .append(" MB/s, from ")
                .append(Figures.seconds(line.get(0).seconds()))
                .append(" to ")
                .append(Figures.seconds(line.get(line.size() - 1).seconds()))
                .append(". "));
        return text.toString().trim();
    }

    private static double peak(List<Sample> line) {
        return line.stream().mapToDouble(Sample::mbps).max().orElse(0);
    }

    private void stepBands(Markup out) {
        double from = 0;
        for (int i = 0; i < steps.size() && from < end; i++) {
            double to = Math.min(end, from + steps.get(i).seconds());
            out.open("g").leaf("title", (i + 1) + ". " + steps.get(i).name());
            out.empty(
                    "rect",
                    "class",
                    i % 2 == 0 ? "band" : "band odd",
                    "x",
                    px(x(from)),
                    "y",
                    px(TOP - 20),
                    "width",
                    px(x(to) - x(from)),
                    "height",
                    px(HEIGHT - BOTTOM - TOP + 20));
            // A number needs room; the steps that took no time to speak of go without.
            if (x(to) - x(from) > 16) {
                out.leaf(
                        "text",
                        Integer.toString(i + 1),
                        "class",
                        "mark",
                        "text-anchor",
                        "middle",
                        "x",
                        px((x(from) + x(to)) / 2),
                        "y",
                        px(TOP - 6));
            }
            out.close().line();
            from = to;
        }
    }

    private void axes(Markup out) {
        double tick = Figures.tick(top, 5);
        for (int i = 0; i * tick <= top * 1.0001; i++) {
            String y = px(y(i * tick));
            out.empty(
                    "line",
                    "class",
                    i == 0 ? "axis" : "grid",
                    "x1",
                    px(LEFT),
                    "x2",
                    px(WIDTH - RIGHT),
                    "y1",
                    y,
                    "y2",
                    y);
            out.leaf(
                    "text",
                    Figures.mark(i * tick, tick),
                    "class",
                    "mark",
                    "text-anchor",
                    "end",
                    "x",
                    px(LEFT - 8),
                    "y",
                    px(y(i * tick) + 4));
        }
        double second = Figures.tick(end, 10);
        for (int i = 0; i * second <= end; i++) {
            String x = px(x(i * second));
            out.empty(
                    "line",
                    "class",
                    "axis",
                    "x1",
                    x,
                    "x2",
                    x,
                    "y1",
                    px(HEIGHT - BOTTOM),
                    "y2",
                    px(HEIGHT - BOTTOM + 4));
            out.leaf(
                    "text",
                    Figures.mark(i * second, second),
                    "class",
                    "mark",
                    "text-anchor",
                    "middle",
                    "x",
                    x,
                    "y",
                    px(HEIGHT - BOTTOM + 18));
        }
        out.leaf("text", "MB/s", "class", "unit", "x", "0", "y", px(TOP - 22));
        out.leaf(
                "text",
                "seconds since the start; the numbers along the top are the steps",
                "class",
                "unit",
                "text-anchor",
                "end",
                "x",
                px(WIDTH - RIGHT),
                "y",
                px(HEIGHT - 6));
        out.line();
    }

    private void line(Markup out, String name, List<Sample> samples, String colour) {
        double pause = pause(samples);
        out.open("g", "class", colour).leaf("title", name);
        List<Sample> stretch = new ArrayList<>();
        for (Sample sample : samples) {
            if (!stretch.isEmpty()
                    && sample.seconds() - stretch.get(stretch.size() - 1).seconds() > pause) {
                stretch(out, stretch);
                stretch.clear();
            }
            stretch.add(sample);
        }
        stretch(out, stretch);
        out.close().line();
    }

    /** Longer without a sample than this, and the series was not running: a line across would claim that it was. */
    private static double pause(List<Sample> samples) {
        double[] gaps = new double[samples.size() - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = samples.get(i + 1).seconds() - samples.get(i).seconds();
        }
        Arrays.sort(gaps);
        return gaps.length == 0 ? 1 : Math.max(1, 4 * gaps[gaps.length / 2]);
    }

    private void stretch(Markup out, List<Sample> samples) {
        if (samples.size() == 1) {
            Sample one = samples.get(0);
            out.empty("circle", "class", "dot", "r", "3.5", "cx", px(x(one.seconds())), "cy", px(y(one.mbps())));
            return;
        }
        StringBuilder points = new StringBuilder();
        for (Sample sample : samples) {
            points.append(points.isEmpty() ? "" : " ")
                    .append(px(x(sample.seconds())))
                    .append(',')
                    .append(px(y(sample.mbps())));
        }
        String base = px(HEIGHT - BOTTOM);
        out.empty(
                "polygon",
                "class",
                "area",
                "points",
                px(x(samples.get(0).seconds())) + "," + base + " " + points + " "
                        + px(x(samples.get(samples.size() - 1).seconds())) + "," + base);
        out.empty("polyline", "class", "line", "points", points.toString());
    }

    private double x(double seconds) {
        return LEFT + seconds / end * (WIDTH - LEFT - RIGHT);
    }

    private double y(double mbps) {
        return HEIGHT - BOTTOM - mbps / top * (HEIGHT - BOTTOM - TOP);
    }
}
