package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** How many replicas there are, how many must be in sync, and whether brokers and zones can hold them. */
final class ReplicationRules {
    static final String FACTOR = "default.replication.factor";
    static final String MIN_INSYNC = "min.insync.replicas";

    /** Topics of Kafka's own with a key for their replicas and, but for the first, one for those in sync. */
    private record Internal(String topic, String factor, String minInsync) {}

    private static final Internal OFFSETS = new Internal("__consumer_offsets", "offsets.topic.replication.factor", "");
    private static final List<Internal> STATES = List.of(
            new Internal(
                    "__transaction_state", "transaction.state.log.replication.factor", "transaction.state.log.min.isr"),
            new Internal(
                    "__share_group_state",
                    "share.coordinator.state.topic.replication.factor",
                    "share.coordinator.state.topic.min.isr"));

    static final Rule ABOVE_BROKERS = Rule.error("replication/factor-above-brokers")
            .reason("A topic with more replicas than there are brokers cannot be created; without its internal topics a"
                    + " component does not work at all.")
            .remedy("Lower the factor, or add brokers.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_offsets.topic.replication.factor")
            .onClusters((cluster, report) -> {
                int brokers = cluster.topology().brokers().replicas();
                List<Configured> factors = new ArrayList<>();
                for (String key :
                        List.of(FACTOR, OFFSETS.factor(), STATES.get(0).factor())) {
                    factors.addAll(Configured.ofBrokers(cluster, key));
                }
                // the default asks for three, but the topic is made when a share group comes
                factors.addAll(Configured.written(
                        cluster, ConfigTarget.BROKERS, STATES.get(1).factor()::equals));
                for (String key : List.of("config", "offset", "status")) {
                    factors.addAll(Configured.of(cluster, ConfigTarget.CONNECT, key + ".storage.replication.factor"));
                }
                for (Configured factor : factors) {
                    if (factor.number().orElse(0) > brokers) {
                        factor.report(
                                report,
                                factor + " does not fit on " + brokers + (brokers == 1 ? " broker" : " brokers"));
                    }
                }
            })
            .onManifests(ManifestReplication::aboveBrokers)
            .build();

    static final Rule SINGLE_REPLICA = Rule.error("replication/single-replica")
            .reason("What exists once is unavailable while its broker restarts, and gone with its volume.")
            .remedy("Use a replication factor of 3.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor")
            .onClusters((cluster, report) -> {
                if (cluster.isProduction() && Reliance.isReliedOn(cluster)) {
                    for (String key :
                            List.of(FACTOR, OFFSETS.factor(), STATES.get(0).factor())) {
                        for (Configured factor : Configured.ofBrokers(cluster, key)) {
                            if (factor.number().equals(OptionalLong.of(1))) {
                                factor.report(
                                        report,
                                        factor + " in " + cluster.environment().name());
                            }
                        }
                    }
                }
            })
            .onTopicSets((set, report) -> writtenFactors(set, LintedCluster::isProduction, (path, factor, of) -> {
                if (factor == 1) {
                    report.finding(path, of + " has one replica");
                }
            }))
            .build();

    static final Rule TOO_FEW = Rule.warning("replication/too-few-replicas")
            .reason("With fewer than three replicas, a broker that restarts leaves one copy or none, so that another"
                    + " failure loses data or stops writes.")
            .remedy("Use a replication factor of 3.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    for (Configured factor : Configured.ofBrokers(cluster, FACTOR)) {
                        if (isTooFew(factor.number().orElse(Reliance.REPLICAS), cluster)) {
                            factor.report(report, factor + " is less than 3");
                        }
                    }
                }
            })
            .onTopicSets((set, report) -> writtenFactors(set, cluster -> true, (path, factor, of) -> {
                if (isTooFew(factor, set.cluster().orElseThrow())) {
                    report.finding(path, of + " has " + factor + (factor == 1 ? " replica" : " replicas"));
                }
            }))
            .onManifests(ManifestReplication::tooFew)
            .build();

    static final Rule UNREACHABLE = Rule.error("replication/min-insync-above-factor")
            .reason("When more replicas must be in sync than there are, every write with acks=all fails.")
            .remedy("Lower the number of replicas in sync, or raise the replication factor.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas")
            .onClusters((cluster, report) -> {
                forPairs(cluster, (minInsync, factor, topic) -> {
                    if (minInsync.number().orElse(0) > factor) {
                        minInsync.report(
                                report,
                                minInsync + ", but " + topic + " has " + factor
                                        + (factor == 1 ? " replica" : " replicas"));
                    }
                });
            })
            .onTopicSets((set, report) -> forTopics(set, topic -> {
                if (topic.minInsync() > topic.factor()) {
                    report.finding(
                            topic.path(),
                            topic.name() + " has " + topic.factor() + (topic.factor() == 1 ? " replica" : " replicas")
                                    + ", but min.insync.replicas=" + topic.minInsync()
                                    + (topic.ownMinInsync() ? "" : " holds for it"));
                }
            }))
            .onManifests(ManifestReplication::unreachable)
            .build();

    static final Rule NO_ROOM = Rule.warning("replication/no-room-for-a-failure")
            .reason(
                    "When min.insync.replicas equals the replication factor, one broker that restarts stops all producers"
                            + " with acks=all.")
            .remedy("Require one less than there are replicas.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    forPairs(cluster, (minInsync, factor, topic) -> {
                        if (factor > 1 && minInsync.number().orElse(0) == factor) {
                            minInsync.report(report, minInsync + " is also the number of replicas of " + topic);
                        }
                    });
                }
            })
            .onTopicSets((set, report) -> forTopics(set, topic -> {
                if (topic.factor() > 1
                        && topic.minInsync() == topic.factor()
                        && set.cluster().map(Reliance::isReliedOn).orElse(true)) {
                    report.finding(
                            topic.path(),
                            topic.name() + " has " + topic.factor() + " replicas, and all must be in sync");
                }
            }))
            .onManifests(ManifestReplication::noRoom)
            .build();

    static final Rule ONE_COPY = Rule.warning("replication/one-copy-acknowledged")
            .reason("With min.insync.replicas=1 a write with acks=all may be on one broker only when it is confirmed;"
                    + " it is lost with that broker, however many replicas there should be.")
            .remedy("Set it to 2.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    forPairs(cluster, (minInsync, factor, topic) -> {
                        if (factor >= Reliance.REPLICAS && minInsync.number().orElse(0) == 1) {
                            minInsync.report(report, minInsync + " although " + topic + " has " + factor + " replicas");
                        }
                    });
                }
            })
            .onTopicSets((set, report) -> forTopics(set, topic -> {
                if (topic.factor() >= Reliance.REPLICAS
                        && topic.minInsync() == 1
                        && set.cluster().map(Reliance::isReliedOn).orElse(true)) {
                    report.finding(
                            topic.path(),
                            topic.name() + " has " + topic.factor() + " replicas, but min.insync.replicas=1"
                                    + (topic.ownMinInsync() ? "" : " holds for it"));
                }
            }))
            .onManifests(ManifestReplication::oneCopy)
            .build();

    static final Rule ZONE_LOSS = Rule.warning("replication/zone-loss-stops-writes")
            .reason("Replicas are spread evenly over the zones; if the fullest zone is lost and fewer than"
                    + " min.insync.replicas are left, writes with acks=all stop until it is back.")
            .remedy("Add a zone, or lower min.insync.replicas.")
            .source("KIP-36: Rack aware replica assignment")
            .onClusters((cluster, report) -> {
                int zones =
                        cluster.topology().zonesOf(cluster.topology().brokers()).size();
                long factor = Configured.numberOfBrokers(cluster, FACTOR).orElse(1);
                long perZone = (factor + zones - 1) / zones;
                for (Configured minInsync : Configured.ofBrokers(cluster, MIN_INSYNC)) {
                    long needed = minInsync.number().orElse(1);
                    if (cluster.isProduction() && zones > 1 && needed < factor && factor - perZone < needed) {
                        minInsync.report(
                                report,
                                minInsync + ", but of " + factor + " replicas over " + zones + " zones " + perZone
                                        + " are in one, and " + (factor - perZone) + " are left without it");
                    }
                }
            })
            .build();

    static final Rule CONTROLLERS_DISAGREE = Rule.warning("replication/controllers-disagree")
            .reason(
                    "Under KRaft the controllers, by their own configuration, fill in what a request for a new topic leaves"
                            + " out; what only the brokers are told holds for topics that are made automatically.")
            .remedy("Leave it out of the controllers' properties: they then have what the brokers have.")
            .source("kafka.server.ControllerServer")
            .onClusters((cluster, report) -> {
                if (!cluster.topology().migration().brokersUseZooKeeper() && Reliance.isReliedOn(cluster)) {
                    for (String key : List.of(FACTOR, "num.partitions")) {
                        OptionalLong ofBrokers = Configured.numberOfBrokers(cluster, key);
                        for (Configured own : Configured.of(cluster, ConfigTarget.CONTROLLERS, key)) {
                            if (own.number().isPresent() && !own.number().equals(ofBrokers)) {
                                own.report(report, "controllers have " + own + ", brokers " + ofBrokers.orElse(0));
                            }
                        }
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(
            CONTROLLERS_DISAGREE, ABOVE_BROKERS, SINGLE_REPLICA, TOO_FEW, UNREACHABLE, NO_ROOM, ONE_COPY, ZONE_LOSS);

    private ReplicationRules() {}

    private static boolean isTooFew(long factor, LintedCluster cluster) {
        return factor >= (cluster.isProduction() ? 2 : 1) && factor < Reliance.REPLICAS;
    }

    /** Takes a number of replicas that must be in sync, and the number that there are. */
    private interface Pair {
        void accept(Configured minInsync, long factor, String topic);
    }

    private static void forPairs(LintedCluster cluster, Pair pair) {
        long factor = Configured.numberOfBrokers(cluster, FACTOR).orElse(0);
        if (factor > 0) {
            Configured.ofBrokers(cluster, MIN_INSYNC)
                    .forEach(minInsync -> pair.accept(minInsync, factor, "a topic that says nothing else"));
        }
        for (Internal state : STATES) {
            long replicas = Configured.numberOfBrokers(cluster, state.factor()).orElse(0);
            if (replicas > 0) {
                Configured.ofBrokers(cluster, state.minInsync())
                        .forEach(minInsync -> pair.accept(minInsync, replicas, state.topic()));
            }
        }
    }

    /** Takes a number of replicas that is written in a set, and whose it is. */
    private interface Factor {
        void accept(String path, int factor, String of);
    }

    private static void writtenFactors(LintedTopics set, Predicate<LintedCluster> where, Factor factor) {
        if (set.cluster().filter(Reliance::isReliedOn).filter(where).isPresent()) {
            set.value()
                    .defaults()
                    .replicationFactor()
                    .ifPresent(number -> factor.accept("spec.defaults.replicationFactor", number, "every topic"));
            for (LintedTopics.Topic topic : set.topics()) {
                topic.spec()
                        .replicationFactor()
                        .ifPresent(number ->
                                factor.accept(topic.path("replicationFactor"), number, "'" + topic.name() + "'"));
            }
        }
    }

    private static void forTopics(LintedTopics set, java.util.function.Consumer<TopicReplicas> check) {
        TopicReplicas.of(set).forEach(check);
    }
}
