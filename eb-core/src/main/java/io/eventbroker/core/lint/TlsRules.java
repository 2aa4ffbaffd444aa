package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How well TLS is spoken, by servers and by the clients inside components. */
final class TlsRules {
    private static final String SSL = "https://kafka.apache.org/documentation/#security_ssl";
    private static final String LISTENER = "listener.name.";

    static final Rule HOST_NAMES = Rule.error("security/hostname-verification-off")
            .reason(
                    "A client that does not compare the server's name takes any certificate of the same authority for the"
                            + " broker's: whoever has one can stand in the middle.")
            .remedy("Remove it, and issue certificates with the right names.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_ssl.endpoint.identification.algorithm")
            .onClusters((cluster, report) -> {
                for (Configured check :
                        Configured.written(cluster, Configured.endsWith("ssl.endpoint.identification.algorithm"))) {
                    if (check.value().isEmpty()
                            && isOfClients(check, cluster.topology())
                            && Reliance.isReliedOn(cluster)) {
                        check.report(report, "'" + check.key() + "' is empty, which switches the check off");
                    }
                }
                for (Configured check : Configured.written(
                        cluster,
                        key -> key.equals("ssl.hostnameVerification")
                                || key.equals("ssl.quorum.hostnameVerification")
                                || key.equals("zookeeper.ssl.hostnameVerification"))) {
                    if (check.says("false") && Reliance.isReliedOn(cluster)) {
                        check.report(report, check + " switches the check off");
                    }
                }
            })
            .build();

    /** Only who connects compares names: of the listeners those over which brokers and controllers reach each other. */
    private static boolean isOfClients(Configured check, Topology topology) {
        if (!check.key().startsWith(LISTENER)) {
            return true;
        }
        Set<String> own = new TreeSet<>();
        topology.brokers().internalListener().map(Listener::name).ifPresent(own::add);
        topology.controllers()
                .ifPresent(controllers -> own.add(controllers.listener().name()));
        return own.stream().anyMatch(name -> check.key().startsWith(LISTENER + name + "."));
    }

    private static final Set<String> OLD = Set.of("SSL", "SSLV2HELLO", "SSLV2", "SSLV3", "TLSV1", "TLSV1.1");

    static final Rule OLD_TLS = Rule.warning("security/old-tls")
            .reason(
                    "SSL and TLS before 1.2 are broken and forbidden by RFC 8996; current JVMs refuse them, so that clients"
                            + " which need them fail.")
            .remedy("Leave TLSv1.2 and TLSv1.3.")
            .source("RFC 8996: Deprecating TLS 1.0 and TLS 1.1")
            .onClusters((cluster, report) -> {
                for (Configured protocols : Configured.written(
                        cluster,
                        Configured.endsWith("ssl.enabled.protocols")
                                .or(Configured.endsWith("ssl.protocol"))
                                .or("ssl.enabledProtocols"::equals))) {
                    String old = protocols.items().stream()
                            .filter(version -> OLD.contains(version.toUpperCase(Locale.ROOT)))
                            .collect(Collectors.joining(", "));
                    if (!old.isEmpty() && Reliance.isReliedOn(cluster)) {
                        protocols.report(report, protocols.key() + " has " + old);
                    }
                }
            })
            .build();

    static final Rule NO_TLS_1_3 = Rule.info("security/no-tls13")
            .reason(
                    "TLS 1.3 connects with a round trip less and has no weak suites to choose; every supported Kafka speaks"
                            + " it (KIP-573).")
            .remedy("Add TLSv1.3.")
            .source("KIP-573: Enable TLSv1.3 by default")
            .onClusters((cluster, report) -> {
                for (Configured protocols : Configured.written(cluster, Configured.endsWith("ssl.enabled.protocols"))) {
                    if (!protocols.items().isEmpty()
                            && !protocols.items().contains("TLSv1.3")
                            && protocols.setting().reference().isEmpty()) {
                        protocols.report(report, protocols + " leaves out TLSv1.3");
                    }
                }
            })
            .build();

    static final Rule BELOW_MINIMUM = Rule.warning("security/tls-below-minimum")
            .reason(
                    "The property wins over security.minimumTls, so that listeners accept what the topology says they do"
                            + " not.")
            .remedy("Remove ssl.enabled.protocols, or write security.minimumTls: '1.2'.")
            .source(SSL)
            .onClusters((cluster, report) -> {
                for (ConfigTarget target : List.of(ConfigTarget.BROKERS, ConfigTarget.CONTROLLERS)) {
                    for (Configured protocols :
                            Configured.written(cluster, target, Configured.endsWith("ssl.enabled.protocols"))) {
                        if (cluster.topology().security().minimumTls().equals("1.3")
                                && protocols.items().contains("TLSv1.2")) {
                            protocols.report(report, protocols + ", but security.minimumTls is 1.3");
                        }
                    }
                }
            })
            .build();

    /** What neither hides nor proves anything nowadays, and what an eavesdropper opens later with the server's key. */
    private static final Pattern WEAK =
            Pattern.compile("NULL|EXPORT|_RC4_|_RC2_|_DES|3DES|_MD5|_anon_|^(TLS|SSL)_RSA_");

    static final Rule WEAK_CIPHERS = Rule.warning("security/weak-ciphers")
            .reason("These suites do not encrypt, can be broken, or keep no secret once the server's key is known.")
            .remedy("Remove ssl.cipher.suites, or name suites with ECDHE and GCM or ChaCha20 only.")
            .source("RFC 9325: Recommendations for Secure Use of TLS and DTLS")
            .onClusters((cluster, report) -> {
                for (Configured suites : Configured.written(cluster, Configured.endsWith("ssl.cipher.suites"))) {
                    String weak = suites.items().stream()
                            .filter(suite -> WEAK.matcher(suite).find())
                            .collect(Collectors.joining(", "));
                    if (!weak.isEmpty() && Reliance.isReliedOn(cluster)) {
                        suites.report(report, suites.key() + " has " + weak);
                    }
                }
            })
            .build();

    static final Rule PLAIN_CLIENTS = Rule.warning("security/plaintext-client")
            .reason(
                    "A component that connects without TLS sends its records, and its password if it has one, for all to"
                            + " read.")
            .remedy("Use SSL or SASL_SSL, as the listener that it connects to.")
            .source("https://kafka.apache.org/documentation/#producerconfigs_security.protocol")
            .onClusters((cluster, report) -> {
                for (Configured protocol : Configured.written(cluster, Configured.endsWith("security.protocol"))) {
                    if ((protocol.says("PLAINTEXT") || protocol.says("SASL_PLAINTEXT"))
                            && !Listening.isMeshed(cluster.topology())
                            && Reliance.isReliedOn(cluster)) {
                        protocol.report(report, protocol.toString());
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(HOST_NAMES, OLD_TLS, NO_TLS_1_3, BELOW_MINIMUM, WEAK_CIPHERS, PLAIN_CLIENTS);

    private TlsRules() {}
}
