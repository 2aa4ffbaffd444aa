package io.eventbroker.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.json.CanonicalJson;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class BenchmarksTest {
    private static final Path RESULTS = Path.of("results");
    private static final Path DOCS = Path.of("..", "docs");

    private final Measured fast = new Measured(List.of(12.0, 10.0, 11.0), List.of(1.0, 2.0, 3.0), List.of(5.0));
    private final Measured slow = new Measured(List.of(44.0, 40.0, 50.0), List.of(4.0, 5.0, 3.0), List.of());

    @Test
    void committedDocumentIsWhatTheResultsGive() throws IOException {
        BenchmarksDocument document = BenchmarksDocument.of(RESULTS);
        document.files()
                .forEach((name, content) -> assertThat(DOCS.resolve(name))
                        .as("docs/%s; write it anew with mvn -q -Pbench verify -Dbench=docs", name)
                        .hasContent(content));
        List<String> plots = new ArrayList<>();
        for (Path plot : BenchmarksDocument.files(DOCS.resolve("benchmarks"), ".svg")) {
            plots.add("benchmarks/" + plot.getFileName());
        }
        assertThat(document.files().keySet()).containsAll(plots);
    }

    @Test
    void everyCommittedResultBelongsToABenchmarkAndHasEnoughRuns() throws IOException {
        for (Path file : BenchmarksDocument.files(RESULTS, ".json")) {
            Result result = Result.read(Files.readString(file));
            assertThat(Benchmarks.named(result.benchmark()))
                    .as(result.benchmark())
                    .isPresent();
            assertThat(result.runs()).isGreaterThanOrEqualTo(Benchmark.RUNS);
            assertThat(result.baselines()).isNotEmpty();
            assertThat(Files.readString(file)).isEqualTo(result.toJson());
        }
    }

    @Test
    void ratioSaysHowManyTimesBetterOfTimesAndOfRates() {
        Result times = Comparison.ofTimes("x", "ms/op", fast)
                .against("peer", "1", slow)
                .targeting(4);
        assertThat(times.baselines().get(0).ratio()).isEqualTo(4);
        assertThat(times.baselines().get(0).cpuRatio()).hasValue(2);
        assertThat(times.met()).isTrue();
        Result rates =
                Comparison.ofRates("x", "MB/s", fast).against("peer", "1", slow).targeting(1);
        assertThat(rates.baselines().get(0).ratio()).isCloseTo(0.25, within(1e-9));
        assertThat(rates.met()).isFalse();
    }

    @Test
    void resultHasTheFormThatIsPromised() {
        Result result = Comparison.ofTimes("x", "ms/op", fast)
                .against("peer", "1", new Measured(slow.values(), List.of(), List.of()))
                .targeting(2.5);
        JsonNode json = CanonicalJson.readTree(result.toJson());
        assertThat(result.toJson().indexOf("benchmark"))
                .isLessThan(result.toJson().indexOf("baselines"));
        assertThat(names(json))
                .containsExactlyInAnyOrder(
                        "benchmark",
                        "command",
                        "machine",
                        "unit",
                        "higherIsBetter",
                        "runs",
                        "subject",
                        "baselines",
                        "target",
                        "met");
        assertThat(names(json.get("machine"))).containsExactly("cores", "memoryGB", "cpu", "jdk", "os");
        assertThat(names(json.get("subject"))).containsExactly("median", "min", "max", "cpuSeconds", "allocatedMB");
        assertThat(names(json.get("baselines").get(0)))
                .containsExactly("name", "version", "median", "cpuSeconds", "ratio", "cpuRatio");
        assertThat(json.get("baselines").get(0).get("cpuRatio").isNull()).isTrue();
        assertThat(json.get("target").asText()).isEqualTo("ratio of at least 2.5");
        assertThat(Result.read(result.toJson())).isEqualTo(result);
    }

    @Test
    void resultSaysNothingOfWhoseMachineItIs() throws IOException {
        String json = Comparison.ofTimes("x", "ms/op", fast).targeting(1).toJson();
        assertThat(json).doesNotContain(System.getProperty("user.dir"));
        assertThat(json).doesNotContain(System.getProperty("user.home") + "/");
        assertThat(json).doesNotContain(InetAddress.getLocalHost().getHostName());
    }

    @Test
    void refusesFewerRunsThanThree() {
        assertThatThrownBy(() -> new Measured(List.of(1.0, 2.0), List.of(), List.of()))
                .hasMessageContaining("at least 3 runs");
    }

    @Test
    void listsWhatThereIsForAnUnknownName() throws Exception {
        StringBuilder err = new StringBuilder();
        assertThat(BenchmarkMain.run(Path.of("."), "no-such", new StringBuilder(), err))
                .isEqualTo(1);
        assertThat(err).contains("There is no benchmark 'no-such'", "plan-roundtrip", "docs");
    }

    @Test
    void saysSoWhenNoneIsNamed() throws Exception {
        StringBuilder err = new StringBuilder();
        assertThat(BenchmarkMain.run(Path.of("."), "", new StringBuilder(), err))
                .isEqualTo(1);
        assertThat(err).contains("No benchmark was named", "-Dbench=NAME", "plan-roundtrip");
    }

    @Test
    void documentIsWrittenWithPlotsAndWithoutThoseOfResultsThatAreGone(@TempDir Path folder) throws Exception {
        Path module = Files.createDirectories(folder.resolve("a folder").resolve("module"));
        Path results = Files.createDirectories(module.resolve("results"));
        Result result = Comparison.ofTimes("x<y", "ms/op", fast)
                .against("peer|1", "<1>", slow)
                .targeting(1);
        Files.writeString(results.resolve("x<y.json"), result.toJson());
        Path docs = folder.resolve("a folder").resolve("docs");
        Files.createDirectories(docs.resolve("benchmarks"));
        Files.writeString(docs.resolve("benchmarks").resolve("gone.svg"), "");

        assertThat(BenchmarkMain.run(module, "docs", new StringBuilder(), new StringBuilder()))
                .isZero();

        assertThat(docs.resolve("benchmarks.md")).content().contains("peer\\|1 <1>", "| 4 |", "ratio of at least 1");
        assertThat(docs.resolve("benchmarks").resolve("gone.svg")).doesNotExist();
        String svg = Files.readString(docs.resolve("benchmarks").resolve("x<y.svg"));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)))
                        .getElementsByTagName("rect")
                        .getLength())
                .isEqualTo(2);
    }

    @Test
    void documentRefusesAResultUnderAnotherName(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("other.json"),
                Comparison.ofTimes("x", "ms/op", fast).targeting(1).toJson());
        assertThatThrownBy(() -> BenchmarksDocument.of(folder)).hasMessageContaining("other.json");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
