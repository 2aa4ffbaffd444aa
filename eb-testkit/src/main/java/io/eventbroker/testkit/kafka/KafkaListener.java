package io.eventbroker.testkit.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/** A listener of every broker: its name, how it is secured, and where it binds. Immutable. */
public final class KafkaListener {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_-]*");

    private final String name;
    private final SecurityProtocol protocol;
    private final boolean clientCertificates;
    private final @Nullable SaslMechanism mechanism;
    private final @Nullable IntFunction<TlsFiles> tls;
    private final List<Integer> ports;
    private final Map<String, String> properties;

    private KafkaListener(
            String name,
            SecurityProtocol protocol,
            boolean clientCertificates,
            @Nullable SaslMechanism mechanism,
            @Nullable IntFunction<TlsFiles> tls,
            List<Integer> ports,
            Map<String, String> properties) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "listener '" + name + "': a name is upper case letters, digits, _ and -");
        }
        this.name = name;
        this.protocol = protocol;
        this.clientCertificates = clientCertificates;
        this.mechanism = mechanism;
        this.tls = tls;
        this.ports = List.copyOf(ports);
        this.properties = Map.copyOf(properties);
    }

    /** Neither encrypted nor authenticated. */
    public static KafkaListener plaintext(String name) {
        return new KafkaListener(name, SecurityProtocol.PLAINTEXT, false, null, null, List.of(), Map.of());
    }

    /**
     * TLS that proves the broker to its clients; clients stay anonymous.
     *
     * @param tls the files of a node, by its id; asked once for each
     */
    public static KafkaListener ssl(String name, IntFunction<TlsFiles> tls) {
        return new KafkaListener(name, SecurityProtocol.SSL, false, null, once(tls), List.of(), Map.of());
    }

    /** TLS with a certificate on both sides; a client's principal is its certificate's subject. */
    public static KafkaListener mutualTls(String name, IntFunction<TlsFiles> tls) {
        return new KafkaListener(name, SecurityProtocol.SSL, true, null, once(tls), List.of(), Map.of());
    }

    /** Hosts may issue certificates as they are asked, so a node's are asked for once. */
    private static IntFunction<TlsFiles> once(IntFunction<TlsFiles> tls) {
        Map<Integer, TlsFiles> known = new ConcurrentHashMap<>();
        return node -> known.computeIfAbsent(node, tls::apply);
    }

    /** SASL without encryption. */
    public static KafkaListener saslPlaintext(String name, SaslMechanism mechanism) {
        return new KafkaListener(name, SecurityProtocol.SASL_PLAINTEXT, false, mechanism, null, List.of(), Map.of());
    }

    /** SASL over TLS. */
    public static KafkaListener saslSsl(String name, SaslMechanism mechanism, IntFunction<TlsFiles> tls) {
        return new KafkaListener(name, SecurityProtocol.SASL_SSL, false, mechanism, once(tls), List.of(), Map.of());
    }

    /**
     * This listener on fixed ports: the first for broker 0, the second for broker 1, and so on. Brokers beyond the list
     * get free ports, as all do by default.
     */
    public KafkaListener ports(int... ports) {
        for (int port : ports) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("listener '" + name + "': no such port: " + port);
            }
        }
        return new KafkaListener(
                name,
                protocol,
                clientCertificates,
                mechanism,
                tls,
                IntStream.of(ports).boxed().toList(),
                properties);
    }

    /**
     * This listener with one more property, named without the {@code listener.name.<name>.} prefix, such as {@code
     * ssl.enabled.protocols} or {@code oauthbearer.sasl.server.callback.handler.class}.
     */
    public KafkaListener property(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(key, value);
        return new KafkaListener(name, protocol, clientCertificates, mechanism, tls, ports, more);
    }

    /** The name, as in {@code listeners}. */
    public String name() {
        return name;
    }

    /** What Kafka calls the security protocol. */
    public SecurityProtocol protocol() {
        return protocol;
    }

    /** How clients authenticate, on SASL listeners. */
    public Optional<SaslMechanism> mechanism() {
        return Optional.ofNullable(mechanism);
    }

    KafkaListener named(String otherName) {
        return new KafkaListener(otherName, protocol, clientCertificates, mechanism, tls, List.of(), properties);
    }

    boolean isSasl() {
        return mechanism != null;
    }

    boolean isPlaintext() {
        return protocol == SecurityProtocol.PLAINTEXT;
    }

    /** Whether each node that connects here proves who it is. */
    boolean isMutualTls() {
        return clientCertificates;
    }

    Optional<Integer> fixedPort(int broker) {
        return broker < ports.size() ? Optional.of(ports.get(broker)) : Optional.empty();
    }

    Optional<TlsFiles> tls(int node) {
        return tls == null ? Optional.empty() : Optional.of(tls.apply(node));
    }

    /** The node's configuration of this listener. */
    Map<String, String> nodeProperties(int node, Map<String, String> users) {
        String prefix = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
        Map<String, String> all = new LinkedHashMap<>();
        tls(node).ifPresent(files -> {
            files.properties().forEach((key, value) -> all.put(prefix + key, value));
            all.put(prefix + "ssl.client.auth", clientCertificates ? "required" : "none");
        });
        SaslMechanism sasl = mechanism;
        if (sasl != null) {
            all.put(prefix + "sasl.enabled.mechanisms", sasl.kafkaName());
            String jaas = prefix + sasl.kafkaName().toLowerCase(Locale.ROOT) + ".sasl.jaas.config";
            if (sasl == SaslMechanism.PLAIN) {
                StringBuilder module =
                        new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
                users.forEach((user, password) ->
                        module.append(" user_").append(user).append('=').append(SaslMechanism.quoted(password)));
                all.put(jaas, module.append(';').toString());
            } else if (sasl.isScram()) {
                all.put(jaas, "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            }
        }
        properties.forEach((key, value) -> all.put(prefix + key, value));
        return all;
    }

    /** Name and protocol, never what is in the properties. */
    @Override
    public String toString() {
        return name + ":" + protocol;
    }
}
