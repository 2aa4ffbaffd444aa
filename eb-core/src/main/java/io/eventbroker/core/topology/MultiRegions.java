package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kind that says what is copied between clusters, with its checks against them. */
public final class MultiRegions {
    /** {@code kind: MultiRegion}. */
    public static final Kind<MultiRegion> KIND =
            Kind.of("MultiRegion", MultiRegion.class).withCheckAcross(MultiRegions::checkClusters);

    private MultiRegions() {}

    private static void checkClusters(List<Document<MultiRegion>> documents, Documents all, Findings findings) {
        for (Document<MultiRegion> document : documents) {
            List<MultiRegion.Region> regions = document.value().regions();
            for (int i = 0; i < regions.size(); i++) {
                if (!all.mayExist(Topologies.KIND, regions.get(i).cluster())) {
                    findings.error(
                            document,
                            "spec.regions[" + i + "].cluster",
                            "there is no topology '" + regions.get(i).cluster() + "'; there are "
                                    + all.documents(Topologies.KIND).stream()
                                            .map(Document::name)
                                            .collect(Collectors.joining(", ")),
                            Topologies.remedy(
                                    all,
                                    regions.get(i).cluster(),
                                    "correct it, or describe the cluster with 'kind: Topology'"));
                }
            }
            List<ReplicationFlow> flows = document.value().flows();
            for (int i = 0; i < flows.size(); i++) {
                checkReplicator(document, "spec.flows[" + i + "].over", flows.get(i), all, findings);
            }
        }
    }

    private static void checkReplicator(
            Document<MultiRegion> document, String path, ReplicationFlow flow, Documents all, Findings findings) {
        if (flow.over() instanceof Replicator.MirrorMaker mirrorMaker) {
            String runsIn = mirrorMaker.runsIn().orElse(flow.to());
            if (!runsIn.equals(flow.from()) && !runsIn.equals(flow.to())) {
                findings.error(
                        document,
                        path + ".runsIn",
                        "'" + runsIn + "' is neither end of the flow",
                        "name " + flow.to() + ", which is written to, or " + flow.from());
            } else if (topology(all, runsIn)
                    .filter(cluster -> cluster.mirrorMaker().isEmpty())
                    .isPresent()) {
                findings.error(
                        document,
                        path,
                        "the topology '" + runsIn + "' has no MirrorMaker to copy with",
                        "add 'mirrorMaker' to it, or name another cluster with 'runsIn'");
            }
        } else if (topology(all, flow.to())
                .filter(cluster -> cluster.distribution() instanceof Distribution.Apache)
                .isPresent()) {
            findings.error(
                    document,
                    path,
                    "'" + flow.to() + "' is Apache Kafka, which has no cluster links",
                    "use {type: mirror-maker}");
        }
    }

    private static Optional<Topology> topology(Documents all, String name) {
        return all.find(Topologies.KIND, name).map(Document::value);
    }

    /** Whether a flow leads to or from the cluster, as far as is known. */
    static boolean mayBeReplicated(Documents all, String cluster) {
        return !all.isComplete(KIND)
                || namesAnUnknownCluster(all)
                || all.documents(KIND).stream()
                        .flatMap(document -> document.value().flows().stream())
                        .anyMatch(
                                flow -> flow.to().equals(cluster) || flow.from().equals(cluster));
    }

    /** That is said where it stands; which cluster was meant, and so which flows there are, nobody knows. */
    private static boolean namesAnUnknownCluster(Documents all) {
        return all.documents(KIND).stream()
                .flatMap(document -> document.value().regions().stream())
                .anyMatch(region -> !all.mayExist(Topologies.KIND, region.cluster()));
    }
}
