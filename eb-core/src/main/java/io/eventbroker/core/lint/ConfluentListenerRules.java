package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The listeners of brokers that Confluent for Kubernetes runs, and who may do what. */
final class ConfluentListenerRules {
    private static final String NETWORK = ConfluentRules.DOCS + "co-networking-overview.html";
    private static final String AUTHENTICATION = ConfluentRules.DOCS + "co-authenticate-kafka.html";
    private static final Set<String> TYPES = Set.of("plain", "digest", "mtls", "ldap", "oauth", "bearer", "none");
    private static final Set<String> WITH_PASSWORDS = Set.of("plain", "digest", "ldap");
    private static final Set<String> ACCESS =
            Set.of("loadBalancer", "nodePort", "route", "staticForPortBasedRouting", "staticForHostBasedRouting");

    private static final Map<String, Set<String>> VALUES =
            Map.of("authentication.type", TYPES, "externalAccess.type", ACCESS);

    static final Rule PORT = Rule.error("cfk/listener-port")
            .reason(
                    "The ports of the internal, external and replication listeners are the operator's (9071, 9092, 9072): the"
                            + " field is dropped, and clients find nobody at the port that they were told.")
            .remedy(
                    "Remove the port and use the operator's, or write the listener under custom with a port from 9093 on.")
            .source(NETWORK)
            .onManifests((manifest, report) -> listeners(manifest, (name, listener) -> {
                if (!name.startsWith("custom")) {
                    if (listener.has("port")) {
                        report.finding(
                                listener.path("port"),
                                "the " + name + " listener has no port to be set, found "
                                        + listener.text("port").orElse("something"));
                    }
                } else if (listener.number("port")
                        .filter(port -> port < 9093 || port > 65_535)
                        .isPresent()) {
                    report.finding(
                            listener.path("port"),
                            "expected a port from 9093 to 65535, found "
                                    + listener.text("port").orElse(""));
                }
            }))
            .build();

    static final Rule VALUE = Rule.error("cfk/listener-value")
            .reason("Kubernetes refuses a value that the schema does not list.")
            .remedy("Use one of those that there are.")
            .source(AUTHENTICATION)
            .onManifests((manifest, report) -> {
                listeners(
                        manifest,
                        (name, listener) -> VALUES.forEach((field, known) -> listener.text(field)
                                .filter(type -> !known.contains(type))
                                .ifPresent(type -> report.finding(
                                        listener.path(field),
                                        "expected one of "
                                                + String.join(
                                                        ", ",
                                                        known.stream().sorted().toList()) + ", found '" + type
                                                + "'"))));
                Confluent.kafka(manifest)
                        .ifPresent(resource -> resource.spec()
                                .text("authorization.type")
                                .filter(type -> !type.equals("rbac") && !type.equals("simple"))
                                .ifPresent(type -> report.finding(
                                        "spec.authorization.type", "expected rbac or simple, found '" + type + "'")));
            })
            .build();

    static final Rule NO_TLS = Rule.warning("cfk/listener-without-tls")
            .reason("What goes over the listener can be read and changed by everybody on the way.")
            .remedy("Set tls.enabled: true.")
            .source(ConfluentRules.DOCS + "co-network-encryption.html")
            .onManifests((manifest, report) -> listeners(manifest, (name, listener) -> {
                if (!listener.is("tls.enabled", "true") && !takesPasswords(listener)) {
                    report.finding(listener.path("tls.enabled"), "the " + name + " listener is not encrypted");
                }
            }))
            .build();

    static final Rule PASSWORDS = Rule.error("cfk/passwords-without-tls")
            .reason(
                    "With plain, digest or ldap clients send their passwords; without TLS everybody on the way can read them.")
            .remedy("Set tls.enabled: true.")
            .source(AUTHENTICATION)
            .onManifests((manifest, report) -> listeners(manifest, (name, listener) -> {
                if (!listener.is("tls.enabled", "true") && takesPasswords(listener)) {
                    report.finding(
                            listener.path("tls.enabled"),
                            "the " + name + " listener takes passwords ("
                                    + listener.text("authentication.type").orElse("") + ") without TLS");
                }
            }))
            .build();

    static final Rule NO_CERTIFICATE = Rule.error("cfk/tls-without-certificate")
            .reason("A listener with TLS needs a certificate; the operator does not start brokers that have none.")
            .remedy("Write spec.tls with secretRef or autoGeneratedCerts: true, or a secretRef of the listener's own.")
            .source(ConfluentRules.DOCS + "co-network-encryption.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest).ifPresent(resource -> {
                if (!hasCertificate(resource.spec(), "tls") && !resource.spec().is("tls.autoGeneratedCerts", "true")) {
                    listeners(manifest, (name, listener) -> {
                        if (listener.is("tls.enabled", "true") && !hasCertificate(listener, "tls")) {
                            report.finding(
                                    listener.path("tls"),
                                    "the " + name + " listener has TLS, and nothing says which certificate");
                        }
                    });
                }
            }))
            .build();

    static final Rule NO_AUTHENTICATION = Rule.warning("cfk/listener-without-authentication")
            .reason(
                    "Clients of the listener are ANONYMOUS: with an authorizer they may do nothing, without one everything.")
            .remedy("Add authentication, such as type: mtls.")
            .source(AUTHENTICATION)
            .onManifests((manifest, report) -> listeners(manifest, (name, listener) -> {
                String type = listener.text("authentication.type").orElse("none");
                if (type.equals("none") && !name.equals("replication")) {
                    report.finding(
                            listener.path("authentication"),
                            "clients of the " + name + " listener need not say who they are");
                }
            }))
            .build();

    static final Rule NO_USERS = Rule.error("cfk/plain-without-users")
            .reason(
                    "The operator takes the users of plain and digest from a Secret or a mounted file; without one it does not"
                            + " start the brokers.")
            .remedy("Add authentication.jaasConfig.secretRef, with the users in plain-users.json.")
            .source(AUTHENTICATION)
            .onManifests((manifest, report) -> listeners(manifest, (name, listener) -> {
                if (Set.of("plain", "digest")
                                .contains(listener.text("authentication.type").orElse(""))
                        && !listener.has("authentication.jaasConfig")
                        && !listener.has("authentication.jaasConfigPassThrough")) {
                    report.finding(
                            listener.path("authentication"),
                            "the " + name + " listener takes passwords, and nothing says whose");
                }
            }))
            .build();

    static final Rule NO_ACCESS = Rule.warning("cfk/external-without-access")
            .reason(
                    "Without externalAccess the external listener has no address outside of Kubernetes, and what is advertised"
                            + " on it cannot be reached from there.")
            .remedy("Add externalAccess, such as type: loadBalancer with a domain, or remove the listener.")
            .source(NETWORK)
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .flatMap(resource -> resource.spec().at("listeners.external"))
                    .filter(listener -> !listener.has("externalAccess"))
                    .ifPresent(listener -> report.finding(
                            listener.path("externalAccess"), "the external listener cannot be reached from outside")))
            .build();

    static final Rule RBAC = Rule.error("cfk/rbac-without-mds")
            .reason(
                    "With rbac brokers ask the Metadata Service who may do what; the schema accepts it without one, and the"
                            + " cluster does not start.")
            .remedy("Add services.mds with a tokenKeyPair and a provider, or dependencies.mds of another cluster, and"
                    + " dependencies.kafkaRest; or use type: simple.")
            .source(ConfluentRules.DOCS + "co-rbac.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .filter(resource -> resource.spec().is("authorization.type", "rbac")
                            && !resource.spec().has("services.mds")
                            && !resource.spec().has("dependencies.mds"))
                    .ifPresent(resource -> report.finding(
                            "spec.authorization.type", "rbac needs a Metadata Service, and there is no services.mds")))
            .build();

    static final Rule NO_AUTHORIZATION = Rule.warning("cfk/no-authorization")
            .reason("Without an authorizer everybody who can connect may read, write and delete everything.")
            .remedy("Add authorization with type: simple and superUsers, or type: rbac.")
            .source(ConfluentRules.DOCS + "co-rbac.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .filter(resource -> !resource.spec().has("authorization")
                            && ServerConfig.of(manifest).stream()
                                    .noneMatch(config ->
                                            config.find("authorizer.class.name").isPresent()))
                    .ifPresent(resource -> report.finding("spec.authorization", "nothing says who may do what")))
            .build();

    static final Rule REPORTER = Rule.warning("cfk/metric-reporter")
            .reason(
                    "The metric reporter is a client of the cluster: where the internal listener has TLS, it must have it too,"
                            + " and it cannot do without knowing whether it is enabled.")
            .remedy(
                    "Write metricReporter with enabled, and with tls.enabled and authentication as the internal listener has"
                            + " them.")
            .source(ConfluentRules.DOCS + "co-configure-misc.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .flatMap(resource -> resource.spec().at("metricReporter"))
                    .ifPresent(reporter -> {
                        Spot root = Spot.of(manifest);
                        if (!reporter.has("enabled")) {
                            report.finding(reporter.path(), "metricReporter.enabled is required");
                        } else if (reporter.is("enabled", "true")
                                && !reporter.has("bootstrapEndpoint")
                                && root.is("spec.listeners.internal.tls.enabled", "true")
                                && !reporter.is("tls.enabled", "true")) {
                            report.finding(
                                    reporter.path(),
                                    "the reporter speaks without TLS to the internal listener, which wants it");
                        }
                    }))
            .build();

    static final List<Rule> ALL = List.of(
            PORT,
            VALUE,
            NO_TLS,
            PASSWORDS,
            NO_CERTIFICATE,
            NO_AUTHENTICATION,
            NO_USERS,
            NO_ACCESS,
            RBAC,
            NO_AUTHORIZATION,
            REPORTER);

    private ConfluentListenerRules() {}

    private static void listeners(Manifest manifest, BiConsumer<String, Spot> check) {
        Confluent.kafka(manifest).ifPresent(resource -> {
            for (String name : List.of("internal", "external", "replication")) {
                resource.spec().at("listeners." + name).ifPresent(listener -> check.accept(name, listener));
            }
            List<Spot> custom = new ArrayList<>(resource.spec().items("listeners.custom"));
            custom.forEach(
                    listener -> check.accept("custom " + listener.text("name").orElse("?"), listener));
        });
    }

    private static boolean takesPasswords(Spot listener) {
        return WITH_PASSWORDS.contains(listener.text("authentication.type").orElse(""));
    }

    private static boolean hasCertificate(Spot spot, String tls) {
        return spot.has(tls + ".secretRef") || spot.has(tls + ".directoryPathInContainer");
    }
}
