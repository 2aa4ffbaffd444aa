package io.eventbroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.ScriptedServer.Answer;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.testkit.fault.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestEndpointTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final RestCall READ = RestCall.get("read the thing", "things", "a b/c");
    private static final RestCall CHANGE =
            RestCall.put("change the thing", "things", "1").body(Map.of("to", "secret-value"));

    private ScriptedServer server;
    private RestEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        endpoint = RestEndpoint.at(HTTP, server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void encodesWhatIsInAPathAndAQuery() {
        server.then(200, "{\"a\": 1}");

        RestAnswer answer = endpoint.send(READ.query("q", "x&y=ä"), soon());

        assertThat(answer.body().path("a").asInt()).isEqualTo(1);
        assertThat(server.requests()).hasToString("[GET /things/a%20b%2Fc?q=x%26y%3D%C3%A4]");
    }

    @Test
    void keepsThePathOfItsAddress() {
        server.then(200, "[]");

        RestEndpoint.at(HTTP, URI.create(server.address() + "/apis/ccompat/v7/"))
                .send(READ, soon());

        assertThat(server.requests()).hasToString("[GET /apis/ccompat/v7/things/a%20b%2Fc]");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void asksAgainWhatPasses(int status) {
        server.then(status, "").then(Answer.cut()).then(200, "{}");

        assertThat(endpoint.send(CHANGE, soon()).succeeded()).isTrue();
        assertThat(server.requests())
                .hasSize(3)
                .allMatch(request -> request.body().contains("secret-value"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 422, 501})
    void givesOtherRefusalsBackAtOnce(int status) {
        server.then(status, "{\"error_code\": " + status + "01, \"message\": \"no\\nway\"}");

        RestAnswer answer = endpoint.send(CHANGE, soon());

        assertThat(answer.succeeded()).isFalse();
        assertThat(answer.errorCode()).hasValue(status * 100 + 1);
        assertThat(answer.message()).isEqualTo("no way");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void tellsWhatWasRefusedFromWhatMayHaveHappened() {
        for (int i = 0; i < 5; i++) {
            server.then(503, "{\"message\": \"overloaded\"}");
        }
        assertThatThrownBy(() -> endpoint.send(CHANGE, soon()))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("change the thing")
                .hasMessageContaining("503 (overloaded), 5 times")
                .message()
                .doesNotContain("secret-value");

        server.then(500, "").then(503, "").then(503, "").then(503, "").then(503, "");
        assertThatThrownBy(() -> endpoint.send(CHANGE, soon())).isInstanceOf(OutcomeUnknownException.class);

        server.then(500, "").then(500, "").then(500, "").then(500, "").then(500, "");
        assertThatThrownBy(() -> endpoint.send(READ, soon())).isInstanceOf(RetryableException.class);

        for (int i = 0; i < 5; i++) {
            server.then(Answer.cut());
        }
        assertThatThrownBy(() -> endpoint.send(CHANGE, soon()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("look before trying again");
    }

    @Test
    void honoursRetryAfterWithinTheDeadline() {
        server.then(Answer.of(429, "").with("Retry-After", "3600"));

        assertThatThrownBy(() -> endpoint.send(READ, soon()))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("429");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void sendsAgainWhatIsNotAnsweredInTime() {
        server.then(Answer.never()).then(200, "{}");

        assertThat(endpoint.patience(Duration.ofMillis(300)).send(READ, soon()).succeeded())
                .isTrue();
    }

    @Test
    void keepsTheDeadlineOfItsCaller() {
        server.then(Answer.never());
        assertThatThrownBy(() -> endpoint.send(READ, Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("read the thing");

        server.then(Answer.never());
        assertThatThrownBy(() -> endpoint.send(CHANGE, Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(OutcomeUnknownException.class);

        int before = server.requests().size();
        assertThatThrownBy(() -> endpoint.send(CHANGE, Deadline.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void waitsUntilTheDeadlineForWhatIsKnownToPass() {
        for (int i = 0; i < 7; i++) {
            server.then(409, "{\"message\": \"rebalancing\"}");
        }
        server.then(200, "{}");
        RestCall patient = CHANGE.waitingWhile(answer -> answer.status() == 409);

        assertThat(endpoint.send(patient, soon()).succeeded()).isTrue();
        assertThat(server.requests()).hasSize(8);

        for (int i = 0; i < 50; i++) {
            server.then(409, "{\"message\": \"rebalancing\"}");
        }
        assertThatThrownBy(() -> endpoint.send(patient, Deadline.after(Duration.ofSeconds(1))))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("rebalancing");
    }

    @Test
    void refusesWhatIsNotJson() {
        server.then(Answer.of(200, "<html>welcome</html>").with("Content-Type", "text/html"));

        assertThatThrownBy(() -> endpoint.send(READ, soon()))
                .isExactlyInstanceOf(EventBrokerException.class)
                .hasMessageContaining("not JSON (text/html)")
                .hasMessageContaining(server.address().toString());
        assertThat(server.requests()).hasSize(1);

        server.then(Answer.of(404, "<html>nothing</html>").with("Content-Type", "text/html"));
        assertThat(endpoint.send(READ, soon()).message()).isEmpty();
    }

    @Test
    void sendsCredentialsAndShowsThemToNobody() {
        Iterator<String> tokens = List.of("token-1", "token-2").iterator();
        RestEndpoint basic = endpoint.basic("backup", Secret.of("pä:ss"));
        RestEndpoint bearer = endpoint.bearer(() -> Secret.of(tokens.next()));
        server.then(200, "{}").then(503, "").then(200, "{}");

        basic.send(READ, soon());
        bearer.send(READ, soon());

        assertThat(server.requests().stream().map(ScriptedServer.Request::authorization))
                .containsExactly("Basic YmFja3VwOnDDpDpzcw==", "Bearer token-1", "Bearer token-2");
        assertThat(basic + " " + bearer).doesNotContain("pä:ss", "YmFja3Vw", "token");
    }

    @Test
    void refusesAddressesAndClientsThatWouldLeakCredentials() {
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> RestEndpoint.at(follows, server.address()).basic("a", Secret.of("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redirects");
        assertThatThrownBy(() -> RestEndpoint.at(HTTP, URI.create("http://user:hidden@host")))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("hidden");
        assertThatThrownBy(() -> RestEndpoint.at(HTTP, URI.create("ftp://host")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> endpoint.basic("a:b", Secret.of("c"))).hasMessageContaining("colon");
    }

    @Test
    void saysThatNothingWasSentWhereNothingListens() {
        server.close();

        assertThatThrownBy(() -> endpoint.send(CHANGE, soon()))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("ConnectException");
    }

    @Test
    void survivesAConnectionThatIsCutAndOneThatStallsHalfWay() {
        String large = "[\"" + "x".repeat(1 << 20) + "\"]";
        server.then(200, "[]").then(200, "[]").then(200, large);
        try (FaultProxy proxy = FaultProxy.to(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.address().getPort()))) {
            RestEndpoint behind = RestEndpoint.at(HTTP, URI.create("http://127.0.0.1:" + proxy.port()))
                    .patience(Duration.ofSeconds(1));
            behind.send(READ, soon());
            proxy.reset();
            assertThat(behind.send(READ, soon()).succeeded()).isTrue();

            proxy.throttle(io.eventbroker.testkit.fault.Direction.TO_CLIENT, 1_000);
            assertThatThrownBy(() -> behind.send(READ, Deadline.after(Duration.ofMillis(700))))
                    .isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void endsWhenInterrupted() {
        server.then(Answer.never());
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                endpoint.send(CHANGE, soon());
            } catch (EventBrokerException e) {
                flag.completeExceptionally(e);
            }
            flag.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        Awaitility.await().until(() -> !server.requests().isEmpty());

        thread.interrupt();

        assertThatThrownBy(flag::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(OutcomeUnknownException.class);
    }
}
