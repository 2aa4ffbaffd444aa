package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.topology.Listener.Authentication;
import io.eventbroker.core.topology.Network;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.Locale;

/** Who may call the services beside the brokers, which speak HTTP, and what may be done through them. */
final class ServiceAccessRules {
    static final Rule PLAIN_HTTP = Rule.warning("security/http-without-tls")
            .reason("Schemas, connector configurations, records and passwords go over the wire for all to read.")
            .remedy("Remove 'tls: false'.")
            .source("https://docs.confluent.io/platform/current/security/protect-data/encrypt-tls.html")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    boolean meshed = Listening.isMeshed(cluster.topology()) && !one.isExternal();
                    if (one.isHttp() && !one.listener().tls() && !meshed && Reliance.isReliedOn(cluster)) {
                        report.finding(one.path(), one + " speaks HTTP without TLS");
                    }
                }
            })
            .build();

    static final Rule OPEN_HTTP = Rule.warning("security/http-without-authentication")
            .reason(
                    "A service acts with its own rights for whoever calls it: who can reach Connect starts connectors, who"
                            + " can reach the registry changes schemas, who can reach ksqlDB reads topics.")
            .remedy("Choose an authentication such as mtls, or put a gateway or a mesh with mutual TLS in front.")
            .source("https://docs.confluent.io/platform/current/security/authentication/overview.html")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                for (Listening one : Listening.of(topology)) {
                    boolean meshed = Listening.isMeshed(topology) && !one.isExternal();
                    if (one.isHttp()
                            && one.is(Authentication.NONE)
                            && !meshed
                            && !isBehindGateway(one, topology)
                            && Reliance.isReliedOn(cluster)) {
                        report.finding(one.path(), one + " has no authentication");
                    }
                }
            })
            .build();

    /** Gateways for people and for applications know who calls; one that only routes does not. */
    private static boolean isBehindGateway(Listening one, Topology topology) {
        return topology.network().gateways().stream()
                .anyMatch(gateway -> gateway.purpose() != Network.Purpose.INGRESS
                        && gateway.to().contains(one.component().key()));
    }

    /** Before it a connector could make a worker load classes from a server of its choice. */
    private static final Version WITHOUT_JNDI = Version.of(3, 4);

    static final Rule OVERRIDES = Rule.warning("security/connect-client-overrides")
            .reason(
                    "With the policy All a connector sets any property of its clients, its login module too: whoever may"
                            + " start one acts with rights of his choice, and before Kafka 3.4 runs code in the worker"
                            + " (CVE-2023-25194).")
            .remedy("Set connector.client.config.override.policy to Principal or None.")
            .source("KIP-458: Connector Client Config Override Policy; CVE-2023-25194")
            .onClusters((cluster, report) -> {
                boolean old = cluster.topology().distribution().kafka().isBefore(WITHOUT_JNDI);
                for (Configured policy :
                        Configured.of(cluster, ConfigTarget.CONNECT, "connector.client.config.override.policy")) {
                    if (policy.says("All") && (policy.isWritten() || old) && Reliance.isReliedOn(cluster)) {
                        policy.report(
                                report,
                                policy
                                        + (old
                                                ? " on Kafka "
                                                        + cluster.topology()
                                                                .distribution()
                                                                .kafka()
                                                : ""));
                    }
                }
            })
            .build();

    static final Rule ADVERTISED = Rule.warning("security/connect-advertises-http")
            .reason(
                    "Workers pass requests on to the one that leads, at the listener that it advertises: over http they are"
                            + " sent in clear, or refused where only https listens.")
            .remedy("Remove rest.advertised.listener, or write https.")
            .source("https://kafka.apache.org/documentation/#connectconfigs_rest.advertised.listener")
            .onClusters((cluster, report) -> cluster.topology().connect().ifPresent(connect -> {
                boolean tls = connect.listeners().stream().anyMatch(listener -> listener.tls());
                for (Configured advertised :
                        Configured.written(cluster, ConfigTarget.CONNECT, "rest.advertised.listener"::equals)) {
                    if (tls && advertised.says("http")) {
                        advertised.report(report, advertised + ", but the listeners of connect use TLS");
                    }
                }
                for (Configured host :
                        Configured.written(cluster, ConfigTarget.CONNECT, "rest.advertised.host.name"::equals)) {
                    String name = host.value().toLowerCase(Locale.ROOT);
                    if (connect.replicas() > 1 && (name.equals("localhost") || name.startsWith("127."))) {
                        host.report(
                                report,
                                host + ", so that each worker passes requests for the others to itself",
                                "Remove rest.advertised.host.name.");
                    }
                }
            }))
            .build();

    static final List<Rule> ALL = List.of(PLAIN_HTTP, OPEN_HTTP, OVERRIDES, ADVERTISED);

    private ServiceAccessRules() {}
}
