package io.eventbroker.backup;

import io.eventbroker.backup.internal.wire.ClientSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach a cluster: ordinary Kafka client properties. Nothing is opened here; a run opens what it needs and closes
 * it at its end.
 *
 * <p>Understood are {@code bootstrap.servers}, {@code security.protocol} (PLAINTEXT or SSL), {@code client.id} (for
 * quotas), {@code request.timeout.ms}, and of {@code ssl.*} the protocol, enabled protocols, cipher suites, and key and trust
 * stores in JKS, PKCS12 or PEM; other {@code ssl.*} settings of Kafka's clients, such as {@code
 * ssl.engine.factory.class}, are refused. Host names are verified unless {@code ssl.endpoint.identification.algorithm} is
 * set to nothing.
 */
public final class KafkaConnection {
    private final Map<String, Object> properties;

    private KafkaConnection(Map<String, Object> properties) {
        this.properties = properties;
    }

    /**
     * A connection with these client properties.
     *
     * @throws IllegalArgumentException if they name what backup and restore do not speak, such as SASL
     * @throws io.eventbroker.core.EventBrokerException if a key or trust store cannot be read
     */
    public static KafkaConnection of(Map<String, ?> clientProperties) {
        Map<String, Object> copy = new HashMap<>(clientProperties);
        copy.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "eventbroker-backup");
        KafkaConnection connection = new KafkaConnection(Map.copyOf(copy));
        connection.settings();
        return connection;
    }

    /** A connection with these client properties, as {@link #of(Map)}. */
    public static KafkaConnection of(Properties clientProperties) {
        Map<String, Object> copy = new HashMap<>();
        clientProperties.forEach((key, value) -> copy.put(key.toString(), value));
        return of(copy);
    }

    ClientSettings settings() {
        return ClientSettings.from(properties);
    }

    Map<String, Object> properties() {
        return properties;
    }

    /** The bootstrap servers alone: other properties may be secret. */
    @Override
    public String toString() {
        return "Kafka at " + properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }
}
