package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KraftMigration;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The KRaft quorum, and the ZooKeeper ensemble before it: how many, where, with what, and how fast they give up. */
final class QuorumRules {
    private static final String KRAFT = "https://kafka.apache.org/documentation/#kraft";

    static final Rule SINGLE = Rule.error("quorum/single-voter")
            .reason("A quorum of one has no majority without it: nothing can be created, elected or changed while it"
                    + " restarts, and with its volume the whole cluster's metadata is gone.")
            .remedy("Run three, each in a zone of its own.")
            .source(KRAFT + "_voter")
            .onClusters((cluster, report) -> {
                for (Component quorum : quorums(cluster.topology())) {
                    if (quorum.replicas() == 1 && Reliance.isReliedOn(cluster)) {
                        report.finding(
                                "spec." + quorum.key() + ".replicas",
                                "a single " + words(quorum, 1) + " in "
                                        + cluster.environment().name());
                    }
                }
            })
            .build();

    static final Rule LARGE = Rule.warning("quorum/too-large")
            .reason("Every voter must be asked for every change; more than five make changes slower without surviving"
                    + " failures that happen.")
            .remedy("Run three or five.")
            .source(KRAFT + "_voter")
            .onClusters((cluster, report) -> {
                for (Component quorum : quorums(cluster.topology())) {
                    int most = quorum instanceof KRaftControllers ? 5 : 7; // ZooKeeper's readers gain from followers
                    if (quorum.replicas() > most) {
                        report.finding(
                                "spec." + quorum.key() + ".replicas",
                                quorum.replicas() + " " + words(quorum, quorum.replicas()) + " are more than " + most);
                    }
                }
            })
            .build();

    static final Rule ONE_ZONE = Rule.warning("quorum/majority-in-one-zone")
            .reason("When the zone that holds the majority of the voters is lost, the others cannot elect a leader,"
                    + " although there are enough brokers.")
            .remedy("Spread them over three zones.")
            .source(KRAFT + "_deployment")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                for (Component quorum : quorums(topology)) {
                    Map<Zone, Integer> perZone = new TreeMap<>();
                    for (int i = 0; i < quorum.replicas(); i++) {
                        perZone.merge(topology.zoneOf(quorum, i), 1, Integer::sum);
                    }
                    perZone.forEach((zone, voters) -> {
                        if (quorum.replicas() > 1
                                && topology.zones().size() >= 3
                                && 2 * voters > quorum.replicas()
                                && Reliance.isReliedOn(cluster)) {
                            report.finding(
                                    "spec." + quorum.key() + ".zones",
                                    voters + " of " + quorum.replicas() + " " + words(quorum, quorum.replicas())
                                            + " are in " + zone);
                        }
                    });
                }
            })
            .build();

    static final Rule MEMORY = Rule.warning("quorum/small-memory")
            .reason("A controller keeps the metadata of the whole cluster in its heap, and more of it while it writes a"
                    + " snapshot; one that runs out of memory takes its peers along, which hold the same.")
            .remedy("Give each controller a heap of 1Gi or more, and 4Gi of memory.")
            .source("https://docs.confluent.io/platform/current/kafka-metadata/config-kraft.html"
                    + "#hardware-and-jvm-requirements")
            .onClusters((cluster, report) -> cluster.topology().controllers().ifPresent(controllers -> {
                if (cluster.isProduction()) {
                    DataSize heap = controllers.jvm().heap().max();
                    DataSize memory = controllers.resources().requests().memory();
                    if (heap.bytes() < 1L << 30) {
                        report.finding("spec.controllers.jvm.heap.max", "a heap of " + heap + " is less than 1Gi");
                    }
                    if (memory.bytes() < 4L << 30) {
                        report.finding(
                                "spec.controllers.resources.requests.memory", memory + " of memory are less than 4Gi");
                    }
                }
            }))
            .build();

    /** The defaults and the least that still survives a pause of the JVM, and the most that nobody waits longer than. */
    private static final List<String> TIMEOUTS = List.of(
            "controller.quorum.election.timeout.ms",
            "controller.quorum.fetch.timeout.ms",
            "controller.quorum.request.timeout.ms");

    private static final RuleSetting<Long> LEAST =
            new RuleSetting<>("least", "1000", "the least number of milliseconds", Long::parseLong);
    private static final RuleSetting<Long> MOST =
            new RuleSetting<>("most", "30000", "the greatest number of milliseconds", Long::parseLong);

    static final Rule QUORUM_TIMEOUTS = Rule.warning("quorum/timeouts")
            .reason(
                    "Shorter than a pause of the JVM, a time-out makes voters elect all the time; very long, it leaves the"
                            + " cluster without a controller for as long.")
            .remedy("Remove it, or set it within these bounds.")
            .source("KIP-595: A Raft Protocol for the Metadata Quorum")
            .setting(LEAST)
            .setting(MOST)
            .onClusters((cluster, report) -> {
                for (Configured timeout : Configured.written(cluster, ConfigTarget.CONTROLLERS, TIMEOUTS::contains)) {
                    long millis = timeout.number().orElse(report.setting(LEAST));
                    if (millis < report.setting(LEAST)) {
                        timeout.report(report, timeout + " is less than " + report.setting(LEAST));
                    } else if (millis > report.setting(MOST)) {
                        timeout.report(report, timeout + " is more than " + report.setting(MOST));
                    }
                }
            })
            .build();

    static final Rule METADATA_LOG = Rule.warning("quorum/metadata-log")
            .reason("The metadata log is kept short by snapshots and retention; without them it fills the controllers'"
                    + " volumes, and each restart reads all of it.")
            .remedy("Remove it; Kafka's defaults bound the log.")
            .source("KIP-630: Kafka Raft Snapshot")
            .onClusters((cluster, report) -> {
                for (String key : List.of("metadata.max.retention.bytes", "metadata.max.retention.ms")) {
                    for (Configured retention : Configured.written(cluster, ConfigTarget.CONTROLLERS, key::equals)) {
                        if (retention.number().orElse(0) < 0) {
                            retention.report(report, retention + " keeps the metadata log without end");
                        }
                    }
                }
                for (Configured snapshots : Configured.written(
                        cluster, ConfigTarget.CONTROLLERS, "metadata.log.max.record.bytes.between.snapshots"::equals)) {
                    if (snapshots.number().orElse(0) > 1L << 30) {
                        snapshots.report(report, snapshots + " lets the log grow by more than 1Gi before a snapshot");
                    }
                }
                for (Configured idle : Configured.written(
                        cluster, ConfigTarget.CONTROLLERS, "metadata.max.idle.interval.ms"::equals)) {
                    if (idle.says("0")) {
                        idle.report(
                                report,
                                idle + " writes nothing while nothing changes, so that nobody can tell how far a"
                                        + " voter is behind (KIP-835)");
                    }
                }
            })
            .build();

    static final Rule AUTO_JOIN = Rule.error("quorum/auto-join-on-brokers")
            .reason("A broker that is no controller refuses to start with it.")
            .remedy("Move controller.quorum.auto.join.enable to the controllers.")
            .source("KIP-853: KRaft Controller Membership Changes; kafka.server.KafkaConfig")
            .onClusters((cluster, report) -> {
                for (Configured join : Configured.ofBrokers(cluster, "controller.quorum.auto.join.enable")) {
                    if (join.says("true")) {
                        join.report(report, join + " on brokers");
                    }
                }
            })
            .build();

    static final Rule MIGRATION = Rule.warning("quorum/migration-unfinished")
            .reason("Between ZooKeeper and KRaft a cluster has the failures of both, some operations are refused, and"
                    + " releases without ZooKeeper cannot be installed; it is a passage, not a place to stay.")
            .remedy("Take the next step, or go back to not-started.")
            .source("KIP-866: ZooKeeper to KRaft Migration")
            .onClusters((cluster, report) -> cluster.topology().zooKeeper().ifPresent(ensemble -> {
                if (ensemble.migration() != KraftMigration.NOT_STARTED) {
                    report.finding(
                            "spec.zooKeeper.migration",
                            "the migration to KRaft stands at "
                                    + ensemble.migration()
                                            .name()
                                            .toLowerCase(java.util.Locale.ROOT)
                                            .replace('_', '-'));
                }
            }))
            .build();

    static final Rule SESSION = Rule.warning("quorum/zookeeper-session")
            .reason(
                    "A broker whose session ends is taken for dead: its leaders move away and it must catch up. Sessions"
                            + " shorter than a pause of the JVM or a hiccup of the network end without need.")
            .remedy("Remove zookeeper.session.timeout.ms; 18 s are the default since Kafka 2.5.")
            .source("KIP-537: Increase default zookeeper session timeout")
            .onClusters((cluster, report) -> {
                for (Configured session :
                        Configured.written(cluster, ConfigTarget.BROKERS, "zookeeper.session.timeout.ms"::equals)) {
                    if (session.number().orElse(18_000) < 6_000
                            && cluster.topology().zooKeeper().isPresent()) {
                        session.report(report, session + " is less than 6000");
                    }
                }
            })
            .build();

    static final Rule PURGE = Rule.warning("quorum/zookeeper-purge")
            .reason("ZooKeeper keeps every snapshot and transaction log unless it is told to purge, until the volume is"
                    + " full and the ensemble stops.")
            .remedy("Set autopurge.purgeInterval to 24, the hours between two purges.")
            .source("https://zookeeper.apache.org/doc/r3.8.4/zookeeperAdmin.html#sc_advancedConfiguration")
            .onClusters((cluster, report) -> {
                for (Configured purge :
                        Configured.written(cluster, ConfigTarget.ZOO_KEEPER, "autopurge.purgeInterval"::equals)) {
                    if (purge.number().orElse(1) <= 0) {
                        purge.report(report, purge + " never purges");
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(
            SINGLE, LARGE, ONE_ZONE, MEMORY, QUORUM_TIMEOUTS, METADATA_LOG, AUTO_JOIN, MIGRATION, SESSION, PURGE);

    private QuorumRules() {}

    private static List<Component> quorums(Topology topology) {
        List<Component> quorums = new ArrayList<>();
        topology.controllers().ifPresent(quorums::add);
        topology.zooKeeper().ifPresent(quorums::add);
        return quorums;
    }

    private static String words(Component quorum, int count) {
        if (quorum instanceof KRaftControllers) {
            return count == 1 ? "controller" : "controllers";
        }
        return count == 1 ? "ZooKeeper server" : "ZooKeeper servers";
    }
}
