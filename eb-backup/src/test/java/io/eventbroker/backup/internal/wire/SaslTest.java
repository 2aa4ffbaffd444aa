package io.eventbroker.backup.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.SaslMechanism;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a broker that ends every session after two seconds, so that going on means having proved it again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SaslTest {
    private static final String LIFETIME = "2000";
    /** Two sessions and a half. */
    private static final Duration LONGER_THAN_SESSIONS = Duration.ofSeconds(5);

    private static final Duration LONGER_THAN_A_TOKEN = Duration.ofSeconds(8);

    private EmbeddedKafka kafka;

    @BeforeAll
    void start() {
        kafka = EmbeddedKafka.builder()
                .user("alice", "s3cret\\\"ü")
                .listener(KafkaListener.plaintext("OPEN"))
                .listener(sasl("PLAIN", SaslMechanism.PLAIN))
                .listener(sasl("SCRAM256", SaslMechanism.SCRAM_SHA_256))
                .listener(sasl("SCRAM512", SaslMechanism.SCRAM_SHA_512))
                .listener(sasl("TOKENS", SaslMechanism.OAUTHBEARER)
                        .property(
                                "oauthbearer.sasl.jaas.config",
                                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                                        + " unsecuredLoginStringClaim_sub=\"broker\";"))
                .start();
    }

    private static KafkaListener sasl(String name, SaslMechanism mechanism) {
        return KafkaListener.saslPlaintext(name, mechanism)
                .property(mechanism.kafkaName().toLowerCase(Locale.ROOT) + ".connections.max.reauth.ms", LIFETIME);
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    private ClientSettings settings(String listener, String password) {
        return ClientSettings.from(kafka.clientProperties(listener, "alice", password));
    }

    private static BrokerConnection open(ClientSettings settings) throws IOException {
        return BrokerConnection.open(settings.bootstrap().get(0), settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM256", "SCRAM512"})
    void letsUsersInAndKeepsThemIn(String listener) throws IOException {
        try (BrokerConnection connection = open(settings(listener, "s3cret\\\"ü"))) {
            staysIn(connection);
        }
    }

    /** Asks for as long as several sessions last: a connection that did not authenticate again would be cut. */
    private static void staysIn(BrokerConnection connection) throws IOException {
        long end = System.nanoTime() + LONGER_THAN_SESSIONS.toNanos();
        int again = 0;
        while (System.nanoTime() < end) {
            again += connection.mustAuthenticateAgain() ? 1 : 0;
            assertThat(connection.metadata(Set.of()).brokers()).hasSize(1);
        }
        assertThat(again).as("authentications beyond the first").isBetween(2, 4);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, wrong", "SCRAM256, wrong", "SCRAM512, wrong"})
    void saysWhoWasRefusedWithoutThePassword(String listener, String password) {
        assertThatThrownBy(() -> open(settings(listener, password)).close())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("does not let this client in")
                .hasMessageContaining("check sasl.jaas.config")
                .hasMessageNotContaining(password);
    }

    @Test
    void namesTheMechanismsThatTheBrokerOffers() {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties("PLAIN", "alice", "x"));
        properties.put("sasl.mechanism", "SCRAM-SHA-256");

        assertThatThrownBy(() -> open(ClientSettings.from(properties)).close())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("refuses sasl.mechanism SCRAM-SHA-256")
                .hasMessageContaining("it offers PLAIN");
    }

    @Test
    void doesNotTakeAListenerWithoutSaslForOneWithIt() {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties("PLAIN", "alice", "x"));
        properties.put("bootstrap.servers", kafka.bootstrapServers("OPEN"));

        assertThatThrownBy(() -> open(ClientSettings.from(properties)).close())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("sasl.mechanism PLAIN");
    }

    private Map<String, Object> tokenProperties(Class<?> handler) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers("TOKENS"),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "OAUTHBEARER",
                "sasl.login.callback.handler.class",
                handler.getName(),
                "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required who=\"alice\";");
    }

    @Test
    void renewsTokensAndShowsThemAgain() throws IOException {
        // Given
        Tokens.GIVEN.set(0);
        ClientSettings settings = ClientSettings.from(tokenProperties(Tokens.class));

        // When
        try (BrokerConnection connection = open(settings)) {
            staysInWithTokens(connection);
        }

        // Then
        assertThat(Tokens.GIVEN).hasValueBetween(2, 3);
        assertThat(settings.toString()).contains("SASL OAUTHBEARER").doesNotContain("alice");
    }

    private static void staysInWithTokens(BrokerConnection connection) throws IOException {
        long end = System.nanoTime() + LONGER_THAN_A_TOKEN.toNanos();
        while (System.nanoTime() < end) {
            assertThat(connection.metadata(Set.of()).brokers()).hasSize(1);
        }
    }

    @Test
    void saysWhyATokenWasRefused() {
        assertThatThrownBy(() -> open(ClientSettings.from(tokenProperties(ExpiredTokens.class)))
                        .close())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("OAUTHBEARER")
                .hasMessageContaining("invalid_token");
    }

    @Test
    void mayTryAgainWhenThereIsNoTokenAtTheMoment() {
        assertThatThrownBy(() -> open(ClientSettings.from(tokenProperties(NoTokens.class)))
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no bearer token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GSSAPI | M required; | sasl.mechanism=GSSAPI is not supported",
                "PLAIN | M required; | option 'username' is missing",
                "PLAIN | M required username=\"a\"; | option 'password' is missing",
                "SCRAM-SHA-256 | M required username=\"a\" password=\"b\" tokenauth=\"true\"; | delegation tokens",
                "OAUTHBEARER | M required; | sasl.login.callback.handler.class is missing",
            })
    void refusesWhatItDoesNotSpeak(String mechanism, String jaas, String message) {
        assertThatThrownBy(() -> ClientSettings.from(Map.of(
                        "bootstrap.servers",
                        "h:1",
                        "security.protocol",
                        "SASL_SSL",
                        "sasl.mechanism",
                        mechanism,
                        "sasl.jaas.config",
                        jaas)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** Gives unsigned tokens (RFC 7519, 6) that are good for six seconds, and so renewed after 4.8. */
    public static class Tokens implements AuthenticateCallbackHandler {
        static final AtomicInteger GIVEN = new AtomicInteger();

        private String who = "";

        @Override
        public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> login) {
            who = String.valueOf(login.get(0).getOptions().get("who"));
        }

        long endsAfterMillis() {
            return 6_000;
        }

        @Override
        public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
            for (Callback callback : callbacks) {
                if (!(callback instanceof OAuthBearerTokenCallback asked)) {
                    throw new UnsupportedCallbackException(callback);
                }
                long now = System.currentTimeMillis();
                long end = now + endsAfterMillis();
                Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
                String text = base64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                        + base64.encodeToString(("{\"sub\":\"" + who + "\",\"iat\":" + (now - 10_000) / 1000.0
                                        + ",\"exp\":" + end / 1000.0 + "}")
                                .getBytes(UTF_8))
                        + ".";
                asked.token(new Token(text, end, who));
                GIVEN.incrementAndGet();
            }
        }

        @Override
        public void close() {}
    }

    public static final class ExpiredTokens extends Tokens {
        @Override
        long endsAfterMillis() {
            return -5_000;
        }
    }

    public static final class NoTokens extends Tokens {
        @Override
        public void handle(Callback[] callbacks) throws IOException {
            throw new IOException("no bearer token: the server is away");
        }
    }

    private record Token(String value, long lifetimeMs, String principalName) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public @Nullable Long startTimeMs() {
            return null;
        }
    }
}
