package io.eventbroker.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start as a person runs it: a process, its exit code, what it prints, and what it leaves. */
class QuickStartTest {
    private static final Path FILES = Path.of("src/main/resources/quickstart");
    private static final int RECORDS = 20_000;
    private static final Duration STORY = Duration.ofMinutes(4);
    private static final Duration REFUSAL = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Path platform;
    private Path output;

    @BeforeEach
    void copyThePlatform() throws IOException {
        platform = Files.createDirectory(folder.resolve("my platform"));
        output = folder.resolve("the output");
        for (String file : List.of("event-broker.yaml", "overlay.yaml")) {
            Files.copy(FILES.resolve(file), platform.resolve(file));
        }
    }

    private ForkedQuickStart start() throws IOException {
        return ForkedQuickStart.start(
                folder,
                "--platform",
                platform.toString(),
                "--output",
                output.toString(),
                "--records",
                Integer.toString(RECORDS));
    }

    /** Runs it to an end that is not a success, and gives what it printed. */
    private static String refusal(ForkedQuickStart quickStart) {
        assertThat(quickStart.awaitExit(REFUSAL)).as(quickStart.printed()).isNotZero();
        quickStart.assertLeftNothingBehind();
        return quickStart.printed();
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = platform.resolve(file);
        String before = Files.readString(path);
        assertThat(before).contains(from);
        Files.writeString(path, before.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    }

    /** {@code file:line:column} of where a text first stands in a file. */
    private String placeOf(String file, String text) throws IOException {
        String before = Files.readString(platform.resolve(file));
        int at = before.indexOf(text);
        assertThat(at).as(text).isNotNegative();
        before = before.substring(0, at);
        return platform.resolve(file) + ":" + (before.lines().count() + (before.endsWith("\n") ? 1 : 0)) + ":"
                + (at - before.lastIndexOf('\n'));
    }

    @Test
    void leavesAReportAndNothingElseTwiceInARow() throws Exception {
        for (int run = 1; run <= 2; run++) {
            try (ForkedQuickStart quickStart = start()) {
                assertThat(quickStart.awaitExit(STORY)).as(quickStart.printed()).isZero();

                assertThat(ForkedQuickStart.filesIn(output)).containsExactly("report.html", "report.json");
                assertTellsOfSuccess(new ObjectMapper()
                        .readTree(output.resolve("report.json").toFile()));
                assertThat(output.resolve("report.html"))
                        .content()
                        .contains("<svg")
                        .contains("</html>");
                assertThat(quickStart.printed())
                        .contains("Done in ")
                        .contains(output.resolve("report.html").toString());
                quickStart.assertLeftNothingBehind();
            }
        }
    }

    private static void assertTellsOfSuccess(JsonNode report) {
        for (String count : List.of("recordsProduced", "recordsBackedUp", "recordsRestored")) {
            assertThat(report.path(count).longValue()).as(count).isEqualTo(RECORDS);
        }
        assertThat(report.path("sourceHash").textValue()).matches("[0-9a-f]{64}");
        assertThat(report.path("restoredHash")).isEqualTo(report.path("sourceHash"));
        assertThat(report.path("groupPositionsExact").isBoolean()).isTrue();
        assertThat(report.path("groupPositionsExact").booleanValue()).isTrue();
        assertThat(report.path("strangerRefused").isBoolean()).isTrue();
        assertThat(report.path("strangerRefused").booleanValue()).isTrue();
        assertThat(report.path("secondPlanActions").isInt()).isTrue();
        assertThat(report.path("secondPlanActions").intValue()).isZero();
        for (String rate : List.of("backupWireMBps", "backupPayloadMBps", "restorePayloadMBps")) {
            assertThat(report.path(rate).doubleValue()).as(rate).isBetween(0.001, 100_000.0);
        }
        assertThat(report.path("bytesMovedLowerBound").longValue()).isPositive();
        assertThat(report.path("bytesMoved").longValue())
                .isGreaterThanOrEqualTo(report.path("bytesMovedLowerBound").longValue());
        assertThat(report.path("wallSeconds").doubleValue()).isBetween(1.0, (double) STORY.toSeconds());
        assertThat(report.path("peakHeapMB").doubleValue()).isBetween(10.0, 1200.0);
    }

    @Test
    void cleansUpWhenItIsInterrupted() throws Exception {
        try (ForkedQuickStart quickStart = start()) {
            quickStart.awaitPrinted("\n5. ", STORY);

            quickStart.interrupt();

            assertThat(quickStart.awaitExit(Duration.ofSeconds(30))).isNotZero();
            assertThat(quickStart.printed()).contains("Interrupted").doesNotContain("Stopped by");
            assertThat(ForkedQuickStart.filesIn(output)).isEmpty();
            quickStart.assertLeftNothingBehind();
        }
    }

    @Test
    void namesUnknownKeysAndWrongTypesAndTouchesNothing() throws Exception {
        edit("event-broker.yaml", "  zones: [az-a, az-b, az-c]", "  zoness: [az-a, az-b, az-c]");
        edit("event-broker.yaml", "heap: {min: 1Gi, max: 1Gi}", "heap: {min: 1Gi, max: plenty}");
        edit("event-broker.yaml", "num.partitions: 12", "num.partitions: [12]");
        edit("event-broker.yaml", "    partitions: 12", "    partitions: twelve");
        try (ForkedQuickStart quickStart = start()) {
            assertThat(refusal(quickStart))
                    .contains("have 4 problems; nothing was touched")
                    .contains(placeOf("event-broker.yaml", "zoness:") + " spec.zoness: unknown key 'zoness'")
                    .contains("did you mean 'zones'?")
                    .contains(placeOf("event-broker.yaml", "plenty") + " spec.schemaRegistry.jvm.heap.max: 'plenty'")
                    .contains(placeOf("event-broker.yaml", "[12]") + " spec.brokers.config[num.partitions]: expected")
                    .contains(
                            placeOf("event-broker.yaml", "twelve\n")
                                    + " spec.defaults.partitions: expected a whole number, found 'twelve'; write a whole number")
                    .doesNotContain("\n2. ")
                    .doesNotContain("Exception");
            assertThat(output).doesNotExist();
        }
    }

    @Test
    void refusesFewerBrokersThanReplicasAndATopicThatIsDescribedTwice() throws Exception {
        edit("overlay.yaml", "minBrokers: 3", "minBrokers: 1");
        edit("overlay.yaml", "replicas: 3", "replicas: 2");
        edit("event-broker.yaml", "- name: orders.order.shipped", "- name: orders.order.placed # again");
        try (ForkedQuickStart quickStart = start()) {
            assertThat(refusal(quickStart))
                    .contains(placeOf("overlay.yaml", "2\n    resources") + " spec.brokers.replicas: 2 brokers cannot"
                            + " hold default.replication.factor=3; add brokers or lower the factor")
                    .contains(
                            placeOf("event-broker.yaml", "orders.order.placed # again") + " spec.topics[1].name: topic"
                                    + " 'orders.order.placed' is already described by topics[0]; keep one of the two");
            assertThat(output).doesNotExist();
        }
    }

    @Test
    void namesMoreThanTwentyMistakesAtOnce() throws Exception {
        List<List<String>> mistakes = List.of(
                List.of("  namespace: event-broker", "  namespce: event-broker"),
                List.of("type: confluent", "type: confluemt"),
                List.of("zones: [az-a, az-b, az-c]", "zones: az-a"),
                List.of("authorization: acl", "authorization: acls"),
                List.of("externalDomain:", "externlDomain:"),
                List.of("port: 9092", "port: 70000"),
                List.of("port: 9093", "port: many"),
                List.of("exposure: external", "exposure: outside"),
                List.of("num.partitions: 12", "num.partitions: [12]"),
                List.of("application: confluentinc/cp-schema-registry:7.9.2", "application: schema registry"),
                List.of("requests: {cpu: 500m, memory: 2Gi}", "requests: {cpu: half, memory: 2Gi}"),
                List.of("heap: {min: 1Gi, max: 1Gi}", "heap: {min: 1Gi, max: plenty}"),
                List.of("application: confluentinc/cp-server-connect:7.9.2", "application: [connect]"),
                List.of("config.storage.replication.factor: 3", "config.storage.replication.factor: {of: 3}"),
                List.of("cluster: kafka-prod", "clutser: kafka-prod"),
                List.of("partitions: 12\n    replicationFactor: 3", "partitions: twelve\n    replicationFactor: 3.5"),
                List.of("owner: checkout", "ownr: checkout"),
                List.of("name: orders.customer.profile", "name: orders customer"),
                List.of("partitions: 6", "partitions: six"),
                List.of("cleanup.policy: compact", "cleanup.policy: [compact]"),
                List.of("role: developer-write", "role: developer-wirte"));
        for (List<String> mistake : mistakes) {
            edit("event-broker.yaml", mistake.get(0), mistake.get(1));
        }
        try (ForkedQuickStart quickStart = start()) {
            String printed = refusal(quickStart);

            Pattern problem = Pattern.compile(".*event-broker\\.yaml:\\d+:\\d+ .+: .+; .+");
            List<String> problems = printed.lines()
                    .filter(line -> problem.matcher(line).matches())
                    .toList();
            assertThat(problems).hasSizeGreaterThan(20);
            for (List<String> mistake : mistakes) {
                String place = placeOf("event-broker.yaml", mistake.get(1));
                String line = place.substring(0, place.lastIndexOf(':') + 1);
                assertThat(problems).as(mistake.get(1)).anyMatch(one -> one.contains(line));
            }
            assertThat(output).doesNotExist();
        }
    }

    @Test
    void saysWhatToDoAboutAMissingOverlay() throws Exception {
        Files.delete(platform.resolve("overlay.yaml"));
        try (ForkedQuickStart quickStart = start()) {
            assertThat(refusal(quickStart))
                    .contains(platform.resolve("overlay.yaml") + ": does not exist; name a file");
            assertThat(output).doesNotExist();
        }
    }

    @Test
    void saysWhatToDoAboutAnOutputFolderThatCannotBeMade() throws Exception {
        Files.writeString(output, "a file");
        try (ForkedQuickStart quickStart = start()) {
            assertThat(refusal(quickStart))
                    .contains("cannot write to the output folder " + output)
                    .contains("a file is in its place")
                    .contains("--output")
                    .doesNotContain("\n2. ")
                    .doesNotContain("\tat ");
            assertThat(output).hasContent("a file");
        }
    }

    @Test
    void refusesAWrongCommandLine() throws Exception {
        for (List<String> wrong :
                List.of(List.of("--record", "5"), List.of("--records"), List.of("--records", "many"))) {
            try (ForkedQuickStart quickStart = ForkedQuickStart.start(folder, wrong.toArray(String[]::new))) {
                assertThat(refusal(quickStart)).contains("--records").doesNotContain("\tat ");
            }
        }
    }

    @Test
    void aStepThatFailsSaysWhyAndLeavesNoReportOfAnEarlierRun() throws Exception {
        Files.createDirectories(output);
        Files.writeString(output.resolve("report.json"), "{}");
        Files.writeString(output.resolve("kept.txt"), "not ours");
        // Named like a plugin's, so that only the brokers can know that there is no such plugin.
        edit("event-broker.yaml", "retention.ms: 604800000", "confluent.tier.enable: true");
        try (ForkedQuickStart quickStart = start()) {
            assertThat(quickStart.awaitExit(STORY)).as(quickStart.printed()).isNotZero();

            assertThat(quickStart.printed())
                    .contains("\n4. ")
                    .contains("Stopped: ")
                    .contains("orders.order.placed")
                    .contains("Unknown topic config name: confluent.tier.enable")
                    .contains("Mend the cause and run the quick start again")
                    .doesNotContain("\n5. ")
                    .doesNotContain("Interrupted")
                    .doesNotContain("\tat ");
            assertThat(ForkedQuickStart.filesIn(output)).containsExactly("kept.txt");
            quickStart.assertLeftNothingBehind();
        }
    }
}
