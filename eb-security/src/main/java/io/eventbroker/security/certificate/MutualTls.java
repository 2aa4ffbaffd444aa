package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.Secret;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;

/**
 * Kafka's properties for TLS 1.3 with certificates on both sides and host names checked.
 *
 * <p>Passwords are {@link Password} values, which Kafka's configuration takes as they are and which print as
 * {@code [hidden]}.
 *
 * @param keys one's own key and chain
 * @param trust the authorities that the other side's certificate may come from
 */
public record MutualTls(StoreFile keys, StoreFile trust) {

    /**
     * For an admin client, producer or consumer: all that it needs to connect.
     *
     * @param bootstrapServers as {@code host:port,host:port}
     */
    public Map<String, Object> client(String bootstrapServers) {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("a client needs at least one bootstrap server, as host:port");
        }
        Map<String, Object> properties = client();
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    /** The same without {@code bootstrap.servers}, for several clusters or a host that has them elsewhere. */
    public Map<String, Object> client() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("security.protocol", "SSL");
        properties.putAll(ssl());
        return properties;
    }

    /** For every TLS listener of a broker, and for the connections that it opens itself. */
    public Map<String, Object> broker() {
        Map<String, Object> properties = ssl();
        properties.put("ssl.client.auth", "required");
        return properties;
    }

    /** For one listener of a broker, e.g. {@code EXTERNAL}; the others keep theirs. */
    public Map<String, Object> listener(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the listener's name is blank");
        }
        // Kafka looks these up in lower case whatever the case in 'listeners' (ListenerName.configPrefix).
        String prefix = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
        Map<String, Object> properties = new LinkedHashMap<>();
        broker().forEach((key, value) -> properties.put(prefix + key, value));
        return properties;
    }

    private Map<String, Object> ssl() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(SslConfigs.SSL_PROTOCOL_CONFIG, "TLSv1.3");
        properties.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, "TLSv1.3");
        properties.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
        properties.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, keys.type().name());
        properties.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, keys.path().toString());
        keys.password().map(MutualTls::password).ifPresent(password -> {
            // Kafka refuses a store password for PEM (DefaultSslEngineFactory): there is the key's alone.
            if (keys.type() == StoreType.PKCS12) {
                properties.put(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, password);
            }
            properties.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password);
        });
        properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, trust.type().name());
        properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, trust.path().toString());
        if (trust.type() == StoreType.PKCS12) {
            trust.password()
                    .map(MutualTls::password)
                    .ifPresent(password -> properties.put(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, password));
        }
        return properties;
    }

    private static Password password(Secret password) {
        return new Password(password.use(String::new));
    }
}
