package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.topology.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

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

    /** The users of PLAIN stand with their passwords. */
    private static final Pattern JAAS_SECRET = Pattern.compile(
            "(?:password|passphrase|secret|token|credential|user_\\S+)\\w*\\s*=\\s*[\"']?[^\"'\\s;]",
            Pattern.CASE_INSENSITIVE);

    static final Rule MALFORMED = Rule.error("properties/malformed")
            .reason("What is no property is dropped or keeps the server from starting.")
            .remedy(ServerConfig.Malformed.REMEDY)
            .source("https://docs.confluent.io/operator/current/co-configure-overview.html")
            .onManifests((manifest, report) -> ServerConfig.of(manifest)
                    .forEach(config -> config.malformed()
                            .forEach(malformed ->
                                    report.finding(malformed.path(), malformed.found(), malformed.remedy()))))
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
                        .filter(entry -> !entry.path().contains(".env[")) // for which env/password-in-plain-text is
                        .filter(entry -> !entry.value().isBlank())
                        .filter(entry -> catalogue.isSensitive(config.scope(), entry.key()))
                        .filter(entry -> !isFilledInLater(entry.value()))
                        .filter(entry -> !entry.key().endsWith("jaas.config") || holdsSecret(entry.value()))
                        .forEach(entry -> report.finding(entry.path(), entry.key() + " holds a secret in plain text"));
            }))
            .build();

    static final List<Rule> ALL = List.of(MALFORMED, VALUE, TWICE, IS_MANAGED, SECRET);

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

    /** Looks for keys of which this is to be said in their release. */
    static void keys(Manifest manifest, Written.Verdict about, Reporter report) {
        check(
                manifest,
                (config, catalogue, entry) -> Written.judge(catalogue, config.scope(), entry.key())
                        .filter(judgement -> judgement.verdict() == about)
                        .filter(judgement ->
                                !isOfImage(entry, catalogue.keys(config.scope()).keySet(), about))
                        .ifPresent(judgement -> report.finding(entry.path(), judgement.message(), judgement.remedy())));
    }

    /** Variables of an image may be for somebody else, and ZooKeeper's address is left behind in many. */
    private static boolean isOfImage(ServerConfig.Entry entry, Set<String> known, Written.Verdict about) {
        return isVariable(entry)
                && (about == Written.Verdict.UNKNOWN
                        ? Nearest.to(entry.key(), known).isEmpty()
                        : entry.key().equals("zookeeper.connect"));
    }

    /** Whether it was made of an environment variable, whose name may be for somebody else. */
    private static boolean isVariable(ServerConfig.Entry entry) {
        return entry.path().contains(".env[") || entry.path().startsWith("data." + KafkaVariables.PREFIX);
    }

    /** Whether a JAAS configuration has an option that is one: many name a login module and no more. */
    static boolean holdsSecret(String jaas) {
        return JAAS_SECRET.matcher(jaas).find();
    }

    private static boolean isFilledInLater(String value) {
        return value.contains("${") || value.contains("$(") || value.contains("{{");
    }

    static String sentence(String remedy) {
        return remedy.isEmpty()
                ? remedy
                : Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + (remedy.endsWith("?") ? "" : ".");
    }
}
