package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Network;
import io.eventbroker.core.topology.Service;
import java.util.List;

/** How clients from outside find their way in. Whether they are who they say is the concern of other rules. */
final class NetworkRules {
    private static final String ADVERTISED =
            "https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners";

    static final Rule NO_DOMAIN = Rule.warning("network/no-domain")
            .reason(
                    "Clients bootstrap from one address, and then connect to the address that each broker advertises. Without a"
                            + " domain an external listener has no name that lasts, and none for its certificate.")
            .remedy("Set network.externalDomain.")
            .source(ADVERTISED)
            .onClusters((cluster, report) -> {
                if (cluster.topology().network().externalDomain().isEmpty()) {
                    external(
                            cluster.topology().brokers().listeners(),
                            (i, listener) -> report.finding(
                                    "spec.brokers.listeners[" + i + "]",
                                    "the listener '" + listener.name()
                                            + "' is external, but there is no externalDomain"));
                }
            })
            .build();

    static final Rule DOMAIN_UNUSED = Rule.info("network/domain-unused")
            .reason("A domain below which nothing is reached is a leftover, or a listener was meant to be external.")
            .remedy("Remove network.externalDomain, or set the exposure of a listener to external.")
            .source("io.eventbroker.core.topology.Network")
            .onClusters((cluster, report) -> {
                boolean exposed = cluster.topology().components().stream()
                        .flatMap(component -> component.listeners().stream())
                        .anyMatch(listener -> listener.exposure() == Listener.Exposure.EXTERNAL);
                if (cluster.topology().network().externalDomain().isPresent()
                        && !exposed
                        && cluster.topology().network().gateways().isEmpty()) {
                    report.finding(
                            "spec.network.externalDomain",
                            "'" + cluster.topology().network().externalDomain().get()
                                    + "' has nothing below it: no listener is external");
                }
            })
            .build();

    static final Rule INGRESS_WITHOUT_TLS = Rule.error("network/ingress-without-tls")
            .reason("An ingress finds the broker by the name in the TLS handshake. Without TLS there is no name, and no"
                    + " connection.")
            .remedy("Remove 'tls: false' of the listener, or choose another network.access.")
            .source("https://kubernetes.github.io/ingress-nginx/user-guide/tls/#ssl-passthrough")
            .onClusters((cluster, report) -> {
                if (cluster.topology().network().access() == Network.Access.INGRESS) {
                    external(cluster.topology().brokers().listeners(), (i, listener) -> {
                        if (!listener.tls()) {
                            report.finding(
                                    "spec.brokers.listeners[" + i + "].tls",
                                    "the listener '" + listener.name() + "' is reached through an ingress, but has no"
                                            + " TLS");
                        }
                    });
                }
            })
            .build();

    static final Rule EXPOSED_SERVICE = Rule.warning("network/exposed-service")
            .reason(
                    "HTTP interfaces of the platform administer it: they create connectors, delete schemas, run queries. What"
                            + " reaches them from outside should be authenticated and limited before.")
            .remedy("Put a gateway in front of it (network.gateways), or make the listener internal.")
            .source(
                    "https://docs.confluent.io/platform/current/kafka-rest/production-deployment/rest-proxy/security.html")
            .onClusters((cluster, report) -> {
                if (cluster.isDevelopment()) {
                    return;
                }
                List<Network.Gateway> gateways = cluster.topology().network().gateways();
                cluster.topology().componentsByKey().forEach((key, component) -> {
                    if (component instanceof Service
                            && gateways.stream()
                                    .noneMatch(gateway -> gateway.to().contains(key))) {
                        external(
                                component.listeners(),
                                (i, listener) -> report.finding(
                                        "spec." + key + ".listeners[" + i + "]",
                                        "the listener '" + listener.name()
                                                + "' is reached from outside without a gateway"));
                    }
                });
            })
            .build();

    static final Rule NO_FIREWALL = Rule.info("network/gateway-without-firewall")
            .reason(
                    "A gateway that applications reach from outside is where requests that look like attacks can be stopped.")
            .remedy("Set firewall to true once the gateway filters requests.")
            .source("https://owasp.org/www-community/Web_Application_Firewall")
            .onClusters((cluster, report) -> {
                if (cluster.isProduction() && cluster.topology().network().access() != Network.Access.INTERNAL_ONLY) {
                    List<Network.Gateway> gateways =
                            cluster.topology().network().gateways();
                    for (int i = 0; i < gateways.size(); i++) {
                        Network.Gateway gateway = gateways.get(i);
                        if (gateway.purpose() == Network.Purpose.API && !gateway.firewall()) {
                            report.finding(
                                    "spec.network.gateways[" + i + "].firewall",
                                    "the gateway '" + gateway.name() + "' filters nothing");
                        }
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(NO_DOMAIN, DOMAIN_UNUSED, INGRESS_WITHOUT_TLS, EXPOSED_SERVICE, NO_FIREWALL);

    private NetworkRules() {}

    private interface Each {
        void listener(int position, Listener listener);
    }

    private static void external(List<Listener> listeners, Each each) {
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).exposure() == Listener.Exposure.EXTERNAL) {
                each.listener(i, listeners.get(i));
            }
        }
    }
}
