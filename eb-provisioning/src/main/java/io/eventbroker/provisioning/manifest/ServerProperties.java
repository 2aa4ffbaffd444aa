package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Security;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code server.properties} says on every node alike; the {@link StartScript} adds what only the node knows. */
final class ServerProperties {
    private final Topology topology;
    private final KafkaBrokers brokers;

    ServerProperties(Topology topology) {
        this.topology = topology;
        this.brokers = topology.brokers();
    }

    SortedMap<String, String> ofBrokers() {
        SortedMap<String, String> properties = new TreeMap<>(brokers.config());
        properties.put("process.roles", "broker");
        properties.put("log.dirs", ContainerPaths.DATA + "/kafka");
        properties.put("listeners", bindings(brokers.listeners()));
        brokers.internalListener()
                .ifPresent(listener -> properties.put("inter.broker.listener.name", KafkaNames.listener(listener)));
        List<Listener> all = new ArrayList<>(brokers.listeners());
        topology.controllers().ifPresent(quorum -> {
            all.add(quorum.listener());
            quorum(properties, quorum);
        });
        security(properties, all);
        if (topology.zonesOf(brokers).size() > 1 && !properties.containsKey("replica.selector.class")) {
            properties.put("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
        }
        return properties;
    }

    SortedMap<String, String> ofControllers(KRaftControllers controllers) {
        SortedMap<String, String> properties = new TreeMap<>(topology.controllerConfig());
        properties.put("process.roles", "controller");
        properties.put("log.dirs", ContainerPaths.DATA + "/kafka");
        properties.put("listeners", bindings(List.of(controllers.listener())));
        quorum(properties, controllers);
        security(properties, List.of(controllers.listener()));
        return properties;
    }

    private static void quorum(SortedMap<String, String> properties, KRaftControllers quorum) {
        properties.put("controller.listener.names", KafkaNames.listener(quorum.listener()));
        properties.put(
                "controller.quorum.voters",
                quorum.nodeIds().stream()
                        .map(id -> id.value() + "@" + KafkaNames.node(quorum, id.value() - quorum.firstId()) + ":"
                                + quorum.listener().port())
                        .collect(Collectors.joining(",")));
    }

    private void security(SortedMap<String, String> properties, List<Listener> listeners) {
        properties.put(
                "listener.security.protocol.map",
                listeners.stream()
                        .map(listener -> KafkaNames.listener(listener) + ":" + listener.securityProtocol())
                        .collect(Collectors.joining(",")));
        for (Listener listener : listeners) {
            String prefix = "listener.name." + listener.name() + ".";
            if (listener.tls()) {
                properties.put(
                        prefix + "ssl.client.auth",
                        listener.authentication() == Listener.Authentication.MTLS ? "required" : "none");
            }
            mechanism(listener).ifPresent(mechanism -> {
                String login = mechanism.startsWith("SCRAM")
                        ? "org.apache.kafka.common.security.scram.ScramLoginModule"
                        : "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
                String sasl = prefix + mechanism.toLowerCase(Locale.ROOT) + ".sasl.";
                properties.put(prefix + "sasl.enabled.mechanisms", mechanism);
                properties.putIfAbsent(sasl + "jaas.config", login + " required;");
                if (mechanism.equals("OAUTHBEARER")) {
                    properties.putIfAbsent(
                            sasl + "server.callback.handler.class",
                            "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
                }
            });
        }
        if (listeners.stream().anyMatch(Listener::tls)) {
            properties.putIfAbsent(
                    "ssl.enabled.protocols",
                    topology.security().minimumTls().equals("1.2") ? "TLSv1.2,TLSv1.3" : "TLSv1.3");
            properties.put("ssl.keystore.type", "PKCS12");
            properties.put("ssl.keystore.location", ContainerPaths.TLS + "/keystore.p12");
            properties.put("ssl.truststore.type", "PKCS12");
            properties.put("ssl.truststore.location", ContainerPaths.TLS + "/truststore.p12");
            for (String key : List.of("ssl.keystore.password", "ssl.key.password", "ssl.truststore.password")) {
                properties.put(key, "${file:" + ContainerPaths.TLS + "/tls.properties:" + key + "}");
            }
            properties.put("config.providers", "file");
            properties.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
            properties.put("config.providers.file.param.allowed.paths", ContainerPaths.TLS);
        }
        if (topology.security().authorization() == Security.Authorization.ACL) {
            properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            properties.put(
                    "super.users",
                    topology.security().superUsers().stream().sorted().collect(Collectors.joining(";")));
        }
    }

    private static Optional<String> mechanism(Listener listener) {
        return switch (listener.authentication()) {
            case SCRAM_SHA_256 -> Optional.of("SCRAM-SHA-256");
            case SCRAM_SHA_512 -> Optional.of("SCRAM-SHA-512");
            case OAUTHBEARER -> Optional.of("OAUTHBEARER");
            case NONE, MTLS, PLAIN -> Optional.empty();
        };
    }

    private static String bindings(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> KafkaNames.listener(listener) + "://:" + listener.port())
                .collect(Collectors.joining(","));
    }

    /** As Java reads properties files. */
    static String text(SortedMap<String, String> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach((key, value) -> text.append(escaped(key))
                .append('=')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"))
                .append('\n'));
        return text.toString();
    }

    private static String escaped(String key) {
        return key.replaceAll("([\\\\:=\\s#!])", "\\\\$1");
    }
}
