package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.config.ClusterConfig;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.config.Setting;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.ReplicationFlow;
import io.eventbroker.core.topology.Storage;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import io.eventbroker.core.topology.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How the clusters of a platform stand to each other. What one environment demands of a cluster, reading checks. */
final class EnvironmentRules {
    private static final String STAGING = "staging";
    private static final String PRODUCTION = "production";
    private static final String MIRROR = "https://kafka.apache.org/documentation/#georeplication";

    static final Rule STAGING_BEHIND = Rule.warning("environments/staging-behind-production")
            .reason(
                    "Staging shows what will happen in production. With an older release it shows what happened long ago.")
            .remedy("Upgrade staging first, and production once that has gone well.")
            .source("https://kafka.apache.org/documentation/#upgrade")
            .onClusters((cluster, report) -> {
                List<Topology> productions = productionsBeside(cluster);
                Version own = cluster.topology().distribution().version();
                if (!productions.isEmpty()
                        && productions.stream()
                                .allMatch(production ->
                                        own.isBefore(production.distribution().version())
                                                && sameDistribution(production, cluster.topology()))) {
                    report.finding(
                            "spec.distribution.version",
                            "staging runs " + own + ", production "
                                    + production(productions).distribution().version());
                }
            })
            .build();

    static final Rule STAGING_DISTRIBUTION = Rule.warning("environments/staging-distribution")
            .reason("Another distribution has other features and other faults; what was validated on it says little.")
            .remedy("Run the distribution that production runs.")
            .source(MIRROR)
            .onClusters((cluster, report) -> {
                List<Topology> productions = productionsBeside(cluster);
                if (!productions.isEmpty()
                        && productions.stream()
                                .noneMatch(production -> sameDistribution(production, cluster.topology()))) {
                    report.finding(
                            "spec.distribution.type",
                            "staging runs " + cluster.topology().distribution() + ", production "
                                    + production(productions).distribution());
                }
            })
            .build();

    /** What differs because production is larger, not because it is another. */
    private static final Set<String> BY_SIZE = Set.of(
            "num.io.threads",
            "num.network.threads",
            "num.replica.fetchers",
            "num.recovery.threads.per.data.dir",
            "background.threads",
            "queued.max.requests",
            "log.retention.bytes",
            "log.retention.ms",
            "log.retention.minutes",
            "log.retention.hours");

    private static final RuleSetting<Set<String>> EXCEPT = new RuleSetting<>(
            "except",
            "",
            "brokers' keys that may differ, with commas between, beside those that go with size",
            EnvironmentRules::words);

    static final Rule STAGING_CONFIG = Rule.info("environments/staging-config-differs")
            .reason(
                    "A property that differs is one that staging does not validate: replication, limits, timeouts, defaults.")
            .remedy("Set it in a layer of the platform, so that both have it.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs")
            .setting(EXCEPT)
            .onClusters((cluster, report) -> {
                List<Topology> productions = productionsBeside(cluster);
                Set<String> fewest = null;
                for (Topology production : productions) {
                    Set<String> differing = differences(
                            cluster.config(),
                            ClusterConfig.of(cluster.platform(), production.name()),
                            report.setting(EXCEPT));
                    fewest = fewest == null || differing.size() < fewest.size() ? differing : fewest;
                }
                if (fewest != null && !fewest.isEmpty()) {
                    report.finding(
                            "spec.brokers.config",
                            "staging and production differ in "
                                    + fewest.stream().limit(5).collect(Collectors.joining(", "))
                                    + (fewest.size() > 5 ? " and " + (fewest.size() - 5) + " more" : ""));
                }
            })
            .build();

    static final Rule STANDBY_SMALLER = Rule.info("environments/standby-smaller")
            .reason("After a fail-over the standby carries everything; with fewer cores it does so more slowly.")
            .remedy("Give it as many cores as the cluster that it stands in for, or plan what it is to leave out.")
            .source(MIRROR)
            .onClusters((cluster, report) -> standsInFor(cluster, (active, flow) -> {
                long own = cores(cluster.topology());
                long theirs = cores(active);
                if (own < theirs) {
                    report.finding(
                            "spec.brokers.replicas",
                            "the brokers may use " + own + " cores; those of '" + active.name() + "', for which they"
                                    + " stand in, " + theirs);
                }
            }))
            .build();

    static final Rule STANDBY_STORAGE = Rule.warning("environments/standby-storage")
            .reason(
                    "When the copies of all topics fill the standby's volumes, its brokers stop, and there is nothing to fail"
                            + " over to.")
            .remedy("Enlarge the standby's volumes or let them grow, or copy fewer topics.")
            .source(MIRROR)
            .onClusters((cluster, report) -> standsInFor(cluster, (active, flow) -> {
                double own = storage(cluster.topology());
                double theirs = storage(active);
                if (own < theirs && flow.topics().contains("*")) {
                    report.finding(
                            "spec.brokers.storage.data.size",
                            "the volumes hold " + Numbers.size(own) + "; those of '" + active.name()
                                    + "', whose topics are all copied, " + Numbers.size(theirs));
                }
            }))
            .build();

    static final Rule SHARED_ZONES = Rule.warning("environments/standby-in-same-zone")
            .reason("What is lost with a zone or a region is lost in both clusters, which is what the standby is for.")
            .remedy("Run the standby in zones of another region, or give zones of different regions different names.")
            .source(MIRROR)
            .onClusters((cluster, report) -> standsInFor(cluster, (active, flow) -> {
                List<Zone> shared = cluster.topology().zones().stream()
                        .filter(active.zones()::contains)
                        .toList();
                if (!shared.isEmpty()) {
                    report.finding(
                            "spec.zones",
                            "shares " + shared.stream().map(Zone::toString).collect(Collectors.joining(", "))
                                    + " with '" + active.name() + "', for which it stands in");
                }
            }))
            .build();

    static final Rule ONE_REGION = Rule.warning("environments/one-region")
            .reason(
                    "Two clusters in one region are lost together with it, and nothing is gained by copying between them.")
            .remedy("Correct the name of the region, or move the cluster.")
            .source(MIRROR)
            .onClusters((cluster, report) -> {
                for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
                    Map<String, String> clusters = new HashMap<>();
                    List<MultiRegion.Region> regions = document.value().regions();
                    for (int i = 0; i < regions.size(); i++) {
                        String other = clusters.putIfAbsent(
                                regions.get(i).name(), regions.get(i).cluster());
                        if (other != null
                                && regions.get(i)
                                        .cluster()
                                        .equals(cluster.topology().name())) {
                            report.finding(
                                    document,
                                    "spec.regions[" + i + "].name",
                                    "'" + cluster.topology().name() + "' and '" + other + "' are in the same region, "
                                            + regions.get(i).name());
                        }
                    }
                }
            })
            .build();

    static final Rule INTO_PRODUCTION = Rule.error("environments/flow-into-production")
            .reason("Applications in production would read what somebody tried out elsewhere.")
            .remedy("Remove the flow, or correct the environment of its source.")
            .source(MIRROR)
            .onClusters((cluster, report) -> flowsTo(cluster, (document, path, from, flow) -> {
                if (isLive(cluster.environment()) && !isLive(environment(cluster, from))) {
                    report.finding(
                            document,
                            path,
                            "copies from '" + from.name() + "' (" + from.environment() + ") into '"
                                    + cluster.topology().name() + "' ("
                                    + cluster.environment().name() + ")");
                }
            }))
            .build();

    static final Rule OUT_OF_PRODUCTION = Rule.warning("environments/flow-out-of-production")
            .reason("Data of production comes under the rules of an environment in which more people may read it.")
            .remedy("Copy only topics without personal or confidential data, or make test data of them on the way.")
            .source("Regulation (EU) 2016/679, Article 5(1)(b): purpose limitation")
            .onClusters((cluster, report) -> flowsTo(cluster, (document, path, from, flow) -> {
                if (!isLive(cluster.environment()) && isLive(environment(cluster, from))) {
                    report.finding(
                            document,
                            path,
                            "copies " + String.join(", ", flow.topics()) + " from '" + from.name() + "' ("
                                    + from.environment() + ") to '"
                                    + cluster.topology().name() + "' ("
                                    + cluster.environment().name() + ")");
                }
            }))
            .build();

    private static final RuleSetting<Set<String>> LABELS = new RuleSetting<>(
            "labels",
            "",
            "the labels that a cluster must have, with commas between; none are asked for by default",
            EnvironmentRules::words);

    static final Rule UNLABELLED = Rule.info("environments/labels-missing")
            .reason("Labels tell whom to call and who pays, and are what people select clusters by.")
            .remedy("Add it to metadata.labels.")
            .source("https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/")
            .setting(LABELS)
            .onClusters((cluster, report) -> {
                if (cluster.isProduction()) {
                    Set<String> missing = new TreeSet<>(report.setting(LABELS));
                    missing.removeAll(cluster.topology().labels().keySet());
                    if (!missing.isEmpty()) {
                        report.finding("metadata.labels", "has no label " + String.join(", ", missing));
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(
            STAGING_BEHIND,
            STAGING_DISTRIBUTION,
            STAGING_CONFIG,
            STANDBY_SMALLER,
            STANDBY_STORAGE,
            SHARED_ZONES,
            ONE_REGION,
            INTO_PRODUCTION,
            OUT_OF_PRODUCTION,
            UNLABELLED);

    private EnvironmentRules() {}

    /** The clusters that a staging cluster validates for; none if it is not one. */
    private static List<Topology> productionsBeside(LintedCluster cluster) {
        return cluster.environment().name().equals(STAGING)
                ? cluster.platform().documents(Topologies.KIND).stream()
                        .map(Document::value)
                        .filter(other -> other.environment().equals(PRODUCTION))
                        .toList()
                : List.of();
    }

    private static boolean sameDistribution(Topology a, Topology b) {
        return a.distribution().getClass() == b.distribution().getClass();
    }

    private static Topology production(List<Topology> productions) {
        return productions.stream()
                .min(Comparator.comparing(topology -> topology.distribution().version()))
                .orElseThrow();
    }

    private static Set<String> differences(ClusterConfig staging, ClusterConfig production, Set<String> except) {
        Set<String> keys = new TreeSet<>();
        for (ClusterConfig config : List.of(staging, production)) {
            config.brokers().settings().stream()
                    .filter(setting -> setting.layer() != Layer.KAFKA
                            && setting.reference().isEmpty())
                    .map(Setting::key)
                    .forEach(keys::add);
        }
        keys.removeAll(BY_SIZE);
        keys.removeAll(except);
        keys.removeIf(key -> value(staging, key).equals(value(production, key)));
        return keys;
    }

    private static Optional<String> value(ClusterConfig config, String key) {
        return config.brokers().find(key).map(setting -> setting.value().trim());
    }

    private interface StandIn {
        void check(Topology active, ReplicationFlow flow);
    }

    /** The clusters that this one takes over from when they are lost. */
    private static void standsInFor(LintedCluster cluster, StandIn check) {
        String name = cluster.topology().name();
        for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
            if (document.value().standbys().contains(name)) {
                for (ReplicationFlow flow : document.value().flows()) {
                    if (flow.to().equals(name)) {
                        topology(cluster, flow.from()).ifPresent(active -> check.check(active, flow));
                    }
                }
            }
        }
    }

    private interface Flow {
        void check(Document<MultiRegion> document, String path, Topology from, ReplicationFlow flow);
    }

    private static void flowsTo(LintedCluster cluster, Flow check) {
        for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
            List<ReplicationFlow> flows = document.value().flows();
            for (int i = 0; i < flows.size(); i++) {
                String path = "spec.flows[" + i + "]";
                ReplicationFlow flow = flows.get(i);
                if (flow.to().equals(cluster.topology().name())) {
                    topology(cluster, flow.from()).ifPresent(from -> check.check(document, path, from, flow));
                }
            }
        }
    }

    private static Optional<Topology> topology(LintedCluster cluster, String name) {
        return cluster.platform().find(Topologies.KIND, name).map(Document::value);
    }

    private static Environment environment(LintedCluster cluster, Topology topology) {
        return Environments.find(cluster.platform(), topology.environment()).orElseThrow();
    }

    /** Whether it holds the data of production: production itself, and what stands in for it. */
    private static boolean isLive(Environment environment) {
        return environment.name().equals(PRODUCTION) || environment.geoReplicated();
    }

    private static long cores(Topology topology) {
        KafkaBrokers brokers = topology.brokers();
        return brokers.resources().limits().cpu().millis() * brokers.replicas() / 1000;
    }

    private static double storage(Topology topology) {
        Storage.Volume data = topology.brokers().storage().data();
        DataSize most = data.expansion().map(Storage.Expansion::upTo).orElse(data.size());
        return (double) most.bytes() * topology.brokers().replicas();
    }

    private static Set<String> words(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(text.split(",", -1)));
        return words.stream().map(String::trim).filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
    }
}
