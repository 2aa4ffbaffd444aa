package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigKey;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.topology.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Properties of brokers and controllers in manifests, against what their release of Kafka knows. */
final class PropertyRules {
    private static final String BROKER_CONFIGS = "https://kafka.apache.org/documentation/#brokerconfigs";

    /** What Confluent Server reads beside Kafka's own. */
    private static final String[] CONFLUENTS = {
        "kafka.rest.",
        "rest.servlet.",
        "enable.fips",
        "fips.",
        "resource.extension.",
        "response.http.",
        "access.control."
    };

    private static final List<String> FACTORS = List.of(
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "share.coordinator.state.topic.replication.factor",
            "confluent.license.topic.replication.factor",
            "confluent.metadata.topic.replication.factor");

    /** What an operator, or MSK, sets itself. */
    private static final Set<String> MANAGED = Set.of(
            "broker.id",
            "node.id",
            "process.roles",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "controller.listener.names",
            "controller.quorum.voters",
            "log.dirs",
            "log.dir",
            "zookeeper.connect",
            "broker.rack");

    static final Rule MALFORMED = Rule.error("properties/malformed")
            .reason("What is no property is dropped or keeps the server from starting.")
            .remedy("Write key=value, one in each item.")
            .source("https://docs.confluent.io/operator/current/co-configure-overview.html")
            .onManifests((manifest, report) -> ServerConfig.of(manifest)
                    .forEach(config -> config.malformed()
                            .forEach(spot -> report.finding(
                                    spot.path(),
                                    "expected key=value, found "
                                            + (spot.text().isPresent()
                                                    ? "text without '='"
                                                    : spot.node().found())))))
            .build();

    static final Rule UNKNOWN = Rule.error("properties/unknown")
            .reason(
                    "Kafka ignores a key that it does not know, so what was meant does not happen, and nothing says so but a"
                            + " line in the log.")
            .remedy("Correct the key, or remove it.")
            .source(BROKER_CONFIGS)
            .onManifests((manifest, report) -> check(manifest, (config, catalogue, entry) -> {
                if (catalogue.find(config.scope(), entry.key()).isEmpty() && !everHad(config, entry)) {
                    violation(config, catalogue, entry)
                            .filter(found -> !isVariable(entry)
                                    || Nearest.to(
                                                    entry.key(),
                                                    catalogue
                                                            .keys(config.scope())
                                                            .keySet())
                                            .isPresent())
                            .ifPresent(
                                    found -> report.finding(entry.path(), found.message(), sentence(found.remedy())));
                }
            }))
            .build();

    static final Rule GONE = Rule.error("properties/not-in-this-release")
            .reason("Kafka ignores a key that its release does not have, so what was meant does not happen.")
            .remedy("Remove it, or use what replaces it.")
            .source(BROKER_CONFIGS)
            .onManifests((manifest, report) -> check(manifest, (config, catalogue, entry) -> {
                if (catalogue.find(config.scope(), entry.key()).isEmpty()
                        && everHad(config, entry)
                        && !(isVariable(entry) && entry.key().equals("zookeeper.connect"))) {
                    violation(config, catalogue, entry)
                            .ifPresent(
                                    found -> report.finding(entry.path(), found.message(), sentence(found.remedy())));
                }
            }))
            .build();

    static final Rule VALUE = Rule.error("properties/value")
            .reason("Kafka does not start with a value that is of another type or out of range.")
            .remedy("Write a value that Kafka takes.")
            .source(BROKER_CONFIGS)
            .onManifests((manifest, report) -> check(
                    manifest,
                    (config, catalogue, entry) -> catalogue
                            .find(config.scope(), entry.key())
                            .filter(key -> !isFilledInLater(entry.value()))
                            .flatMap(key -> key.check(entry.value()))
                            .ifPresent(found -> report.finding(
                                    entry.path(), entry.key() + ": " + found.message(), sentence(found.remedy())))))
            .build();

    static final Rule DEPRECATED = Rule.warning("properties/deprecated")
            .reason("A deprecated key goes with one of the next releases, and is ignored from then on.")
            .remedy("Use what replaces it.")
            .source(BROKER_CONFIGS)
            .onManifests((manifest, report) -> check(
                    manifest,
                    (config, catalogue, entry) -> catalogue
                            .find(config.scope(), entry.key())
                            .flatMap(ConfigKey::deprecation)
                            .ifPresent(found -> report.finding(
                                    entry.path(),
                                    entry.key() + " is deprecated since Kafka "
                                            + found.since().major() + "."
                                            + found.since().minor(),
                                    found.replacement()
                                            .map(other -> "Use " + other + " instead (" + found.source() + ").")
                                            .orElse("Remove it (" + found.source() + ").")))))
            .build();

    static final Rule BEYOND = Rule.error("properties/replication-beyond-brokers")
            .reason(
                    "A topic cannot have more replicas than there are brokers: it is not created, and for the internal topics"
                            + " that means that no consumer group and no transaction works.")
            .remedy("Lower the factor, or add brokers.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor")
            .onManifests((manifest, report) -> ServerConfig.of(manifest)
                    .forEach(config -> config.brokers()
                            .ifPresent(brokers -> FACTORS.forEach(key -> config.find(key)
                                    .ifPresent(entry -> Spot.parse(entry.value())
                                            .filter(factor -> factor > brokers)
                                            .ifPresent(factor -> report.finding(
                                                    entry.path(),
                                                    key + "=" + factor + " with " + brokers + " brokers")))))))
            .build();

    static final Rule TOO_FEW = Rule.warning("properties/too-few-replicas")
            .reason(
                    "With fewer than three replicas the loss of one broker, or its restart, stops producers or loses data.")
            .remedy("Set it to 3.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor")
            .onManifests((manifest, report) -> ServerConfig.of(manifest)
                    .forEach(config -> config.brokers()
                            .filter(brokers -> brokers >= 3)
                            .ifPresent(brokers -> FACTORS.forEach(key -> config.find(key)
                                    .ifPresent(entry -> Spot.parse(entry.value())
                                            .filter(factor -> factor > 0 && factor < 3)
                                            .ifPresent(factor -> report.finding(
                                                    entry.path(),
                                                    key + "=" + factor + ", although there are " + brokers
                                                            + " brokers")))))))
            .build();

    static final Rule NO_ROOM = Rule.warning("properties/no-room-for-a-failure")
            .reason(
                    "When min.insync.replicas is the replication factor or more, one broker that restarts stops all producers"
                            + " with acks=all.")
            .remedy("Set min.insync.replicas to one less than default.replication.factor.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas")
            .onManifests((manifest, report) -> ServerConfig.of(manifest).forEach(config -> {
                Optional<Long> factor = config.number("default.replication.factor");
                Optional<Long> least = config.number("min.insync.replicas");
                if (factor.isPresent() && least.isPresent() && factor.get() > 1 && least.get() >= factor.get()) {
                    report.finding(
                            config.find("min.insync.replicas")
                                    .map(ServerConfig.Entry::path)
                                    .orElse(""),
                            "min.insync.replicas=" + least.get() + " with default.replication.factor=" + factor.get());
                }
            }))
            .build();

    static final Rule UNCLEAN = Rule.error("properties/unclean-election")
            .reason(
                    "A replica that lags behind may become leader; what it has not copied is lost, although producers were"
                            + " told that it is safe.")
            .remedy("Remove unclean.leader.election.enable, or set it to false.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_unclean.leader.election.enable")
            .onManifests((manifest, report) -> ServerConfig.of(manifest)
                    .forEach(config -> config.find("unclean.leader.election.enable")
                            .filter(entry -> entry.value().trim().equalsIgnoreCase("true"))
                            .ifPresent(entry -> report.finding(
                                    entry.path(),
                                    "unclean.leader.election.enable is true: a leader that lags behind is accepted"))))
            .build();

    static final Rule TWICE = Rule.warning("properties/given-twice")
            .reason("Only the last of two values counts, and who reads the first believes otherwise.")
            .remedy("Remove one of them.")
            .source("java.util.Properties")
            .onManifests((manifest, report) -> ServerConfig.of(manifest).forEach(config -> {
                Set<String> seen = new HashSet<>();
                config.entries().stream()
                        .filter(entry -> !seen.add(entry.key()))
                        .forEach(entry -> report.finding(entry.path(), entry.key() + " is given a second time"));
            }))
            .build();

    static final Rule IS_MANAGED = Rule.error("properties/managed-by-the-operator")
            .reason("Whoever runs the brokers sets these for each of them; a value for all breaks their identity, their"
                    + " addresses or their quorum.")
            .remedy("Remove it; use the fields of the resource instead.")
            .source("https://docs.confluent.io/operator/current/co-configure-overview.html")
            .onManifests((manifest, report) -> {
                if (Confluent.isGroup(manifest) || Terraform.is(manifest)) {
                    ServerConfig.of(manifest)
                            .forEach(config -> config.entries().stream()
                                    .filter(entry -> MANAGED.contains(entry.key()))
                                    .forEach(entry -> report.finding(
                                            entry.path(), entry.key() + " is not for people to set here")));
                }
            })
            .build();

    static final Rule SECRET = Rule.error("properties/secret-in-plain-text")
            .reason("Whoever may read the resource or the file in Git has the password.")
            .remedy("Put it into a Secret and refer to it, with the field that the resource has for it, or with a"
                    + " ConfigProvider (${…}).")
            .source("https://kafka.apache.org/documentation/#config_providers")
            .onManifests((manifest, report) -> ServerConfig.of(manifest).forEach(config -> {
                ConfigCatalogue catalogue = config.catalogue().orElseGet(() -> ConfigCatalogue.of(Version.of(4, 0)));
                config.entries().stream()
                        .filter(entry -> !isVariable(entry) && !entry.value().isBlank())
                        .filter(entry -> catalogue.isSensitive(config.scope(), entry.key()))
                        .filter(entry -> !isFilledInLater(entry.value()))
                        .forEach(entry -> report.finding(entry.path(), entry.key() + " holds a secret in plain text"));
            }))
            .build();

    static final List<Rule> ALL = List.of(
            MALFORMED, UNKNOWN, GONE, VALUE, DEPRECATED, BEYOND, TOO_FEW, NO_ROOM, UNCLEAN, TWICE, IS_MANAGED, SECRET);

    private PropertyRules() {}

    private interface EntryCheck {
        void check(ServerConfig config, ConfigCatalogue catalogue, ServerConfig.Entry entry);
    }

    private static void check(Manifest manifest, EntryCheck check) {
        for (ServerConfig config : ServerConfig.of(manifest)) {
            config.catalogue()
                    .map(catalogue -> catalogue.allowing(CONFLUENTS))
                    .ifPresent(catalogue -> config.entries().forEach(entry -> check.check(config, catalogue, entry)));
        }
    }

    private static Optional<Violation> violation(
            ServerConfig config, ConfigCatalogue catalogue, ServerConfig.Entry entry) {
        return catalogue.check(config.scope(), entry.key(), entry.value());
    }

    private static boolean everHad(ServerConfig config, ServerConfig.Entry entry) {
        return ConfigCatalogue.versions().stream()
                .anyMatch(version -> ConfigCatalogue.of(version)
                        .find(config.scope(), entry.key())
                        .isPresent());
    }

    /** Whether it was made of an environment variable, whose name may be for somebody else. */
    private static boolean isVariable(ServerConfig.Entry entry) {
        return entry.path().contains(".env[");
    }

    private static boolean isFilledInLater(String value) {
        return value.contains("${") || value.contains("$(") || value.contains("{{");
    }

    private static String sentence(String remedy) {
        return remedy.isEmpty()
                ? remedy
                : Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + (remedy.endsWith("?") ? "" : ".");
    }
}
