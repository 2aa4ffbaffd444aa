package io.eventbroker.examples.quickstart.report;

import static io.eventbroker.examples.quickstart.report.Markup.px;

import io.eventbroker.examples.quickstart.report.QuickStartReport.Component;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Topology;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Zone;
import java.util.List;

/** Zones as columns with the brokers in them, and beneath what stands beside the brokers. */
final class TopologyDrawing {
    private static final double WIDTH = 880;
    private static final double PAD = 16;
    private static final double GAP = 14;
    private static final double BOX = 46;
    private static final int COLUMNS = 4;

    private final Topology topology;

    TopologyDrawing(Topology topology) {
        this.topology = topology;
    }

    void draw(Markup out) {
        double zonesHeight = zonesHeight();
        double clusterHeight = 40 + zonesHeight + PAD;
        int componentRows = (topology.components().size() + COLUMNS - 1) / COLUMNS;
        double height =
                clusterHeight + 2 + (componentRows == 0 ? 0 : 2 * GAP + 10 + componentRows * (BOX + GAP) - GAP + 2);
        out.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "Topology");
        out.open(
                "svg",
                "class",
                "wide",
                "viewBox",
                "0 0 " + px(WIDTH) + " " + px(height),
                "role",
                "img",
                "aria-labelledby",
                "topology-title topology-desc");
        out.leaf("title", "Topology of " + topology.cluster(), "id", "topology-title");
        out.leaf("desc", description(), "id", "topology-desc").line();

        out.empty(
                "rect",
                "class",
                "cluster",
                "x",
                "1",
                "y",
                "1",
                "width",
                px(WIDTH - 2),
                "height",
                px(clusterHeight),
                "rx",
                "12");
        out.open("text", "class", "heading", "x", px(PAD + 2), "y", "27");
        out.text(Figures.fit(topology.cluster(), WIDTH / 2, 9));
        out.leaf("tspan", "  " + Figures.fit(topology.environment(), WIDTH / 3, 8), "class", "mark");
        out.close().line();
        zones(out);
        components(out, clusterHeight + 1);
        out.close().close().line();
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        topology.zones()
                .forEach(zone -> text.append("Zone ")
                        .append(zone.name())
                        .append(": ")
                        .append(zone.brokers().isEmpty() ? "no broker" : String.join(", ", zone.brokers()))
                        .append(". "));
        topology.components()
                .forEach(component -> text.append(component.kind())
                        .append(' ')
                        .append(component.name())
                        .append(", ")
                        .append(component.replicas())
                        .append(component.replicas() == 1 ? " replica. " : " replicas. "));
        return text.toString().trim();
    }

    private int columns() {
        return Math.max(1, Math.min(COLUMNS, topology.zones().size()));
    }

    /** All zones of a row are as high as its fullest. */
    private double rowHeight(int row) {
        List<Zone> zones = topology.zones();
        int most = zones.subList(row * columns(), Math.min(zones.size(), (row + 1) * columns())).stream()
                .mapToInt(zone -> zone.brokers().size())
                .max()
                .orElse(0);
        return 32 + Math.max(1, most) * (BOX + 8) + 4;
    }

    private int rows() {
        return (topology.zones().size() + columns() - 1) / columns();
    }

    private double zonesHeight() {
        double height = 0;
        for (int row = 0; row < rows(); row++) {
            height += rowHeight(row) + (row == 0 ? 0 : GAP);
        }
        return height;
    }

    private void zones(Markup out) {
        double width = (WIDTH - 2 * PAD - (columns() - 1) * GAP) / columns();
        double y = 40;
        for (int row = 0; row < rows(); row++) {
            for (int column = 0;
                    column < columns()
                            && row * columns() + column < topology.zones().size();
                    column++) {
                zone(
                        out,
                        topology.zones().get(row * columns() + column),
                        PAD + column * (width + GAP),
                        y,
                        width,
                        rowHeight(row));
            }
            y += rowHeight(row) + GAP;
        }
    }

    private static void zone(Markup out, Zone zone, double x, double y, double width, double height) {
        out.open("g").leaf("title", "Zone " + zone.name());
        out.empty("rect", "class", "zone", "x", px(x), "y", px(y), "width", px(width), "height", px(height), "rx", "8");
        out.leaf(
                "text",
                Figures.fit(zone.name(), width - 24, 7.2),
                "class",
                "mark zone-name",
                "x",
                px(x + 12),
                "y",
                px(y + 21));
        double top = y + 32;
        for (String broker : zone.brokers()) {
            box(out, x + 8, top, width - 16, "broker", broker, "Broker " + broker + " in zone " + zone.name());
            top += BOX + 8;
        }
        if (zone.brokers().isEmpty()) {
            out.leaf(
                    "text",
                    "no broker",
                    "class",
                    "mark",
                    "x",
                    px(x + width / 2),
                    "y",
                    px(top + BOX / 2 + 4),
                    "text-anchor",
                    "middle");
        }
        out.close().line();
    }

    /** A broker: a box with a disk drawn in it. */
    private static void box(Markup out, double x, double y, double width, String style, String name, String title) {
        out.open("g").leaf("title", title);
        out.empty("rect", "class", style, "x", px(x), "y", px(y), "width", px(width), "height", px(BOX), "rx", "6");
        double cx = x + 24;
        double cy = y + BOX / 2;
        out.empty(
                "path",
                "class",
                "disk",
                "d",
                "M" + px(cx - 9) + " " + px(cy - 7) + "v14a9 3.5 0 0 0 18 0v-14M" + px(cx - 9) + " " + px(cy - 7)
                        + "a9 3.5 0 0 0 18 0a9 3.5 0 0 0 -18 0M" + px(cx - 9) + " " + px(cy) + "a9 3.5 0 0 0 18 0");
        out.leaf("text", Figures.fit(name, width - 56, 7.4), "class", "name", "x", px(x + 44), "y", px(cy + 5));
        out.close();
    }

    private void components(Markup out, double from) {
        List<Component> components = topology.components();
        if (components.isEmpty()) {
            return;
        }
        int columns = Math.min(COLUMNS, components.size());
        double width = (WIDTH - 2 - (columns - 1) * GAP) / columns;
        double top = from + 2 * GAP + 10;
        // One line carries what the components say to the brokers; each hangs from it.
        double bus = from + GAP + 5;
        out.open("g", "class", "wire");
        out.empty("line", "x1", px(WIDTH / 2), "x2", px(WIDTH / 2), "y1", px(from), "y2", px(bus));
        if (columns > 1) {
            out.empty(
                    "line",
                    "x1",
                    px(1 + width / 2),
                    "x2",
                    px(1 + (columns - 1) * (width + GAP) + width / 2),
                    "y1",
                    px(bus),
                    "y2",
                    px(bus));
        }
        for (int i = 0; i < columns; i++) {
            String x = px(1 + i * (width + GAP) + width / 2);
            out.empty("line", "x1", x, "x2", x, "y1", px(bus), "y2", px(top));
        }
        out.close().line();
        for (int i = 0; i < components.size(); i++) {
            double x = 1 + i % columns * (width + GAP);
            int row = i / columns;
            double y = top + row * (BOX + GAP);
            component(out, components.get(i), x, y, width);
        }
    }

    private static void component(Markup out, Component component, double x, double y, double width) {
        String replicas = "× " + component.replicas();
        out.open("g").leaf("title", component.kind() + " " + component.name() + " " + replicas);
        out.empty(
                "rect", "class", "component", "x", px(x), "y", px(y), "width", px(width), "height", px(BOX), "rx", "6");
        out.leaf(
                "text",
                Figures.fit(component.kind(), width - 64, 7.4),
                "class",
                "name",
                "x",
                px(x + 12),
                "y",
                px(y + 20));
        out.leaf(
                "text",
                Figures.fit(component.name(), width - 24, 6.6),
                "class",
                "mark",
                "x",
                px(x + 12),
                "y",
                px(y + 36));
        out.leaf("text", replicas, "class", "value", "text-anchor", "end", "x", px(x + width - 12), "y", px(y + 20));
        out.close().line();
    }
}
