package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.ListenerText;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What brokers and controllers in pods cannot do without, where all of their properties are in sight. */
final class ServerPropertyRules {
    private static final String BROKER_CONFIGS = "https://kafka.apache.org/documentation/#brokerconfigs";
    private static final Version WITHOUT_ZOOKEEPER = Version.of(4, 0);

    static final Rule INCOMPLETE = Rule.error("properties/kraft-incomplete")
            .reason(
                    "Under KRaft a server ends at once unless it knows its roles, its id, the listeners of the controllers"
                            + " and where the quorum is.")
            .remedy("Set process.roles, node.id, controller.listener.names and controller.quorum.bootstrap.servers; as"
                    + " variables KAFKA_PROCESS_ROLES, KAFKA_NODE_ID and so on.")
            .source("https://kafka.apache.org/documentation/#kraft_role; kafka.server.KafkaConfig")
            .onManifests((manifest, report) -> pods(manifest).forEach(config -> {
                List<String> missing = new ArrayList<>();
                if (isKRaft(config)) {
                    // broker.id is another name of node.id
                    missing(config, missing, "process.roles");
                    missing(config, missing, "node.id", "broker.id");
                    missing(config, missing, "controller.listener.names");
                    missing(
                            config,
                            missing,
                            "controller.quorum.bootstrap.servers",
                            "controller.quorum.voters"); // which were all that there was before Kafka 3.9
                }
                if (!missing.isEmpty()) {
                    report.finding(at(config), "the server does not start without " + String.join(", ", missing));
                }
            }))
            .build();

    static final Rule NO_LISTENER = Rule.error("properties/no-inter-broker-listener")
            .reason(
                    "Brokers talk to each other over the listener PLAINTEXT unless they are told of another; one that is not"
                            + " there keeps them from starting.")
            .remedy("Set inter.broker.listener.name (KAFKA_INTER_BROKER_LISTENER_NAME) to one of the listeners.")
            .source(BROKER_CONFIGS + "_inter.broker.listener.name")
            .onManifests((manifest, report) -> pods(manifest).forEach(config -> {
                Optional<ServerConfig.Entry> listeners =
                        config.find("listeners").or(() -> config.find("advertised.listeners"));
                if (config.scope() == ConfigScope.BROKER
                        && config.lacks("inter.broker.listener.name")
                        && config.lacks("security.inter.broker.protocol")) {
                    listeners
                            .filter(entry -> !entry.value().contains("$")
                                    && ListenerText.split(entry.value()).stream()
                                            .noneMatch(text -> text.trim()
                                                    .toUpperCase(Locale.ROOT)
                                                    .startsWith("PLAINTEXT:")))
                            .ifPresent(entry -> report.finding(
                                    entry.path(),
                                    "none of " + entry.value().trim() + " is PLAINTEXT, and nothing names another"
                                            + " listener for the brokers themselves"));
                }
            }))
            .build();

    static final Rule NO_AUTHORIZER = Rule.warning("properties/no-authorizer")
            .reason("Without an authorizer everybody who can connect may read, write and delete everything.")
            .remedy(
                    "Set authorizer.class.name to org.apache.kafka.metadata.authorizer.StandardAuthorizer, on brokers and"
                            + " controllers, and super.users to the principals of both.")
            .source("https://kafka.apache.org/documentation/#security_authz")
            .onManifests((manifest, report) -> pods(manifest)
                    .filter(config -> config.servers().orElse((long) Reliance.REPLICAS) >= Reliance.REPLICAS)
                    .filter(config -> config.lacks("authorizer.class.name"))
                    .forEach(config -> report.finding(at(config), "nothing says who may do what")))
            .build();

    static final List<Rule> ALL = List.of(INCOMPLETE, NO_LISTENER, NO_AUTHORIZER);

    private ServerPropertyRules() {}

    /** Those that no operator and no service completes. */
    private static Stream<ServerConfig> pods(Manifest manifest) {
        return Strimzi.isGroup(manifest) ? Stream.empty() : ServerConfig.of(manifest).stream();
    }

    private static boolean isKRaft(ServerConfig config) {
        return config.kafka()
                        .filter(release -> !release.isBefore(WITHOUT_ZOOKEEPER))
                        .isPresent()
                || config.entries().stream()
                        .anyMatch(entry -> entry.key().equals("process.roles")
                                || entry.key().startsWith("controller.quorum.")
                                || entry.key().equals("controller.listener.names"));
    }

    private static void missing(ServerConfig config, List<String> missing, String key, String... others) {
        if (config.lacks(key) && List.of(others).stream().allMatch(config::lacks)) {
            missing.add(key);
        }
    }

    private static String at(ServerConfig config) {
        return config.whole().map(ServerConfig.Whole::path).orElse("");
    }

    /** Listeners of servers in files that are not encrypted. */
    static void plaintext(Manifest manifest, Reporter report) {
        List<ServerConfig> files = ConfigMaps.isConfigMap(manifest) ? ServerConfig.of(manifest) : List.of();
        for (ServerConfig config : files) {
            Map<String, String> protocols = ListenerText.protocols(config.find("listener.security.protocol.map")
                    .map(ServerConfig.Entry::value)
                    .orElse(""));
            config.find("listeners")
                    .ifPresent(entry -> ListenerText.split(entry.value()).stream()
                            .flatMap(text -> ListenerText.parse(text, protocols).stream())
                            .forEach(listener -> EnvRules.plaintext(listener)
                                    .ifPresent(message -> report.finding(entry.path(), message))));
        }
    }
}
