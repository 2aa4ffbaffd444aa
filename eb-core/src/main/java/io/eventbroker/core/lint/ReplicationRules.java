package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import java.util.List;

/** Replicas and what must survive the loss of some. */
final class ReplicationRules {
    static final Rule UNCLEAN_ELECTION = Rule.error("replication/unclean-election")
            .reason("A replica that lags behind may become leader; what it has not copied is lost, although producers"
                    + " were told that it is safe.")
            .remedy("Remove unclean.leader.election.enable, or set it to false.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_unclean.leader.election.enable")
            .onClusters((cluster, report) -> cluster.config()
                    .brokers()
                    .find("unclean.leader.election.enable")
                    .filter(setting -> setting.value().trim().equalsIgnoreCase("true"))
                    .ifPresent(setting -> report.finding(
                            ConfigTarget.BROKERS,
                            setting,
                            "unclean.leader.election.enable is true: a leader that lags behind is accepted")))
            .build();

    static final List<Rule> ALL = List.of(UNCLEAN_ELECTION);

    private ReplicationRules() {}
}
