package io.eventbroker.backup;

import io.eventbroker.backup.internal.wire.ClientSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach a cluster: ordinary Kafka client properties. Nothing is opened here; a run opens what it needs and closes
 * it at its end. Key and trust stores are read once, when this is made: make a new one after a rotation. Runs that share
 * one also resume each other's TLS sessions. Immutable; may be shared by threads and runs.
 *
 * <p>Understood are {@code bootstrap.servers}, {@code security.protocol} (PLAINTEXT or SSL), {@code client.id} (for
 * quotas), {@code request.timeout.ms}, and of {@code ssl.*} the protocol, enabled protocols, cipher suites, and key and trust
 * stores in JKS, PKCS12 or PEM; other {@code ssl.*} settings of Kafka's clients, such as {@code
 * ssl.engine.factory.class}, are refused. Host names are verified unless {@code ssl.endpoint.identification.algorithm} is
 * set to nothing.
 */
public final class KafkaConnection {
    private final Map<String, Object> properties;
    private final ClientSettings settings;

    private KafkaConnection(Map<String, Object> properties, ClientSettings settings) {
        this.properties = properties;
        this.settings = settings;
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
        return new KafkaConnection(Map.copyOf(copy), ClientSettings.from(copy));
    }

    /** A connection with these client properties, as {@link #of(Map)}. */
    public static KafkaConnection of(Properties clientProperties) {
        Map<String, Object> copy = new HashMap<>();
        clientProperties.forEach((key, value) -> copy.put(key.toString(), value));
        return of(copy);
    }

    ClientSettings settings() {
        return settings;
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
