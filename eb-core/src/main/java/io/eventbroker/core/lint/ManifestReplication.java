package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.problem.internal.Counted;
import java.util.List;
import java.util.Optional;

/** Replicas in the properties that manifests give to brokers, for the rules about those of clusters. */
final class ManifestReplication {
    private static final List<String> FACTORS = List.of(
            ReplicationRules.FACTOR,
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "share.coordinator.state.topic.replication.factor",
            "confluent.license.topic.replication.factor",
            "confluent.metadata.topic.replication.factor");

    private ManifestReplication() {}

    static void aboveBrokers(Manifest manifest, Reporter report) {
        factors(manifest, (entry, factor, brokers) -> {
            if (factor > brokers) {
                report.finding(
                        entry.path(), entry.key() + "=" + factor + " does not fit on " + Counted.of(brokers, "broker"));
            }
        });
    }

    /** Where there are brokers for more. */
    static void tooFew(Manifest manifest, Reporter report) {
        factors(manifest, (entry, factor, brokers) -> {
            if (factor > 0 && factor < Reliance.REPLICAS && brokers >= Reliance.REPLICAS) {
                report.finding(
                        entry.path(),
                        entry.key() + "=" + factor + " is less than 3, although there are " + brokers + " brokers");
            }
        });
    }

    static void unreachable(Manifest manifest, Reporter report) {
        pairs(manifest, (minInsync, least, factor) -> {
            if (least > factor) {
                report.finding(
                        minInsync.path(),
                        "min.insync.replicas=" + least + ", but " + ReplicationRules.FACTOR + "=" + factor);
            }
        });
    }

    static void noRoom(Manifest manifest, Reporter report) {
        pairs(manifest, (minInsync, least, factor) -> {
            if (factor > 1 && least == factor) {
                report.finding(
                        minInsync.path(), "min.insync.replicas=" + least + " is also " + ReplicationRules.FACTOR);
            }
        });
    }

    /** Where there are replicas, or brokers, for more. */
    static void oneCopy(Manifest manifest, Reporter report) {
        for (ServerConfig config : ServerConfig.of(manifest)) {
            if (config.scope() != ConfigScope.BROKER) {
                continue;
            }
            Optional<Long> factor = config.number(ReplicationRules.FACTOR);
            if (config.number(ReplicationRules.MIN_INSYNC)
                    .filter(least -> least == 1)
                    .isPresent()) {
                config.find(ReplicationRules.MIN_INSYNC)
                        .filter(entry -> factor.or(config::brokers).orElse(0L) >= Reliance.REPLICAS)
                        .ifPresent(entry -> report.finding(
                                entry.path(),
                                "min.insync.replicas=1 although there are "
                                        + factor.map(replicas -> replicas + " replicas")
                                                .orElseGet(
                                                        () -> config.brokers().orElse(0L) + " brokers")));
            } else if (config.lacks(ReplicationRules.MIN_INSYNC) && factor.orElse(0L) >= Reliance.REPLICAS) {
                config.find(ReplicationRules.FACTOR)
                        .ifPresent(entry -> report.finding(
                                entry.path(),
                                "min.insync.replicas is not set, so it is 1, although " + ReplicationRules.FACTOR + "="
                                        + factor.orElse(0L)));
            }
        }
    }

    /** Unless there are too few brokers for it to matter. */
    static void autoCreate(Manifest manifest, Reporter report) {
        String key = "auto.create.topics.enable";
        for (ServerConfig config : ServerConfig.of(manifest)) {
            if (config.scope() != ConfigScope.BROKER || config.brokers().orElse(3L) < Reliance.REPLICAS) {
                continue;
            }
            config.find(key)
                    .filter(entry -> entry.value().trim().equalsIgnoreCase("true"))
                    .ifPresent(
                            entry -> report.finding(entry.path(), key + " is true: whoever asks for a topic makes it"));
            if (config.lacks(key) && config.brokers().isPresent()) {
                config.whole()
                        .ifPresent(whole -> report.finding(
                                whole.path(), key + " is not set, so it is true: whoever asks for a topic makes it"));
            }
        }
    }

    static void unclean(Manifest manifest, Reporter report) {
        for (ServerConfig config : ServerConfig.of(manifest)) {
            config.find("unclean.leader.election.enable")
                    .filter(entry -> entry.value().trim().equalsIgnoreCase("true"))
                    .ifPresent(entry -> report.finding(
                            entry.path(),
                            "unclean.leader.election.enable is true: a leader that lags behind is accepted"));
        }
    }

    /** Takes a number of replicas, or of those in sync, and what it is held against. */
    private interface Numbered {
        void accept(ServerConfig.Entry entry, long number, long other);
    }

    private static void factors(Manifest manifest, Numbered check) {
        for (ServerConfig config : ServerConfig.of(manifest)) {
            config.brokers()
                    .ifPresent(brokers -> FACTORS.forEach(key -> config.find(key)
                            .ifPresent(entry -> Spot.parse(entry.value())
                                    .ifPresent(factor -> check.accept(entry, factor, brokers)))));
        }
    }

    private static void pairs(Manifest manifest, Numbered check) {
        for (ServerConfig config : ServerConfig.of(manifest)) {
            Optional<Long> factor = config.number(ReplicationRules.FACTOR);
            Optional<Long> least = config.number(ReplicationRules.MIN_INSYNC);
            if (factor.isPresent() && least.isPresent()) {
                config.find(ReplicationRules.MIN_INSYNC)
                        .ifPresent(entry -> check.accept(entry, least.get(), factor.get()));
            }
        }
    }
}
