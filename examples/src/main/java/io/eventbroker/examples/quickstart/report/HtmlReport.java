package io.eventbroker.examples.quickstart.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.examples.quickstart.report.Bars.Bar;
import io.eventbroker.examples.quickstart.report.QuickStartReport.BrokerLoad;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Data;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Moves;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Step;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Throughput;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report as one HTML file: no script, nothing loaded from elsewhere, light or dark as the reader's system is, and
 * well-formed as XML too. Whatever text the report holds is shown as text.
 */
public final class HtmlReport {
    private final QuickStartReport report;
    private final Markup out = new Markup();

    private HtmlReport(QuickStartReport report) {
        this.report = report;
    }

    /**
     * Writes the page, over an older one; its folder must exist.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(QuickStartReport report, Path path) throws IOException {
        Files.writeString(path, render(report));
    }

    static String render(QuickStartReport report) {
        return new HtmlReport(report).page();
    }

    private String page() {
        out.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        out.open("head").line().empty("meta", "charset", "utf-8").line();
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        // Nothing in the page may run or load, whatever a name in it tries.
        out.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'unsafe-inline'")
                .line();
        out.leaf("title", "Quick start: " + report.topology().cluster()).line();
        out.open("style").verbatim(StyleSheet.CSS).close().line().close().line();
        out.open("body").open("main").line();
        header();
        tiles();
        throughput();
        baseline();
        topology();
        balance();
        steps();
        figures();
        out.close().close().close().line();
        return out.finish();
    }

    private void header() {
        Data data = report.data();
        out.open("header");
        out.leaf("p", "Event Broker SDK, quick start", "class", "eyebrow");
        out.leaf(
                "h1",
                data.identical()
                        ? "Every record came back from the backup"
                        : "The restored records differ from the original");
        out.leaf(
                "p",
                Figures.count(data.recordsProduced()) + " records were produced to "
                        + report.topology().cluster() + ", backed up, lost with the cluster and its disks, and "
                        + Figures.count(data.recordsRestored()) + " restored into an empty one. The run took "
                        + Figures.seconds(report.cost().wallSeconds()) + ".");
        out.open("ul", "class", "verdicts").line();
        verdict(data.identical(), "Restored data identical", "Restored data differ");
        verdict(data.groupPositionsExact(), "Group positions exact", "Group positions not exact");
        verdict(report.checks().strangerRefused(), "Stranger refused", "Stranger let in");
        int again = report.checks().secondPlanActions();
        verdict(again == 0, "Second plan empty", "Second plan has " + Figures.count(again) + " actions");
        out.close().close().line();
    }

    private void verdict(boolean holds, String yes, String no) {
        out.leaf("li", holds ? "✓ " + yes : "✗ " + no, "class", holds ? "yes" : "no")
                .line();
    }

    private void tiles() {
        Data data = report.data();
        Throughput rates = report.throughput();
        Moves moves = report.moves();
        out.open("dl", "class", "tiles").line();
        tile(
                "Backup, payload",
                Figures.number(rates.backupPayloadMBps()),
                "MB/s",
                rates.consumerMBps() > 0
                        ? factor(rates.backupPayloadMBps() / rates.consumerMBps()) + " kafka-consumer-perf-test"
                        : "median of " + rates.backupPasses().size() + " passes");
        tile("Backup, on the wire", Figures.number(rates.backupWireMBps()), "MB/s", "compressed, as it is stored");
        tile("Restore, payload", Figures.number(rates.restorePayloadMBps()), "MB/s", "into an empty cluster");
        tile(
                "Records restored",
                Figures.count(data.recordsRestored()),
                "",
                "of " + Figures.count(data.recordsProduced()) + " produced");
        tile("Bytes moved", Figures.bytes(moves.bytesMoved()), "", bound(moves));
        tile("Records backed up", Figures.count(data.recordsBackedUp()), "", "counted in the archive");
        tile(
                "Wall time",
                Figures.seconds(report.cost().wallSeconds()),
                "",
                report.steps().size() + " steps");
        tile("Peak heap", Figures.number(report.cost().peakHeapMB()), "MB", "brokers and object store included");
        out.close().line();
    }

    private static String factor(double ratio) {
        return String.format(Locale.ROOT, "%.2f ×", ratio);
    }

    private static String bound(Moves moves) {
        long bound = moves.bytesMovedLowerBound();
        if (bound == 0) {
            return "nothing had to move";
        }
        double gap = (double) moves.bytesMoved() / bound - 1;
        return "bound " + Figures.bytes(bound) + ", gap " + String.format(Locale.ROOT, "%.1f", 100 * gap) + " %";
    }

    private void tile(String name, String figure, String unit, String note) {
        out.open("div", "class", "tile").leaf("dt", name);
        out.open("dd", "class", "figure").text(figure);
        if (!unit.isEmpty()) {
            out.verbatim(" ").leaf("small", unit);
        }
        out.close().leaf("dd", note, "class", "note").close().line();
    }

    private void section(String title, String lead) {
        out.open("section").leaf("h2", title);
        if (!lead.isEmpty()) {
            out.leaf("p", lead, "class", "lead");
        }
        out.line();
    }

    private void throughput() {
        section("Throughput over time", "Payload in MB/s as it was measured while the steps ran.");
        new ThroughputChart(
                        report.throughput().samples(),
                        report.steps(),
                        report.cost().wallSeconds())
                .draw(out);
        out.close().line();
    }

    private void baseline() {
        Throughput rates = report.throughput();
        section(
                "Backup beside a plain consumer",
                "The same topic, read by the backup and by kafka-consumer-perf-test in turn. The medians are what counts.");
        int passes =
                Math.max(rates.backupPasses().size(), rates.consumerPasses().size());
        double top = Math.max(rates.backupPayloadMBps(), rates.consumerMBps());
        List<Bar> medians = List.of(
                rate("Backup", "", rates.backupPayloadMBps(), "bar1"),
                rate("Consumer", "", rates.consumerMBps(), "bar2"));
        List<Bar> single = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            if (i < rates.backupPasses().size()) {
                single.add(
                        rate("Backup", "pass " + (i + 1), rates.backupPasses().get(i), "bar1"));
            }
            if (i < rates.consumerPasses().size()) {
                single.add(rate(
                        "Consumer", "pass " + (i + 1), rates.consumerPasses().get(i), "bar2"));
            }
        }
        top = Math.max(top, single.stream().mapToDouble(Bar::value).max().orElse(0));
        out.open("div", "class", "pair").open("div").leaf("h3", "Medians");
        Bars.draw(out, "medians", "Median rate in MB/s", medians, top, -1);
        out.close().open("div").leaf("h3", "Each pass");
        if (single.isEmpty()) {
            out.leaf("p", "No passes were recorded.", "class", "none");
        } else {
            Bars.draw(out, "passes", "Rate of each pass in MB/s", single, top, -1);
        }
        out.close().close().close().line();
    }

    private static Bar rate(String label, String detail, double value, String colour) {
        return new Bar(label, detail, value, Figures.number(value) + " MB/s", colour);
    }

    private void topology() {
        section("Topology", "Zones are racks to Kafka, which spreads the replicas of a partition over them.");
        new TopologyDrawing(report.topology()).draw(out);
        if (!report.topology().topics().isEmpty()) {
            out.open("table", "class", "topics").open("thead").open("tr");
            out.leaf("th", "Topic", "scope", "col");
            out.leaf("th", "Partitions", "scope", "col", "class", "number");
            out.leaf("th", "Replicas", "scope", "col", "class", "number");
            out.close().close().open("tbody").line();
            for (Topic topic : report.topology().topics()) {
                out.open("tr").leaf("th", topic.name(), "scope", "row");
                out.leaf("td", Figures.count(topic.partitions()), "class", "number");
                out.leaf("td", Figures.count(topic.replicationFactor()), "class", "number")
                        .close()
                        .line();
            }
            out.close().close();
        }
        out.close().line();
    }

    private void balance() {
        Moves moves = report.moves();
        section(
                "Balance before and after the added broker",
                "Bytes on each broker. " + Figures.bytes(moves.bytesMoved())
                        + " were moved; no plan could have moved less than "
                        + Figures.bytes(moves.bytesMovedLowerBound()) + ".");
        double top = Math.max(
                moves.before().stream().mapToLong(BrokerLoad::bytes).max().orElse(0),
                moves.after().stream().mapToLong(BrokerLoad::bytes).max().orElse(0));
        out.open("div", "class", "pair").line();
        loads("Before", "before", moves.before(), top);
        loads("After", "after", moves.after(), top);
        out.close().close().line();
    }

    private void loads(String title, String id, List<BrokerLoad> loads, double top) {
        out.open("div").leaf("h3", title);
        if (loads.isEmpty()) {
            out.leaf("p", "Not measured.", "class", "none");
        } else {
            List<Bar> bars = loads.stream()
                    .map(load -> new Bar(load.broker(), load.rack(), load.bytes(), Figures.bytes(load.bytes()), "bar3"))
                    .toList();
            double mean = loads.stream().mapToLong(BrokerLoad::bytes).average().orElse(0);
            Bars.draw(out, id, title + ", bytes on each broker", bars, top, mean);
        }
        out.close().line();
    }

    private void steps() {
        section("Steps", "");
        double longest =
                report.steps().stream().mapToDouble(Step::seconds).max().orElse(0);
        out.open("table", "class", "steps").open("thead").open("tr");
        out.leaf("th", "#", "scope", "col", "class", "index").leaf("th", "Step", "scope", "col");
        out.leaf("th", "Took", "scope", "col", "class", "number").close().close();
        out.open("tbody").line();
        int index = 1;
        for (Step step : report.steps()) {
            out.open("tr").leaf("td", Integer.toString(index++), "class", "index");
            out.open("th", "scope", "row").text(step.name());
            if (!step.lines().isEmpty()) {
                out.open("details").leaf("summary", lines(step.lines().size()));
                out.leaf("pre", String.join("\n", step.lines())).close();
            }
            out.close().open("td", "class", "number").text(Figures.seconds(step.seconds()));
            double share = longest <= 0 ? 0 : 100 * step.seconds() / longest;
            out.open("span", "class", "share")
                    .leaf("span", "", "style", "width:" + Markup.px(share) + "%")
                    .close();
            out.close().close().line();
        }
        out.close().close().close().line();
    }

    private static String lines(int count) {
        return count == 1 ? "1 line of output" : Figures.count(count) + " lines of output";
    }

    /** The figures as they stand in report.json, for who wants the digits. */
    private void figures() {
        section("All figures", "As in report.json beside this page.");
        out.open("table").open("tbody").line();
        Iterator<Map.Entry<String, JsonNode>> all =
                CanonicalJson.readTree(report.toJson()).properties().iterator();
        while (all.hasNext()) {
            Map.Entry<String, JsonNode> figure = all.next();
            if (figure.getValue().isValueNode()) {
                out.open("tr").leaf("th", figure.getKey(), "scope", "row");
                out.open("td").leaf("code", figure.getValue().asText()).close();
                out.close().line();
            }
        }
        out.close().close().close().line();
    }
}
