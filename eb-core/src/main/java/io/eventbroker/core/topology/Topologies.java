package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Nearest;
import java.util.List;
import java.util.Optional;

/** The kind that describes clusters, with its checks against environments and zones. */
public final class Topologies {
    /** {@code kind: Topology}. */
    public static final Kind<Topology> KIND =
            Kind.of("Topology", Topology.class).withCheckAcross(Topologies::checkEnvironments);

    private Topologies() {}

    private static void checkEnvironments(List<Document<Topology>> topologies, Documents all, Findings findings) {
        for (Document<Topology> document : topologies) {
            Topology topology = document.value();
            Optional<Environment> environment = Environments.find(all, topology.environment());
            if (environment.isPresent()) {
                checkScale(document, environment.get(), findings);
                checkReplication(document, environment.get(), all, findings);
            } else if (!all.mayExist(Environments.KIND, topology.environment())) {
                List<String> known = Environments.names(all);
                findings.error(
                        document,
                        "spec.environment",
                        "unknown environment '" + topology.environment() + "'; there are " + String.join(", ", known),
                        Nearest.to(topology.environment(), known)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("correct it, or define it with 'kind: Environment'"));
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

    /** What to do about a name that no topology has: asks for the nearest one that there is, if there is one. */
    public static String remedy(Documents all, String name, String otherwise) {
        return Nearest.to(name, all.documents(KIND).stream().map(Document::name).toList())
                .map(near -> "did you mean '" + near + "'?")
                .orElse(otherwise);
    }
}
