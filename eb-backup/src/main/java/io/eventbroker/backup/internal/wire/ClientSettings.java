package io.eventbroker.backup.internal.wire;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * What the wire client takes from ordinary Kafka client properties.
 *
 * @param bootstrap where to ask for the cluster's brokers
 * @param clientId under which brokers account quotas
 * @param rack to read from, where brokers choose replicas by it; empty for the leaders
 * @param tls empty for PLAINTEXT and SASL_PLAINTEXT
 * @param sasl empty where brokers ask for no user
 * @param requestTimeoutMillis the longest wait for one answer
 */
public record ClientSettings(
        List<InetSocketAddress> bootstrap,
        String clientId,
        String rack,
        Optional<Tls> tls,
        Optional<Sasl> sasl,
        int requestTimeoutMillis) {

    /**
     * How to speak TLS.
     *
     * @param endpointIdentification {@code HTTPS}, or empty to accept any host name
     */
    public record Tls(
            SSLContext context, List<String> protocols, List<String> ciphers, String endpointIdentification) {}

    private static final List<String> PROTOCOLS = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    /** What is honoured here. The rest would be ignored without a word, which nobody expects of TLS. */
    private static final Set<String> TLS_HERE = Set.of(
            SslConfigs.SSL_PROTOCOL_CONFIG,
            SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
            SslConfigs.SSL_CIPHER_SUITES_CONFIG,
            SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
            SslConfigs.SSL_KEYSTORE_TYPE_CONFIG,
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG,
            SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
            SslConfigs.SSL_KEY_PASSWORD_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);

    private static final Set<String> TLS_IN_KAFKAS_OWN_CLIENTS =
            new TreeSet<>(new ConfigDef().withClientSslSupport().names());

    public ClientSettings {
        bootstrap = List.copyOf(bootstrap);
    }

    /**
     * Reads the properties.
     *
     * @throws IllegalArgumentException if a property is missing or says what the wire client does not speak
     * @throws io.eventbroker.core.EventBrokerException if a key store cannot be read
     */
    public static ClientSettings from(Map<String, ?> properties) {
        String protocol = text(properties, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT")
                .toUpperCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw new IllegalArgumentException(
                    "security.protocol must be one of " + String.join(", ", PROTOCOLS) + ", was " + protocol);
        }
        List<InetSocketAddress> bootstrap = new ArrayList<>();
        for (String part : list(properties, CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            bootstrap.add(address(part));
        }
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("bootstrap.servers is missing; name at least one host:port");
        }
        Optional<Tls> tls = protocol.endsWith("SSL") ? Optional.of(tls(properties)) : Optional.empty();
        Optional<Sasl> sasl = protocol.startsWith("SASL") ? Optional.of(Sasl.from(properties)) : Optional.empty();
        String timeout = text(properties, CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "30000");
        return new ClientSettings(
                bootstrap,
                text(properties, CommonClientConfigs.CLIENT_ID_CONFIG, "eventbroker-backup"),
                text(properties, CommonClientConfigs.CLIENT_RACK_CONFIG, ""),
                tls,
                sasl,
                Integer.parseInt(timeout));
    }

    private static Tls tls(Map<String, ?> properties) {
        for (String key : TLS_IN_KAFKAS_OWN_CLIENTS) {
            if (textOrNull(properties, key) != null && !TLS_HERE.contains(key)) {
                throw new IllegalArgumentException(
                        key + " is not supported by backup and restore; leave it out, or use a listener that does not"
                                + " need it");
            }
        }
        List<String> protocols = list(properties, SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG);
        return new Tls(
                KeyMaterial.context(properties),
                protocols.isEmpty() ? List.of("TLSv1.3", "TLSv1.2") : protocols,
                list(properties, SslConfigs.SSL_CIPHER_SUITES_CONFIG),
                text(properties, SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https")
                        .toUpperCase(Locale.ROOT));
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            String host = hostAndPort.substring(0, colon).replaceAll("^\\[|]$", "");
            return InetSocketAddress.createUnresolved(host, Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException("bootstrap.servers: '" + hostAndPort + "' is not host:port", e);
        }
    }

    static String text(Map<String, ?> properties, String key, String otherwise) {
        String value = textOrNull(properties, key);
        return value == null ? otherwise : value;
    }

    static @Nullable String textOrNull(Map<String, ?> properties, String key) {
        Object value = properties.get(key);
        if (value instanceof Password password) {
            return password.value();
        }
        return value == null ? null : value.toString().trim();
    }

    private static List<String> list(Map<String, ?> properties, String key) {
        Object value = properties.get(key);
        List<String> parts = new ArrayList<>();
        if (value instanceof Iterable<?> several) {
            several.forEach(part -> parts.add(part.toString().trim()));
        } else if (value != null) {
            for (String part : value.toString().split(",", -1)) {
                if (!part.isBlank()) {
                    parts.add(part.trim());
                }
            }
        }
        return parts;
    }
}
