package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The replicas of topics that components make for themselves, and of those that MirrorMaker makes. */
final class InternalTopicRules {
    /** The keys that say how many replicas such a topic gets. */
    private static final Map<ConfigTarget, Predicate<String>> KEYS = Map.of(
            ConfigTarget.BROKERS,
            matching("offsets\\.topic\\.replication\\.factor"
                    + "|transaction\\.state\\.log\\.replication\\.factor"
                    + "|share\\.coordinator\\.state\\.topic\\.replication\\.factor"
                    + "|rlmm\\.config\\.remote\\.log\\.metadata\\.topic\\.replication\\.factor"
                    + "|confluent\\..*\\.(replication\\.factor|topic\\.replicas)"),
            ConfigTarget.SCHEMA_REGISTRY,
            matching("kafkastore\\.topic\\.replication\\.factor|confluent\\..*\\.replication\\.factor"),
            ConfigTarget.REST_PROXY,
            matching("confluent\\..*\\.replication\\.factor"),
            ConfigTarget.CONNECT,
            matching("(config|offset|status)\\.storage\\.replication\\.factor|confluent\\..*\\.replication\\.factor"),
            ConfigTarget.KSQL_DB,
            matching("ksql\\.internal\\.topic\\.replicas|(ksql\\.streams\\.)?replication\\.factor"
                    + "|ksql\\.logging\\.processing\\.topic\\.replication\\.factor"),
            ConfigTarget.CONTROL_CENTER,
            matching("confluent\\..*\\.(replication|replication\\.factor)"),
            ConfigTarget.MIRROR_MAKER,
            matching("(.+\\.)?(checkpoints|heartbeats|offset-syncs)\\.topic\\.replication\\.factor"
                    + "|(.+\\.)?(config|offset|status)\\.storage\\.replication\\.factor"));

    static final Rule INTERNAL = Rule.warning("replication/internal-topics")
            .reason(
                    "Offsets, transactions, connectors, schemas and queries are kept in topics of their own; a component"
                            + " that loses its topic forgets everything, or cannot go on while a broker restarts.")
            .remedy("Use a replication factor of 3, or remove the key if its default is that.")
            .source("https://docs.confluent.io/platform/current/installation/configuration/index.html")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    List<Configured> factors = new ArrayList<>();
                    KEYS.forEach((target, keys) -> factors.addAll(Configured.written(cluster, target, keys)));
                    for (Configured factor : factors) {
                        long replicas = factor.number().orElse(Reliance.REPLICAS);
                        if (replicas >= 1 && replicas < Reliance.REPLICAS && !isError(cluster, factor)) {
                            factor.report(report, factor + " is less than 3");
                        }
                    }
                }
            })
            .build();

    /** Said by {@link ReplicationRules#SINGLE_REPLICA}. */
    private static boolean isError(LintedCluster cluster, Configured factor) {
        return cluster.isProduction()
                && factor.says("1")
                && (factor.key().equals("offsets.topic.replication.factor")
                        || factor.key().equals("transaction.state.log.replication.factor"));
    }

    static final Rule KSQL_COMMANDS = Rule.warning("replication/ksql-command-topic")
            .reason(
                    "ksqlDB keeps its statements in a command topic, for which its own default is one replica: with that"
                            + " broker's volume every query is gone.")
            .remedy("Set ksql.internal.topic.replicas to 3.")
            .source("https://docs.confluent.io/platform/current/ksqldb/reference/server-configuration.html"
                    + "#ksql-internal-topic-replicas")
            .onClusters((cluster, report) -> {
                boolean unsaid = Configured.of(cluster, ConfigTarget.KSQL_DB, "ksql.internal.topic.replicas")
                        .isEmpty();
                if (cluster.topology().ksqlDb().isPresent() && unsaid && Reliance.isReliedOn(cluster)) {
                    report.finding(
                            Reporter.configPath(ConfigTarget.KSQL_DB, "ksql.internal.topic.replicas"),
                            "ksql.internal.topic.replicas is not set, so that the command topic has 1 replica");
                }
            })
            .build();

    static final Rule MIRRORED = Rule.warning("replication/mirrored-topics")
            .reason("MirrorMaker makes topics with its own replication.factor, whatever the originals have; Kafka's"
                    + " default of 2 leaves one copy while a broker restarts, which is less than min.insync.replicas=2"
                    + " asks for.")
            .remedy(
                    "Set replication.factor of the flow or of MirrorMaker to 3, or to -1 for the default of the brokers.")
            .source("https://kafka.apache.org/documentation/#mirror_source_replication.factor")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    Predicate<String> ofFlow = matching(".+->.+\\.replication\\.factor")
                            .and(key -> !KEYS.getOrDefault(ConfigTarget.MIRROR_MAKER, any -> false)
                                    .test(key));
                    List<Configured> factors =
                            new ArrayList<>(Configured.written(cluster, ConfigTarget.MIRROR_MAKER, ofFlow));
                    Configured.of(cluster, ConfigTarget.MIRROR_MAKER, "replication.factor").stream()
                            .filter(factor -> factor.isWritten() || factors.isEmpty())
                            .forEach(factors::add);
                    for (Configured factor : factors) {
                        long replicas = factor.number().orElse(Reliance.REPLICAS);
                        if (replicas >= 1 && replicas < Reliance.REPLICAS) {
                            factor.report(report, factor + " for the topics that MirrorMaker makes");
                        }
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(INTERNAL, KSQL_COMMANDS, MIRRORED);

    private InternalTopicRules() {}

    private static Predicate<String> matching(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }
}
