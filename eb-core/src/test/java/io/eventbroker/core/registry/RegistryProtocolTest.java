package io.eventbroker.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.http.RestEndpoint;
import io.eventbroker.core.http.ScriptedServer;
import io.eventbroker.core.http.ScriptedServer.Answer;
import io.eventbroker.core.http.ScriptedServer.Request;
import io.eventbroker.core.json.CanonicalJson;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only Confluent's own registry does, with answers as its API reference shows them. */
class RegistryProtocolTest {
    private static final Schema INT = Schema.avro("\"int\"");

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static SchemaRegistry on(ScriptedServer server) {
        return SchemaRegistry.on(RestEndpoint.at(HttpClient.newHttpClient(), server.address()));
    }

    @Test
    void importsUnderTheGivenIdAndVersion() throws Exception {
        Schema contract = new Schema(
                "AVRO",
                "\"int\"",
                List.of(new SchemaReference("A", ":.ctx:a-value", 2)),
                Optional.of("{\"tags\": {\"a\": [\"PII\"]}}"),
                Optional.empty());
        try (ScriptedServer server = new ScriptedServer()) {
            server.then(200, "{\"mode\":\"IMPORT\"}").then(200, "{\"id\":100}");

            on(server).importVersion(new SchemaVersion(":.ctx:b-value", 3, 100, contract, false), soon());

            assertThat(server.requests())
                    .hasToString("[GET /mode/%3A.ctx%3Ab-value?defaultToGlobal=true,"
                            + " POST /subjects/%3A.ctx%3Ab-value/versions]");
            assertThat(CanonicalJson.readTree(server.requests().get(1).body()))
                    .isEqualTo(CanonicalJson.readTree(
                            "{\"id\":100,\"version\":3,\"schema\":\"\\\"int\\\"\",\"schemaType\":\"AVRO\",\"references\":"
                                    + "[{\"name\":\"A\",\"subject\":\":.ctx:a-value\",\"version\":2}],"
                                    + "\"metadata\":{\"tags\":{\"a\":[\"PII\"]}}}"));
        }
    }

    @Test
    void importsNothingInAnotherModeAndNoticesAnotherId() throws Exception {
        SchemaVersion version = new SchemaVersion("b-value", 1, 100, INT, false);
        try (ScriptedServer server = new ScriptedServer()) {
            server.then(200, "{\"mode\":\"READWRITE\"}");
            assertThatThrownBy(() -> on(server).importVersion(version, soon()))
                    .isInstanceOf(SchemaRegistryException.class)
                    .hasMessageContaining("READWRITE")
                    .hasMessageContaining("set the mode to IMPORT");
            assertThat(server.requests()).hasSize(1);

            server.then(200, "{\"mode\":\"IMPORT\"}").then(200, "{\"id\":7}");
            assertThatThrownBy(() -> on(server).importVersion(version, soon()))
                    .isInstanceOf(SchemaRegistryException.class)
                    .hasMessageContaining("with id 7 and not with the id 100");
        }
    }

    @Test
    void setsModes() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.then(200, "{\"mode\":\"IMPORT\"}")
                    .then(200, "{\"mode\":\"IMPORT\"}")
                    .then(422, "{\"error_code\":42205,\"message\":\"Cannot import since found existing subjects\"}")
                    .then(404, "{\"error_code\":40409,\"message\":\"no mode\"}")
                    .then(200, "{\"mode\":\"READONLY\"}");
            SchemaRegistry registry = on(server);

            registry.setMode(":.ctx:", RegistryMode.IMPORT, soon());
            registry.forceMode("a-value", RegistryMode.IMPORT, soon());
            assertThatThrownBy(() -> registry.setMode(RegistryMode.IMPORT, soon()))
                    .hasMessageContaining("the mode does not allow this")
                    .hasMessageContaining("42205");
            assertThat(registry.mode("a-value", soon())).isEmpty();
            assertThat(registry.mode(soon())).contains(RegistryMode.READONLY);

            assertThat(server.requests())
                    .hasToString("[PUT /mode/%3A.ctx%3A, PUT /mode/a-value?force=true, PUT /mode, GET /mode/a-value,"
                            + " GET /mode]");
        }
    }

    @Test
    void deletesWhatIsThere() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.then(404, "{\"error_code\":40408,\"message\":\"none of its own\"}")
                    .then(404, "{\"error_code\":40404,\"message\":\"deleted softly\"}")
                    .then(404, "{\"error_code\":40405,\"message\":\"not deleted softly\"}");
            SchemaRegistry registry = on(server);

            registry.clearCompatibility("a-value", soon());
            registry.deleteSubject("a-value", soon());
            assertThatThrownBy(() -> registry.purgeSubject("a-value", soon()))
                    .isInstanceOf(SchemaRegistryException.class)
                    .hasMessageContaining("must be deleted softly before");
            assertThat(server.requests())
                    .hasToString("[DELETE /config/a-value, DELETE /subjects/a-value,"
                            + " DELETE /subjects/a-value?permanent=true]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, 40101, credentials",
        "403, 40301, lack the right",
        "404, 404, no such path",
        "422, 42206, another schema refers to it",
    })
    void putsErrorCodesInWords(int status, int code, String words) throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.then(status, "{\"error_code\":" + code + ",\"message\":\"as it says\"}");

            assertThatThrownBy(() -> on(server).deleteVersion("a-value", 1, soon()))
                    .isInstanceOf(SchemaRegistryException.class)
                    .hasMessageContaining("delete version 1 of a-value")
                    .hasMessageContaining(words)
                    .hasMessageContaining("as it says");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|no list",
                "[1]|a list of something else",
                "null|no list",
                "<html>|not JSON",
                "[\"a\"|not JSON",
            })
    void refusesAnswersThatMakeNoSense(String answer, String words) throws Exception {
        try (ScriptedServer server = new ScriptedServer(request -> Answer.of(200, answer))) {
            assertThatThrownBy(() -> on(server).subjects(soon()))
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("list subjects")
                    .hasMessageContaining(words);
        }
    }

    @Test
    void keepsDeletedVersionsAndReadsPages() throws Exception {
        int subjects = 2_500;
        int page = 1_000; // the most that this registry gives at once, whatever is asked for
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> names = IntStream.range(0, subjects)
                .mapToObj(i -> String.format("s-%05d", i))
                .toList();
        try (ScriptedServer server = new ScriptedServer(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                return confluent(request, names, page);
            } finally {
                now.decrementAndGet();
            }
        })) {
            RegistryContents contents = on(server).read(name -> !name.endsWith("7"), soon());

            assertThat(contents.subjects()).hasSize(subjects - subjects / 10);
            assertThat(contents.mode()).contains(RegistryMode.READWRITE);
            assertThat(contents.compatibility()).isEqualTo(Compatibility.BACKWARD);
            assertThat(contents.subjects().get(0))
                    .isEqualTo(new Subject(
                            "s-00000",
                            List.of(
                                    new SchemaVersion("s-00000", 1, 1, INT, true),
                                    new SchemaVersion("s-00000", 3, 3, INT, false)),
                            new java.util.TreeSet<>(),
                            Optional.of(Compatibility.NONE),
                            Optional.empty()));
            assertThat(most.get()).isBetween(2, 16);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("registry-read")
                            && !thread.isInterrupted()
                            && thread.getState() == Thread.State.RUNNABLE);
        }
    }

    private static Answer confluent(Request request, List<String> names, int page) {
        Matcher list = Pattern.compile("/subjects\\?deleted=true&offset=(\\d+)&limit=\\d+")
                .matcher(request.path());
        if (list.matches()) {
            return Answer.of(
                    200,
                    names.stream()
                            .skip(Integer.parseInt(list.group(1)))
                            .limit(page)
                            .map(name -> "\"" + name + "\"")
                            .collect(Collectors.joining(",", "[", "]")));
        }
        String path = request.path();
        if (path.equals("/config")) {
            return Answer.of(200, "{\"compatibilityLevel\":\"BACKWARD\"}");
        }
        if (path.equals("/mode")) {
            return Answer.of(200, "{\"mode\":\"READWRITE\"}");
        }
        if (path.startsWith("/config/")) {
            return Answer.of(200, "{\"compatibilityLevel\":\"NONE\"}");
        }
        if (path.startsWith("/mode/")) {
            return Answer.of(404, "{\"error_code\":40409,\"message\":\"none\"}");
        }
        if (path.endsWith("/versions?deleted=true")) {
            return Answer.of(200, "[1,3]");
        }
        if (path.endsWith("/versions")) {
            return Answer.of(200, "[3]");
        }
        Matcher version = Pattern.compile("/subjects/([^/]+)/versions/(\\d+)(\\?deleted=true)?")
                .matcher(path);
        if (version.matches() && (version.group(2).equals("3") || version.group(3) != null)) {
            return Answer.of(
                    200,
                    "{\"subject\":\"" + version.group(1) + "\",\"version\":" + version.group(2) + ",\"id\":"
                            + version.group(2) + ",\"schema\":\"\\\"int\\\"\"}");
        }
        return Answer.of(404, "{\"error_code\":40402,\"message\":\"none\"}");
    }

    @Test
    void stopsAtTheFirstSubjectThatCannotBeRead() throws Exception {
        List<String> names = IntStream.range(0, 500)
                .mapToObj(i -> String.format("s-%05d", i))
                .toList();
        try (ScriptedServer server =
                new ScriptedServer(request -> request.path().contains("s-00003")
                        ? Answer.of(401, "{\"error_code\":40101,\"message\":\"expired\"}")
                        : confluent(request, names, 10_000))) {
            assertThatThrownBy(() -> on(server).read(name -> true, soon()))
                    .isInstanceOf(SchemaRegistryException.class)
                    .hasMessageContaining("s-00003")
                    .hasMessageContaining("expired");
            assertThat(server.requests()).hasSizeLessThan(1_000);
        }
    }
}
