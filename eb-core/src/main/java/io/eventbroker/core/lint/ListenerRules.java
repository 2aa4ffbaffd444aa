package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener.Authentication;
import io.eventbroker.core.topology.Security.Protocol;
import java.util.List;
import java.util.Locale;

/** Who can read what a listener of brokers, controllers or ZooKeeper says, and who may connect to it. */
final class ListenerRules {
    private static final String LISTENERS = "https://kafka.apache.org/documentation/#listener_configuration";
    private static final String SASL = "https://kafka.apache.org/documentation/#security_sasl";

    static final Rule PLAINTEXT = Rule.error("security/plaintext")
            .reason("Records, names and passwords can be read and changed by whoever is on the way.")
            .remedy("Remove 'tls: false'.")
            .source(LISTENERS)
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    if (isPlain(one, cluster) && isGrave(one, cluster)) {
                        report.finding(
                                one.path(), one + " speaks " + one.listener().securityProtocol());
                    }
                }
            })
            .build();

    static final Rule PLAINTEXT_REHEARSED = Rule.warning("security/plaintext-before-production")
            .reason("What is not encrypted before production is not tested before production: certificates and clients"
                    + " meet TLS there for the first time.")
            .remedy("Remove 'tls: false'.")
            .source(LISTENERS)
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    if (isPlain(one, cluster) && !isGrave(one, cluster)) {
                        report.finding(
                                one.path(), one + " speaks " + one.listener().securityProtocol());
                    }
                }
            })
            .build();

    private static boolean isPlain(Listening one, LintedCluster cluster) {
        boolean meshed = Listening.isMeshed(cluster.topology()) && !one.isExternal();
        return !one.isHttp() && !one.listener().tls() && !meshed && Reliance.isReliedOn(cluster);
    }

    private static boolean isGrave(Listening one, LintedCluster cluster) {
        return cluster.isProduction() || one.isExternal();
    }

    static final Rule PROTOCOLS = Rule.warning("security/protocols-allow-plaintext")
            .reason("The list is there to refuse listeners that should not be; with plaintext in it, it refuses nothing"
                    + " that matters.")
            .remedy("Leave ssl and sasl-ssl only.")
            .source("org.apache.kafka.common.security.auth.SecurityProtocol")
            .onClusters((cluster, report) -> {
                for (Protocol protocol : Protocol.values()) {
                    if (protocol.name().endsWith("PLAINTEXT")
                            && cluster.topology().security().protocols().contains(protocol)
                            && !Listening.isMeshed(cluster.topology())
                            && Reliance.isReliedOn(cluster)) {
                        report.finding(
                                "spec.security.protocols",
                                protocol.name().toLowerCase(Locale.ROOT).replace('_', '-') + " is allowed");
                    }
                }
            })
            .build();

    static final Rule OPEN_EXTERNAL = Rule.error("security/unauthenticated-external")
            .reason("Anyone who reaches the listener is let in as User:ANONYMOUS; access rules cannot tell one from"
                    + " another.")
            .remedy("Choose an authentication such as mtls.")
            .source("https://kafka.apache.org/documentation/#security_overview")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    if (one.isExternal() && !one.isHttp() && one.is(Authentication.NONE)) {
                        report.finding(one.path(), one + " lets anyone outside connect");
                    }
                }
            })
            .build();

    static final Rule OPEN_INTERNAL = Rule.warning("security/unauthenticated-internal")
            .reason(
                    "Whatever runs beside the brokers is let in without a name, to Kafka as User:ANONYMOUS; access rules"
                            + " cannot tell one from another.")
            .remedy("Choose an authentication such as mtls.")
            .source("https://kafka.apache.org/documentation/#security_overview")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    if (!one.isExternal()
                            && !one.isHttp()
                            && one.is(Authentication.NONE)
                            && !AuthorizationRules.isNameless(one, cluster) // which is worse, and said there
                            && Reliance.isReliedOn(cluster)) {
                        report.finding(one.path(), one + " has no authentication");
                    }
                }
            })
            .build();

    static final Rule BETWEEN_BROKERS = Rule.warning("security/inter-broker-external")
            .reason("Brokers replicate over a listener that is meant for clients: their traffic leaves through the load"
                    + " balancer, and stops with it.")
            .remedy("Add an internal listener; the first one is the brokers' own.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_inter.broker.listener.name")
            .onClusters((cluster, report) -> {
                if (cluster.topology().brokers().internalListener().isEmpty()) {
                    report.finding("spec.brokers.listeners", "every listener of the brokers is external");
                }
            })
            .build();

    static final Rule TWO_ANSWERS = Rule.error("security/inter-broker-protocol")
            .reason(
                    "The model names the listener between brokers; Kafka refuses to start when security.inter.broker.protocol"
                            + " is there too.")
            .remedy("Remove security.inter.broker.protocol.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_security.inter.broker.protocol")
            .onClusters((cluster, report) -> {
                for (Configured protocol :
                        Configured.written(cluster, ConfigTarget.BROKERS, "security.inter.broker.protocol"::equals)) {
                    if (cluster.topology().brokers().internalListener().isPresent()) {
                        protocol.report(report, protocol + " beside inter.broker.listener.name");
                    }
                }
            })
            .build();

    static final Rule OPTIONAL_CERTIFICATE = Rule.error("security/client-certificate-optional")
            .reason(
                    "Unless a certificate is required, a client without one is let in as User:ANONYMOUS through a listener"
                            + " whose name promises mutual TLS.")
            .remedy("Remove it; the listener's authentication says it.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_ssl.client.auth")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    ConfigTarget target =
                            one.component() instanceof KafkaBrokers ? ConfigTarget.BROKERS : ConfigTarget.CONTROLLERS;
                    if (one.is(Authentication.MTLS) && !one.isHttp()) {
                        for (Configured auth :
                                Configured.written(cluster, target, one.property("ssl.client.auth")::equals)) {
                            if (auth.says("none") || auth.says("requested")) {
                                auth.report(report, auth + ", but the listener's authentication is mtls");
                            }
                        }
                    }
                }
            })
            .build();

    static final Rule PLAIN_IN_CLEAR = Rule.error("security/plain-without-tls")
            .reason("SASL PLAIN sends name and password as they are; without TLS whoever is on the way has them.")
            .remedy("Remove PLAIN, or switch TLS on.")
            .source(SASL + "_plain")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.ofBrokers(cluster.topology())) {
                    if (!one.listener().tls() && one.listener().authentication().isSasl()) {
                        for (Configured mechanisms : Configured.written(
                                cluster, ConfigTarget.BROKERS, one.property("sasl.enabled.mechanisms")::equals)) {
                            if (mechanisms.items().contains("PLAIN")) {
                                mechanisms.report(report, mechanisms + ", but " + one + " is not encrypted");
                            }
                        }
                    }
                }
            })
            .build();

    static final Rule PLAIN = Rule.info("security/plain")
            .reason(
                    "Unless a callback asks a directory, PLAIN keeps every client's password in the brokers' files, and a"
                            + " new one needs a restart.")
            .remedy("Prefer mtls, oauthbearer or scram-sha-512.")
            .source(SASL + "_plain_production")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.ofBrokers(cluster.topology())) {
                    boolean asks = cluster.config().brokers().settings().stream()
                            .anyMatch(setting -> setting.key().endsWith("plain.sasl.server.callback.handler.class"));
                    if (!one.isExternal() || asks || !Reliance.isReliedOn(cluster)) {
                        continue;
                    }
                    if (one.is(Authentication.PLAIN)) {
                        report.finding(one.path(), one + " uses PLAIN");
                    }
                    for (Configured mechanisms : Configured.written(
                            cluster, ConfigTarget.BROKERS, one.property("sasl.enabled.mechanisms")::equals)) {
                        if (!one.is(Authentication.PLAIN) && mechanisms.items().contains("PLAIN")) {
                            mechanisms.report(report, mechanisms + ", so that " + one + " takes PLAIN too");
                        }
                    }
                }
            })
            .build();

    static final Rule SHORT_SCRAM = Rule.info("security/scram-sha-256")
            .reason("Both are supported everywhere; SHA-512 makes it dearer to guess passwords from stolen metadata.")
            .remedy("Use scram-sha-512.")
            .source(SASL + "_scram")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.ofBrokers(cluster.topology())) {
                    if (one.is(Authentication.SCRAM_SHA_256) && Reliance.isReliedOn(cluster)) {
                        report.finding(one.path(), one + " uses SCRAM-SHA-256");
                    }
                }
            })
            .build();

    static final Rule UNSIGNED_TOKENS = Rule.error("security/unsecured-tokens")
            .reason(
                    "The handlers for unsecured tokens take any token for true: whoever writes a name into one is that.")
            .remedy("Use OAuthBearerValidatorCallbackHandler with the keys of the identity provider.")
            .source(SASL + "_oauthbearer")
            .onClusters((cluster, report) -> {
                for (Configured handler :
                        Configured.written(cluster, Configured.endsWith("sasl.server.callback.handler.class"))) {
                    if (handler.value().contains("OAuthBearerUnsecured") && Reliance.isReliedOn(cluster)) {
                        handler.report(report, "'" + handler.key() + "' accepts tokens that nobody signed");
                    }
                }
            })
            .build();

    static final Rule TOKEN_AUDIENCE = Rule.warning("security/token-audience")
            .reason(
                    "Without an expected audience the brokers accept tokens that the identity provider issued for any other"
                            + " application.")
            .remedy("Set sasl.oauthbearer.expected.audience.")
            .source("KIP-768: Extend SASL/OAUTHBEARER with Support for OIDC")
            .onClusters((cluster, report) -> {
                String audience = "sasl.oauthbearer.expected.audience";
                boolean expected = cluster.config().brokers().settings().stream()
                        .anyMatch(setting -> setting.key().endsWith(audience)
                                && !setting.value().isBlank());
                for (Configured keys : Configured.written(
                        cluster, ConfigTarget.BROKERS, Configured.endsWith("sasl.oauthbearer.jwks.endpoint.url"))) {
                    if (!expected && Reliance.isReliedOn(cluster)) {
                        keys.report(report, "'" + keys.key() + "' is set, but " + audience + " is not");
                    }
                }
            })
            .build();

    static final Rule TOKENS_IN_CLEAR = Rule.error("security/token-endpoint-without-tls")
            .reason("Whoever is on the way can replace the keys that tokens are checked with, or read the tokens.")
            .remedy("Use https.")
            .source("KIP-768: Extend SASL/OAUTHBEARER with Support for OIDC")
            .onClusters((cluster, report) -> {
                for (Configured url : Configured.written(
                        cluster,
                        Configured.endsWith("sasl.oauthbearer.jwks.endpoint.url")
                                .or(Configured.endsWith("sasl.oauthbearer.token.endpoint.url")))) {
                    if (url.value().toLowerCase(Locale.ROOT).startsWith("http:") && Reliance.isReliedOn(cluster)) {
                        url.report(report, "'" + url.key() + "' does not use https");
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(
            PLAINTEXT,
            PLAINTEXT_REHEARSED,
            PROTOCOLS,
            OPEN_EXTERNAL,
            OPEN_INTERNAL,
            BETWEEN_BROKERS,
            TWO_ANSWERS,
            OPTIONAL_CERTIFICATE,
            PLAIN_IN_CLEAR,
            PLAIN,
            SHORT_SCRAM,
            UNSIGNED_TOKENS,
            TOKEN_AUDIENCE,
            TOKENS_IN_CLEAR);

    private ListenerRules() {}
}
