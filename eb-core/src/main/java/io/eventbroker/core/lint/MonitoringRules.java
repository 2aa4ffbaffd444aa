package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.ControlCenter;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Monitoring;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.Topology;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether anybody would notice. */
final class MonitoringRules {
    private static final String MONITORING = "https://kafka.apache.org/documentation/#monitoring";
    private static final String REPORTER = "https://docs.confluent.io/platform/current/monitor/metrics-reporter.html";

    static final Rule NO_METRICS = Rule.warning("monitoring/no-metrics")
            .reason("Without metrics nobody sees a cluster fail before its users do, nor can say afterwards why.")
            .remedy("Add monitoring.metrics.")
            .source(MONITORING)
            .onClusters((cluster, report) -> {
                if (cluster.isProduction()
                        && cluster.topology().monitoring().metrics().isEmpty()) {
                    report.finding("spec.monitoring.metrics", "no component offers metrics");
                }
            })
            .build();

    private static final RuleSetting<Set<Monitoring.Alert>> ALERTS = new RuleSetting<>(
            "alerts",
            "offline-partitions,under-min-isr,disk-use",
            "the alerts that every cluster must have, with commas between",
            MonitoringRules::alerts);

    static final Rule ALERTS_MISSING = Rule.warning("monitoring/alerts-missing")
            .reason(
                    "Each of these means that data is unavailable, or soon will be, and that somebody must act at once. Also"
                            + " asked for are certificate-expiry where a listener has TLS, for it then refuses every"
                            + " client, and replication-lag where a flow leads to the cluster, for it is what a"
                            + " failover would lose.")
            .remedy("Add them to monitoring.alerts, and rules that raise them.")
            .source(MONITORING)
            .setting(ALERTS)
            .onClusters((cluster, report) -> {
                if (!cluster.isProduction()) {
                    return;
                }
                EnumSet<Monitoring.Alert> missing = EnumSet.noneOf(Monitoring.Alert.class);
                missing.addAll(report.setting(ALERTS));
                if (cluster.topology().components().stream()
                        .flatMap(component -> component.listeners().stream())
                        .anyMatch(Listener::tls)) {
                    missing.add(Monitoring.Alert.CERTIFICATE_EXPIRY);
                }
                if (isCopiedTo(cluster)) {
                    missing.add(Monitoring.Alert.REPLICATION_LAG);
                }
                missing.removeAll(cluster.topology().monitoring().alerts());
                if (!missing.isEmpty()) {
                    report.finding(
                            "spec.monitoring.alerts",
                            "nobody is told of "
                                    + missing.stream()
                                            .map(MonitoringRules::written)
                                            .collect(Collectors.joining(", ")));
                }
            })
            .build();

    private static final RuleSetting<Integer> SECONDS = new RuleSetting<>(
            "seconds", "60", "the longest time between two collections of metrics", Numbers::positive);

    static final Rule COARSE = Rule.info("monitoring/coarse-metrics")
            .reason("What lasts less than two collections is not seen, and an alert comes that much later.")
            .remedy("Collect metrics more often: monitoring.metrics.every.")
            .source("https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config")
            .setting(SECONDS)
            .onClusters((cluster, report) -> cluster.topology()
                    .monitoring()
                    .metrics()
                    .filter(metrics -> cluster.isProduction())
                    .filter(metrics -> metrics.every().toSeconds() > report.setting(SECONDS))
                    .ifPresent(metrics -> report.finding(
                            "spec.monitoring.metrics.every",
                            "metrics are collected every "
                                    + Numbers.time(metrics.every().toMillis()) + "; expected at most "
                                    + report.setting(SECONDS) + " s")))
            .build();

    static final Rule REPORTER_MISSING = Rule.warning("monitoring/metrics-reporter-missing")
            .reason(
                    "Control Center (Legacy) shows what the brokers' metrics reporter writes to a topic; without it, nothing.")
            .remedy("Set monitoring.metricsReporter to true.")
            .source(REPORTER)
            .onClusters((cluster, report) -> {
                Optional<ControlCenter> controlCenter = cluster.topology().controlCenter();
                if (controlCenter.filter(MonitoringRules::isLegacy).isPresent()
                        && cluster.topology().distribution() instanceof Distribution.Confluent
                        && !cluster.topology().monitoring().metricsReporter()) {
                    report.finding(
                            "spec.monitoring.metricsReporter",
                            "there is a Control Center, but no metrics reporter that it could read");
                }
            })
            .build();

    static final Rule REPORTER_UNREAD = Rule.info("monitoring/metrics-reporter-unread")
            .reason(
                    "The metrics reporter is Confluent's, and writes for Control Center (Legacy); from 2.0 on Control Center"
                            + " takes metrics in another way.")
            .remedy(
                    "Set monitoring.metricsReporter to false, unless Auto Data Balancer or something of your own reads its topic.")
            .source(REPORTER)
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                boolean read = topology.distribution() instanceof Distribution.Confluent
                        && topology.controlCenter()
                                .filter(MonitoringRules::isLegacy)
                                .isPresent();
                if (topology.monitoring().metricsReporter() && !read) {
                    report.finding(
                            "spec.monitoring.metricsReporter",
                            "brokers report metrics, but there is no Control Center (Legacy) to read them");
                }
            })
            .build();

    static final List<Rule> ALL = List.of(NO_METRICS, ALERTS_MISSING, COARSE, REPORTER_MISSING, REPORTER_UNREAD);

    private MonitoringRules() {}

    private static boolean isLegacy(Component controlCenter) {
        return controlCenter.workload().version().isEmpty();
    }

    private static boolean isCopiedTo(LintedCluster cluster) {
        String name = cluster.topology().name();
        for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
            if (document.value().flows().stream().anyMatch(flow -> flow.to().equals(name))) {
                return true;
            }
        }
        return false;
    }

    private static String written(Monitoring.Alert alert) {
        return alert.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Set<Monitoring.Alert> alerts(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .map(name -> Arrays.stream(Monitoring.Alert.values())
                        .filter(alert -> written(alert).equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not an alert; there are "
                                + Arrays.stream(Monitoring.Alert.values())
                                        .map(MonitoringRules::written)
                                        .collect(Collectors.joining(", ")))))
                .collect(Collectors.toUnmodifiableSet());
    }
}
