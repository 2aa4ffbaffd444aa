package io.eventbroker.backup.internal.wire;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token that all connections of one host share: had from the {@code sasl.login.callback.handler.class}, which
 * is made, asked and closed each time that a new token is needed, a while before the old one ends. May be shared by
 * threads.
 */
final class BearerTokens {
    /** The part of a token's life after which another is asked for; Kafka's {@code sasl.login.refresh.window.factor}. */
    private static final double REFRESH_AFTER = 0.8;

    private final Class<? extends AuthenticateCallbackHandler> handler;
    private final Map<String, ?> properties;
    private final List<AppConfigurationEntry> login;

    private @Nullable String message;
    private long renewAtMillis;
    private long endsAtMillis;

    private BearerTokens(
            Class<? extends AuthenticateCallbackHandler> handler,
            Map<String, ?> properties,
            List<AppConfigurationEntry> login) {
        this.handler = handler;
        this.properties = properties;
        this.login = login;
    }

    static BearerTokens of(Map<String, ?> properties, List<AppConfigurationEntry> login) {
        Object handler = properties.get(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS);
        if (!(handler instanceof Class<?> found)) {
            throw new IllegalArgumentException(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS
                    + " is missing; name where tokens come from, such as"
                    + " org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
        }
        if (!AuthenticateCallbackHandler.class.isAssignableFrom(found)) {
            throw new IllegalArgumentException(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS + ": " + found.getName()
                    + " is not an AuthenticateCallbackHandler");
        }
        return new BearerTokens(found.asSubclass(AuthenticateCallbackHandler.class), properties, login);
    }

    /**
     * The client's message with a token that is good for a while (RFC 7628, 3.1).
     *
     * @throws IOException if none is to be had at the moment
     */
    synchronized String message() throws IOException {
        long now = System.currentTimeMillis();
        String current = message;
        if (current != null && now < renewAtMillis) {
            return current;
        }
        try {
            return renew(now);
        } catch (IOException e) {
            if (current != null && now < endsAtMillis) {
                return current;
            }
            throw e;
        }
    }

    private String renew(long now) throws IOException {
        try (Asked asked = new Asked(handler.getDeclaredConstructor().newInstance())) {
            asked.handler().configure(properties, "OAUTHBEARER", login);
            OAuthBearerTokenCallback callback = new OAuthBearerTokenCallback();
            asked.handler().handle(new Callback[] {callback});
            OAuthBearerToken token = callback.token();
            if (token == null) {
                throw new IOException("no bearer token: " + callback.errorCode() + " " + callback.errorDescription());
            }
            StringBuilder text = new StringBuilder("n,,\u0001auth=Bearer ").append(token.value());
            extensions(asked.handler())
                    .forEach((name, value) ->
                            text.append('\u0001').append(name).append('=').append(value));
            String made = text.append("\u0001\u0001").toString();
            message = made;
            endsAtMillis = token.lifetimeMs();
            renewAtMillis = now + (long) ((endsAtMillis - now) * REFRESH_AFTER);
            return made;
        } catch (UnsupportedCallbackException | InvocationTargetException | KafkaException e) {
            throw new IOException(
                    "no bearer token from " + handler.getName() + ": " + e.getMessage() + "; check sasl.oauthbearer.*"
                            + " and sasl.jaas.config",
                    e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS + ": cannot make a " + handler.getName(), e);
        }
    }

    private static Map<String, String> extensions(AuthenticateCallbackHandler handler) throws IOException {
        SaslExtensionsCallback callback = new SaslExtensionsCallback();
        try {
            handler.handle(new Callback[] {callback});
            return callback.extensions().map();
        } catch (UnsupportedCallbackException e) {
            return Map.of(); // as Kafka's own client takes it: this handler has none
        }
    }

    /** Closes the handler without an exception of its own. */
    private record Asked(AuthenticateCallbackHandler handler) implements AutoCloseable {
        @Override
        public void close() {
            handler.close();
        }
    }
}
