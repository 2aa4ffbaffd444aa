package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import java.util.List;
import java.util.Set;

/** What else decides whether a confirmed record, or a group's place in a topic, is still there tomorrow. */
final class DurabilityRules {
    static final Rule UNCLEAN_ELECTION = Rule.error("replication/unclean-election")
            .reason("A replica that lags behind may become leader; what it has not copied is lost, although producers"
                    + " were told that it is safe.")
            .remedy("Remove unclean.leader.election.enable, or set it to false.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_unclean.leader.election.enable")
            .onClusters((cluster, report) -> {
                for (Configured unclean : Configured.ofServers(cluster, "unclean.leader.election.enable")) {
                    if (unclean.says("true")) {
                        unclean.report(
                                report,
                                "unclean.leader.election.enable is true: a leader that lags behind is accepted");
                    }
                }
            })
            .onTopicSets((set, report) -> saidOfTopics(set, "unclean.leader.election.enable", (path, topic, value) -> {
                if (value.equalsIgnoreCase("true")) {
                    report.finding(path, topic + " accepts a leader that lags behind");
                }
            }))
            .onManifests(ManifestReplication::unclean)
            .build();

    static final Rule AUTO_CREATE = Rule.warning("replication/auto-create-topics")
            .reason("A client with a misspelt name makes a topic with default partitions, replicas and retention, which"
                    + " nobody owns and no file describes.")
            .remedy("Set auto.create.topics.enable to false.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_auto.create.topics.enable")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    for (Configured create : Configured.ofBrokers(cluster, "auto.create.topics.enable")) {
                        if (create.says("true")) {
                            create.report(report, create + ": whoever asks for a topic makes it");
                        }
                    }
                }
            })
            .onManifests(ManifestReplication::autoCreate)
            .build();

    static final Rule ACKS = Rule.warning("replication/producer-acks")
            .reason(
                    "A producer that does not wait for all replicas in sync takes for written what the next election may"
                            + " lose.")
            .remedy("Remove it; the default waits for all replicas in sync.")
            .source("https://kafka.apache.org/documentation/#producerconfigs_acks")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    for (Configured acks : Configured.written(
                            cluster, Configured.endsWith("producer.acks").or("offsets.commit.required.acks"::equals))) {
                        if (acks.says("0") || acks.says("1")) {
                            acks.report(report, acks + " instead of all");
                        }
                    }
                }
            })
            .build();

    private static final RuleSetting<Long> MESSAGES =
            new RuleSetting<>("messages", "10000", "the least number of records between two flushes", Long::parseLong);
    private static final RuleSetting<Long> MILLIS = new RuleSetting<>(
            "millis", "1000", "the least number of milliseconds between two flushes", Long::parseLong);

    static final Rule FLUSH = Rule.warning("replication/forced-flush")
            .reason(
                    "Kafka is safe by replication, not by flushing: forcing records to the volume every few of them makes"
                            + " every write wait for it.")
            .remedy("Remove it, and let the operating system flush.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_log.flush.interval.messages")
            .setting(MESSAGES)
            .setting(MILLIS)
            .onClusters((cluster, report) -> {
                for (Configured flush : Configured.written(
                        cluster,
                        ConfigTarget.BROKERS,
                        Set.of("log.flush.interval.messages", "log.flush.interval.ms")::contains)) {
                    if (flush.number().orElse(Long.MAX_VALUE) < least(report, flush.key())) {
                        flush.report(report, flush + " forces records to the volume");
                    }
                }
            })
            .onTopicSets((set, report) -> {
                for (String key : List.of("flush.messages", "flush.ms")) {
                    saidOfTopics(set, key, (path, topic, value) -> {
                        if (Numbers.whole(value).orElse(Long.MAX_VALUE) < least(report, key)) {
                            report.finding(path, topic + " forces records to the volume: " + key + "=" + value);
                        }
                    });
                }
            })
            .build();

    private static final RuleSetting<Long> LAG_LEAST =
            new RuleSetting<>("least", "10000", "the least number of milliseconds", Long::parseLong);
    private static final RuleSetting<Long> LAG_MOST =
            new RuleSetting<>("most", "60000", "the greatest number of milliseconds", Long::parseLong);

    static final Rule REPLICA_LAG = Rule.warning("replication/replica-lag")
            .reason(
                    "A follower is out of sync after replica.lag.time.max.ms. If that is short, a pause of the JVM throws"
                            + " healthy replicas out; if it is long, producers wait that long for a dead one.")
            .remedy("Remove replica.lag.time.max.ms; 30 s are the default since Kafka 2.5.")
            .source("KIP-537: Increase default zookeeper session timeout")
            .setting(LAG_LEAST)
            .setting(LAG_MOST)
            .onClusters((cluster, report) -> {
                for (Configured lag : Configured.ofBrokers(cluster, "replica.lag.time.max.ms")) {
                    long millis = lag.number().orElse(30_000);
                    long wait = Configured.numberOfBrokers(cluster, "replica.fetch.wait.max.ms")
                            .orElse(0);
                    if (millis <= wait) {
                        lag.report(
                                report,
                                lag + " is not more than replica.fetch.wait.max.ms=" + wait
                                        + ", so that followers of quiet topics fall out of sync all the time");
                    } else if (lag.isWritten() && millis < report.setting(LAG_LEAST)) {
                        lag.report(report, lag + " is less than " + report.setting(LAG_LEAST));
                    } else if (lag.isWritten() && millis > report.setting(LAG_MOST)) {
                        lag.report(report, lag + " is more than " + report.setting(LAG_MOST));
                    }
                }
            })
            .build();

    private static final RuleSetting<Long> OFFSET_MINUTES =
            new RuleSetting<>("minutes", "10080", "the least number of minutes that offsets are kept", Long::parseLong);

    static final Rule OFFSETS_RETENTION = Rule.warning("replication/offsets-retention")
            .reason(
                    "A group that is away for longer than its offsets are kept begins anew where auto.offset.reset says:"
                            + " it reads everything again, or misses what came meanwhile.")
            .remedy("Keep offsets for a week or longer; that is the default.")
            .source("KIP-186: Increase offsets retention default to 7 days")
            .setting(OFFSET_MINUTES)
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    for (Configured retention : Configured.ofBrokers(cluster, "offsets.retention.minutes")) {
                        if (retention.number().orElse(Long.MAX_VALUE) < report.setting(OFFSET_MINUTES)) {
                            retention.report(report, retention + " is less than " + report.setting(OFFSET_MINUTES));
                        }
                    }
                }
            })
            .build();

    static final Rule LEADERS = Rule.info("replication/leaders-stay-away")
            .reason("After a rolling restart the brokers that came back last lead nothing, and the others carry their"
                    + " load, until somebody elects the preferred leaders.")
            .remedy("Remove auto.leader.rebalance.enable, or see that something else balances leaders.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_auto.leader.rebalance.enable")
            .onClusters((cluster, report) -> {
                if (Reliance.isReliedOn(cluster)) {
                    // whoever leads the metadata elects
                    ConfigTarget elects = cluster.topology().migration().brokersUseZooKeeper()
                            ? ConfigTarget.BROKERS
                            : ConfigTarget.CONTROLLERS;
                    for (Configured balance : Configured.of(cluster, elects, "auto.leader.rebalance.enable")) {
                        if (balance.says("false")) {
                            balance.report(report, balance + ": leaders do not return to their brokers");
                        }
                    }
                }
            })
            .build();

    static final List<Rule> ALL =
            List.of(UNCLEAN_ELECTION, AUTO_CREATE, ACKS, FLUSH, REPLICA_LAG, OFFSETS_RETENTION, LEADERS);

    private DurabilityRules() {}

    private static long least(Reporter report, String key) {
        return report.setting(key.endsWith("messages") ? MESSAGES : MILLIS);
    }

    /** Takes what a topic, or a set for all of its topics, says of a key. */
    private interface Said {
        void accept(String path, String topic, String value);
    }

    private static void saidOfTopics(LintedTopics set, String key, Said said) {
        String ofAll = set.value().defaults().configs().get(key);
        if (ofAll != null) {
            said.accept("spec.defaults.configs[" + key + "]", "every topic", ofAll.trim());
        }
        for (LintedTopics.Alike alike : set.alike()) {
            String own = alike.configs().get(key);
            if (own != null) {
                alike.topics()
                        .forEach(topic -> said.accept(topic.configPath(key), "'" + topic.name() + "'", own.trim()));
            }
        }
    }
}
