package io.eventbroker.core.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.RestEndpoint;
import io.eventbroker.core.http.ScriptedServer;
import io.eventbroker.core.http.ScriptedServer.Answer;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moments of a worker that cannot be brought about at will, with its own words. */
class ConnectProtocolTest {
    private static final String REBALANCE =
            "{\"error_code\":409,\"message\":\"Cannot complete request because a rebalance is expected\"}";

    private ScriptedServer server;
    private ConnectCluster connect;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        connect = ConnectCluster.on(RestEndpoint.at(HttpClient.newHttpClient(), server.address()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void waitsForTheEndOfARebalance() {
        for (int i = 0; i < 6; i++) {
            server.then(409, REBALANCE);
        }
        server.then(201, "{}");

        connect.put("a", Map.of("connector.class", "x"), soon());

        assertThat(server.requests()).hasSize(7);
        for (int i = 0; i < 60; i++) {
            server.then(409, REBALANCE);
        }
        assertThatThrownBy(() -> connect.put("a", Map.of(), Deadline.after(Duration.ofMillis(800))))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("rebalance is expected");
    }

    @Test
    void takesAConnectorThatIsThereForItsOwnOnlyIfItIs() {
        String exists = "{\"error_code\":409,\"message\":\"Connector a already exists\"}";
        String mine = "{\"name\":\"a\",\"config\":{\"name\":\"a\",\"k\":\"v\"}}";
        String stopped = "{\"name\":\"a\",\"connector\":{\"state\":\"STOPPED\",\"worker_id\":\"w\"},\"tasks\":[]}";
        server.then(Answer.cut()).then(409, exists).then(200, mine).then(200, stopped);
        connect.createStopped("a", Map.of("k", "v"), soon());

        server.then(409, exists).then(200, mine).then(200, stopped.replace("STOPPED", "RUNNING"));
        assertThatThrownBy(() -> connect.createStopped("a", Map.of("k", "v"), soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("already exists");

        server.then(409, exists).then(200, mine).then(200, stopped);
        assertThatThrownBy(() -> connect.createStopped("a", Map.of("k", "other"), soon()))
                .isInstanceOf(ConnectApiException.class);
    }

    @Test
    void tellsHowLongItWaitedForAState() {
        server.then(202, "");
        for (int i = 0; i < 200; i++) {
            server.then(200, "{\"name\":\"a\",\"config\":{}}")
                    .then(200, "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[]}");
        }
        assertThatThrownBy(() -> connect.stop("a", Deadline.after(Duration.ofMillis(500))))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void saysWhenADeletionMayHaveHappened() {
        for (int i = 0; i < 5; i++) {
            server.then(500, "{\"error_code\":500,\"message\":\"Request timed out\"}");
        }
        assertThatThrownBy(() -> connect.delete("a", soon()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("Request timed out");
    }

    @Test
    void keepsOffsetsAsTheyWereWritten() {
        String partition = "{\"table\":\"orders\",\"protocol\":1}";
        server.then(200, "{\"offsets\":[{\"partition\":" + partition + ",\"offset\":{\"b\":1.50,\"a\":null}}]}")
                .then(200, "{\"message\":\"done\"}");

        List<ConnectorOffset> offsets = connect.offsets("a", soon());
        String said = connect.alterOffsets(
                "a", List.of(offsets.get(0), new ConnectorOffset(partition, Optional.empty())), soon());

        assertThat(offsets).containsExactly(new ConnectorOffset(partition, Optional.of("{\"b\":1.5,\"a\":null}")));
        assertThat(said).isEqualTo("done");
        assertThat(server.requests().get(1).body())
                .isEqualTo("{\"offsets\":[{\"partition\":" + partition + ",\"offset\":{\"b\":1.5,\"a\":null}},"
                        + "{\"partition\":" + partition + ",\"offset\":null}]}");
        assertThatThrownBy(() -> new ConnectorOffset("[]", Optional.empty())).hasMessageContaining("partition");
        assertThatThrownBy(() -> new ConnectorOffset("{", Optional.empty())).isInstanceOf(RuntimeException.class);
    }

    @Test
    void refusesCredentialsInWordsAndGarbage() {
        server.then(401, "").then(200, "[]").then(200, "<html>").then(200, "{\"a\":{\"info\":{}}}");

        assertThatThrownBy(() -> connect.connectors(soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("credentials");
        assertThatThrownBy(() -> connect.connectors(soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("no connectors");
        assertThatThrownBy(() -> connect.connectors(soon()))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("not JSON");
        assertThatThrownBy(() -> connect.connectors(soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("no configuration");
    }

    @Test
    void findsSecretsOfEveryPlugInOfAConnector() {
        Map<String, String> config = Map.of(
                "connector.class", "Jdbc",
                "connection.password", "1",
                "value.converter", "Avro",
                "value.converter.basic.auth.user.info", "2",
                "transforms", "a, b",
                "transforms.a.type", "Encrypt",
                "transforms.a.key", "3",
                "predicates", "p",
                "predicates.p.type", "Has",
                "predicates.p.token", "4");
        Map<String, Set<String>> declared = Map.of(
                "Jdbc", Set.of("connection.password", "not.set"),
                "Avro", Set.of("basic.auth.user.info"),
                "Encrypt", Set.of("key"),
                "Has", Set.of("token"));

        assertThat(SecretKeys.of(config, declared::get))
                .containsExactly(
                        "connection.password",
                        "predicates.p.token",
                        "transforms.a.key",
                        "value.converter.basic.auth.user.info");
    }
}
