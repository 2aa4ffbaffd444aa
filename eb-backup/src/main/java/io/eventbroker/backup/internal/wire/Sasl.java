package io.eventbroker.backup.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.eventbroker.core.EventBrokerException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * How this client proves to brokers who it is: PLAIN (RFC 4616), SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677), or
 * OAUTHBEARER (RFC 7628), from the ordinary {@code sasl.*} properties. May be shared by threads.
 */
final class Sasl {
    static final Set<String> MECHANISMS =
            new TreeSet<>(Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"));

    private final String mechanism;
    private final JaasLogin login;
    private final @Nullable BearerTokens tokens;

    private Sasl(String mechanism, JaasLogin login, @Nullable BearerTokens tokens) {
        this.mechanism = mechanism;
        this.login = login;
        this.tokens = tokens;
    }

    /**
     * Reads the properties.
     *
     * @throws IllegalArgumentException if one is missing, or asks for what the wire client does not speak
     */
    static Sasl from(Map<String, ?> properties) {
        String mechanism =
                ClientSettings.text(properties, SaslConfigs.SASL_MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM);
        if (!MECHANISMS.contains(mechanism)) {
            throw new IllegalArgumentException(SaslConfigs.SASL_MECHANISM + "=" + mechanism
                    + " is not supported by backup and restore; use one of " + String.join(", ", MECHANISMS));
        }
        String jaas = ClientSettings.textOrNull(properties, SaslConfigs.SASL_JAAS_CONFIG);
        if (jaas == null) {
            throw new IllegalArgumentException(SaslConfigs.SASL_JAAS_CONFIG
                    + " is missing; a static JAAS file is not read, write the login into the property");
        }
        JaasLogin login = JaasLogin.parse(jaas);
        if (mechanism.equals("OAUTHBEARER")) {
            Map<String, ?> typed = new ConfigDef()
                    .withClientSslSupport()
                    .withClientSaslSupport()
                    .parse(properties);
            return new Sasl(mechanism, login, BearerTokens.of(typed, login.entries()));
        }
        if (ClientSettings.textOrNull(properties, SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS) != null) {
            throw new IllegalArgumentException(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS
                    + " is not supported by backup and restore; give user and password in "
                    + SaslConfigs.SASL_JAAS_CONFIG);
        }
        if (login.options().getOrDefault("tokenauth", "false").equals("true")) {
            throw new IllegalArgumentException(SaslConfigs.SASL_JAAS_CONFIG
                    + ": delegation tokens (tokenauth) are not supported by backup and restore; use a user and its"
                    + " password");
        }
        login.required("username");
        login.required("password");
        return new Sasl(mechanism, login, null);
    }

    String mechanism() {
        return mechanism;
    }

    /**
     * Begins an authentication.
     *
     * @throws IOException if there is no token at the moment
     */
    SaslConversation begin() throws IOException {
        BearerTokens bearer = tokens;
        if (bearer != null) {
            return new Bearer(bearer.message());
        }
        String user = login.required("username");
        String password = login.required("password");
        return mechanism.equals("PLAIN") ? new Plain(user, password) : new Scram(mechanism, user, password);
    }

    /** Neither user nor password. */
    @Override
    public String toString() {
        return "SASL " + mechanism;
    }

    /** Everything in one message. */
    private record Plain(String user, String password) implements SaslConversation {
        @Override
        public byte[] first() {
            return ("\0" + user + "\0" + password).getBytes(UTF_8);
        }

        @Override
        public byte @Nullable [] answer(byte[] challenge) {
            return null;
        }

        @Override
        public String toString() {
            return "PLAIN of " + user;
        }
    }

    /** One message, and one more if it was refused: only then does the broker say why (RFC 7628, 3.2.3). */
    private record Bearer(String message) implements SaslConversation {
        @Override
        public byte[] first() {
            return message.getBytes(UTF_8);
        }

        @Override
        public byte @Nullable [] answer(byte[] challenge) {
            return challenge.length == 0 ? null : new byte[] {1};
        }

        @Override
        public String toString() {
            return "OAUTHBEARER";
        }
    }

    /** Two messages each way; at the end the broker has proved that it knows the password too. */
    private static final class Scram implements SaslConversation {
        private final ScramClient client;
        private boolean answered;

        Scram(String mechanism, String user, String password) {
            this.client = ScramClient.builder()
                    .advertisedMechanisms(List.of(mechanism))
                    .username(user)
                    .password(password.toCharArray())
                    // What SASLprep refuses is taken as it is, as Kafka's own clients take every password.
                    .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                    .build();
        }

        @Override
        public byte[] first() {
            return client.clientFirstMessage().toString().getBytes(UTF_8);
        }

        @Override
        public byte @Nullable [] answer(byte[] challenge) {
            try {
                String text = new String(challenge, UTF_8);
                if (answered) {
                    client.serverFinalMessage(text);
                    return null;
                }
                answered = true;
                client.serverFirstMessage(text);
                return client.clientFinalMessage().toString().getBytes(UTF_8);
            } catch (ScramException e) {
                throw new EventBrokerException(
                        "the broker has not proved that it knows the user's password: " + e.getMessage()
                                + "; is this the right cluster?",
                        e);
            }
        }
    }
}
