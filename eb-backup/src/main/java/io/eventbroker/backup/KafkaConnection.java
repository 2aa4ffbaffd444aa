package io.eventbroker.backup;

import io.eventbroker.backup.internal.wire.ClientSettings;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/**
 * How to reach a cluster: ordinary Kafka client properties. Nothing is opened here; a run opens what it needs and closes
 * it at its end; {@link #using} lends it an Admin client that is open already. Key and trust stores are read once, when this is made: make a new one after a rotation. Runs that share
 * one also resume each other's TLS sessions. Immutable; may be shared by threads and runs.
 *
 * <p>Understood are {@code bootstrap.servers}, {@code security.protocol}, {@code client.id} (for quotas), {@code
 * client.rack} (backups read from followers in it, where brokers have a {@code replica.selector.class} that chooses by rack,
 * KIP-392), {@code request.timeout.ms}; of {@code ssl.*} the protocol, enabled protocols, cipher suites, and key and trust stores in JKS,
 * PKCS12 or PEM, other {@code ssl.*} settings of Kafka's clients, such as {@code ssl.engine.factory.class}, are refused;
 * of {@code sasl.*} the mechanisms PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER with {@code sasl.jaas.config}, and
 * for the last {@code sasl.login.callback.handler.class} with what it reads. Sessions that the brokers limit
 * ({@code connections.max.reauth.ms}) are prolonged. Host names are verified unless {@code
 * ssl.endpoint.identification.algorithm} is set to nothing.
 */
public final class KafkaConnection {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final ClientSettings settings;

    private final Optional<Admin> hosts;

    private KafkaConnection(Map<String, Object> properties, ClientSettings settings, Optional<Admin> hosts) {
        this.properties = properties;
        this.settings = settings;
        this.hosts = hosts;
    }

    /**
     * A connection with these client properties.
     *
     * @throws IllegalArgumentException if they name what backup and restore do not speak, such as GSSAPI
     * @throws io.eventbroker.core.EventBrokerException if a key or trust store cannot be read
     */
    public static KafkaConnection of(Map<String, ?> clientProperties) {
        Map<String, Object> copy = new HashMap<>(clientProperties);
        copy.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "eventbroker-backup");
        return new KafkaConnection(Map.copyOf(copy), ClientSettings.from(copy), Optional.empty());
    }

    /** A connection with these client properties, as {@link #of(Map)}. */
    public static KafkaConnection of(Properties clientProperties) {
        Map<String, Object> copy = new HashMap<>();
        clientProperties.forEach((key, value) -> copy.put(key.toString(), value));
        return of(copy);
    }

    /**
     * The same, with an Admin client of the host for all that is not data, which spares each run one of its own. It must
     * lead to the same cluster, which is checked when a run starts. It is used by the run's threads and never closed.
     */
    public KafkaConnection using(Admin admin) {
        return new KafkaConnection(properties, settings, Optional.of(admin));
    }

    /** The clients of one run. */
    Clients open() {
        return new Clients(new KafkaWire(settings), hosts.orElseGet(() -> Admin.create(properties)), hosts.isPresent());
    }

    /**
     * What a run speaks to the cluster with.
     *
     * @param ofHost whether the Admin client is the host's, and so not closed
     */
    record Clients(KafkaWire wire, Admin admin, boolean ofHost) implements AutoCloseable {
        /** Refuses an Admin client that leads elsewhere than the properties. */
        void requireSameCluster(String clusterId, Deadline deadline) {
            if (ofHost) {
                String found = wire.metadata(List.of(), deadline).clusterId();
                if (!found.equals(clusterId)) {
                    throw new EventBrokerException("the Admin client leads to cluster " + clusterId
                            + ", the connection's properties to cluster " + found + "; give both the same");
                }
            }
        }

        @Override
        public void close() {
            wire.close();
            if (!ofHost) {
                admin.close(CLOSE_WAIT);
            }
        }
    }

    ClientSettings settings() {
        return settings;
    }

    /** The bootstrap servers alone: other properties may be secret. */
    @Override
    public String toString() {
        return "Kafka at " + properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }
}
