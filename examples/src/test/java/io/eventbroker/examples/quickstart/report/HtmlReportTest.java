package io.eventbroker.examples.quickstart.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Cost;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Data;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Sample;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    @Test
    void showsEveryFigureOfTheJson() throws Exception {
        QuickStartReport report = SampleReports.full();
        String text = parse(HtmlReport.render(report)).getDocumentElement().getTextContent();
        for (Map.Entry<String, JsonNode> figure :
                CanonicalJson.readTree(report.toJson()).properties()) {
            if (figure.getValue().isValueNode()) {
                assertThat(text)
                        .contains(figure.getKey())
                        .contains(figure.getValue().asText());
            }
        }
        report.steps().forEach(step -> {
            assertThat(text).contains(step.name());
            step.lines().forEach(line -> assertThat(text).contains(line));
        });
        report.topology().topics().forEach(topic -> assertThat(text).contains(topic.name()));
        report.topology()
                .zones()
                .forEach(zone -> assertThat(text).contains(zone.name()).contains(zone.brokers()));
        report.topology().components().forEach(one -> assertThat(text).contains(one.kind(), one.name()));
    }

    @Test
    void drawsTopologyThroughputBaselineAndBalance() throws Exception {
        Document page = parse(HtmlReport.render(SampleReports.full()));
        assertThat(elements(page, "svg"))
                .extracting(svg -> svg.getAttribute("aria-labelledby"))
                .containsExactly(
                        "throughput-title throughput-desc",
                        "medians-title",
                        "passes-title",
                        "topology-title topology-desc",
                        "before-title",
                        "after-title");
        // Two backups and two consumers with pauses between, a producer, a restore and the moves.
        assertThat(elements(page, "polyline")).hasSize(7);
    }

    @Test
    void namesEveryPictureForThoseWhoHearIt() throws Exception {
        Document page = parse(HtmlReport.render(SampleReports.full()));
        Map<String, Element> byId = new HashMap<>();
        for (Element element : elements(page, "*")) {
            String id = element.getAttribute("id");
            if (!id.isEmpty()) {
                assertThat(byId.put(id, element))
                        .as("second element with id %s", id)
                        .isNull();
            }
        }
        for (Element svg : elements(page, "svg")) {
            for (String id : svg.getAttribute("aria-labelledby").split(" ", -1)) {
                assertThat(byId).containsKey(id);
                assertThat(byId.get(id).getTextContent()).isNotBlank();
            }
        }
    }

    @Test
    void needsNothingFromElsewhereAndRunsNothing() throws Exception {
        Document page = parse(HtmlReport.render(SampleReports.full()));
        Set<String> used = new HashSet<>();
        for (Element element : elements(page, "*")) {
            used.add(element.getTagName());
            for (String loads : List.of("src", "href", "onload", "onclick")) {
                assertThat(element.hasAttribute(loads)).isFalse();
            }
        }
        assertThat(used).doesNotContain("script", "link", "img", "iframe", "object", "use", "image");
        assertThat(StyleSheet.CSS).doesNotContain("url(", "@import", "<", "&");
    }

    /** HTML ignores the slash of {@code <i/>}: what follows would be in italics. */
    @Test
    void closesWhatHtmlLeavesOpen() {
        assertThat(HtmlReport.render(SampleReports.full()))
                .doesNotContainPattern("<(?!meta|rect|line|circle|path|polyline|polygon)[a-z0-9]+( [^<>]*)?/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "' onmouseover='alert(1)",
                "</style></svg></title>]]>&amp;&#0;",
                "nul\u0000 bell\u0007 c1\u0085 lone\uD800 not\uFFFF",
                "\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80"
            })
    void showsHostileNamesAsText(String name) throws Exception {
        Document page = parse(HtmlReport.render(SampleReports.named(name)));
        assertThat(elements(page, "script")).isEmpty();
        assertThat(elements(page, "img")).isEmpty();
        for (Element element : elements(page, "*")) {
            assertThat(element.hasAttribute("onmouseover")).isFalse();
            assertThat(element.hasAttribute("onerror")).isFalse();
        }
        String shown = name.codePoints()
                .map(c -> c < 0x20 || c == 0x85 || c == 0xFFFF || c == 0xD800 ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(page.getDocumentElement().getTextContent()).contains(shown);
    }

    @Test
    void staysReadableWithoutMeasurements() throws Exception {
        String page = HtmlReport.render(SampleReports.empty());
        parse(page);
        assertThat(page)
                .contains("No samples were taken", "No passes were recorded", "Not measured")
                .contains("Stranger let in", "Second plan has 3 actions")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void saysWhatDidNotHold() {
        QuickStartReport good = SampleReports.full();
        Data data = good.data();
        QuickStartReport bad = new QuickStartReport(
                new Data(
                        data.recordsProduced(),
                        data.recordsBackedUp(),
                        data.recordsRestored() - 1,
                        data.sourceHash(),
                        data.restoredHash(),
                        false),
                good.checks(),
                good.throughput(),
                good.moves(),
                good.cost(),
                good.steps(),
                good.topology());
        assertThat(HtmlReport.render(bad))
                .contains("The restored records differ", "Restored data differ", "Group positions not exact")
                .doesNotContain("Every record came back");
    }

    @Test
    void holdsEveryFieldThatIsPromised() {
        List<String> names = new ArrayList<>();
        CanonicalJson.readTree(SampleReports.full().toJson()).fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .contains(
                        "recordsProduced",
                        "recordsBackedUp",
                        "recordsRestored",
                        "sourceHash",
                        "restoredHash",
                        "groupPositionsExact",
                        "strangerRefused",
                        "secondPlanActions",
                        "backupWireMBps",
                        "backupPayloadMBps",
                        "restorePayloadMBps",
                        "bytesMoved",
                        "bytesMovedLowerBound",
                        "wallSeconds",
                        "peakHeapMB",
                        "consumerMBps",
                        "backupPasses",
                        "consumerPasses",
                        "samples",
                        "steps",
                        "topology",
                        "balanceBefore",
                        "balanceAfter");
    }

    @Test
    void writesOverAnOlderPage(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a folder").resolve("report.html");
        Files.createDirectories(folder.resolve("a folder"));
        HtmlReport.write(SampleReports.full(), file);
        HtmlReport.write(SampleReports.empty(), file);
        assertThat(file).hasContent(HtmlReport.render(SampleReports.empty()));
    }

    @Test
    void refusesWhatWasNotMeasured() {
        assertThatThrownBy(() -> new Sample("backup", 1, Double.NaN)).hasMessageContaining("mbps");
        assertThatThrownBy(() -> new Cost(-1, 0)).hasMessageContaining("wallSeconds");
        assertThatThrownBy(() -> new Data(-1, 0, 0, "", "", true)).hasMessageContaining("recordsProduced");
    }

    private static Document parse(String page) throws Exception {
        assertThat(page).startsWith("<!DOCTYPE html>");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
