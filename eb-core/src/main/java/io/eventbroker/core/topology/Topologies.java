package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kind that describes clusters, with its checks against environments and zones. */
public final class Topologies {
    /** {@code kind: Topology}. */
    public static final Kind<Topology> KIND = Kind.of("Topology", Topology.class)
            .withCheckAcross(Topologies::checkEnvironments)
            .withCheck(Topologies::warn);

    private Topologies() {}

    private static void checkEnvironments(List<Document<Topology>> topologies, Documents all, Findings findings) {
        for (Document<Topology> document : topologies) {
            Topology topology = document.value();
            Optional<Environment> environment = Environments.find(all, topology.environment());
            if (environment.isPresent()) {
                checkScale(document, environment.get(), findings);
                checkReplication(document, environment.get(), all, findings);
            } else if (!all.mayExist(Environments.KIND, topology.environment())) {
                String known = Stream.concat(
                                Environments.standard().stream().map(Environment::name),
                                all.documents(Environments.KIND).stream().map(Document::name))
                        .distinct()
                        .collect(Collectors.joining(", "));
                findings.error(
                        document,
                        "spec.environment",
                        "unknown environment '" + topology.environment() + "'; there are " + known,
                        "correct it, or define it with 'kind: Environment'");
            }
        }
    }

    private static void checkScale(Document<Topology> document, Environment environment, Findings findings) {
        Topology topology = document.value();
        int brokers = topology.brokers().replicas();
        if (brokers < environment.minBrokers()
                || (environment.maxBrokers().isPresent()
                        && brokers > environment.maxBrokers().get())) {
            findings.error(
                    document,
                    "spec.brokers.replicas",
                    brokers + (brokers == 1 ? " broker does" : " brokers do") + " not suit the environment '"
                            + environment.name() + "', which asks for " + environment.brokersInWords(),
                    "change the number, choose another environment, or describe one (kind: Environment)");
        }
        int zones = topology.zonesOf(topology.brokers()).size();
        if (zones < environment.minZones()) {
            findings.error(
                    document,
                    topology.brokers().workload().zones().isEmpty() ? "spec.zones" : "spec.brokers.zones",
                    zones + (zones == 1 ? " zone does" : " zones do") + " not suit the environment '"
                            + environment.name() + "', which asks for at least " + environment.minZones(),
                    "add zones, choose another environment, or describe one (kind: Environment)");
        }
    }

    private static void checkReplication(
            Document<Topology> document, Environment environment, Documents all, Findings findings) {
        String name = document.value().name();
        if (environment.geoReplicated() && !MultiRegions.mayBeReplicated(all, name)) {
            findings.error(
                    document,
                    "spec.environment",
                    "the environment '" + environment.name() + "' is geo-replicated, but no flow copies to or from '"
                            + name + "'",
                    "describe the flow with 'kind: MultiRegion', or choose another environment");
        }
    }

    private static void warn(Document<Topology> document, Findings findings) {
        Topology topology = document.value();
        KafkaBrokers brokers = topology.brokers();
        warnOfReleases(document, findings);
        int factor = brokers.defaultReplicationFactor();
        int zones = topology.zonesOf(brokers).size();
        if (zones > 1 && zones < factor) {
            findings.warning(
                    document,
                    "spec.zones",
                    zones + " zones hold " + factor + " replicas, so losing one zone can lose two of a partition",
                    "add a zone");
        }
        if (brokers.replicas() < zones) {
            findings.warning(
                    document,
                    "spec.brokers.replicas",
                    brokers.replicas() + " brokers leave some of the " + zones + " zones empty",
                    "add brokers or remove zones");
        }
    }

    /** An init container has the version of the operator that it belongs to. */
    private static final Pattern OPERATOR =
            Pattern.compile("(?:.*/)?confluent-init-container:([0-9]+\\.[0-9]+(?:\\.[0-9]+)?)(?:[@-].*)?");

    private static void warnOfReleases(Document<Topology> document, Findings findings) {
        Topology topology = document.value();
        if (Compatibility.isBeyond(topology.distribution())) {
            findings.warning(
                    document,
                    "spec.distribution.version",
                    topology.distribution() + " is newer than what is known of releases here, so that checks by version"
                            + " may miss something",
                    "update the SDK when it can");
        }
        if (topology.distribution() instanceof Distribution.Confluent confluent) {
            topology.componentsByKey()
                    .forEach((key, component) -> component
                            .image()
                            .init()
                            .map(OPERATOR::matcher)
                            .filter(Matcher::matches)
                            .map(matcher -> Version.parse(matcher.group(1)))
                            .flatMap(Compatibility::operator)
                            .filter(release -> !release.worksWith(confluent.version()))
                            .ifPresent(release -> findings.warning(
                                    document,
                                    "spec." + key + ".image.init",
                                    "Confluent for Kubernetes " + minor(release.version()) + " runs Confluent Platform "
                                            + minor(release.from()) + " to " + minor(release.to()) + ", not "
                                            + confluent.version(),
                                    "use the init container of an operator that runs it")));
        }
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }
}
