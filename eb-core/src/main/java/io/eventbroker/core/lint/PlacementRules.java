package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.problem.internal.Counted;
import io.eventbroker.core.topology.ControlCenter;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.ReplicationFlow;
import io.eventbroker.core.topology.Replicator;
import io.eventbroker.core.topology.Service;
import io.eventbroker.core.topology.Topology;
import java.util.List;
import java.util.Optional;

/** Where replicas run, and what is left when a zone or a node is lost. */
final class PlacementRules {
    private static final String RACKS = "https://kafka.apache.org/documentation/#basic_ops_racks";

    static final Rule ZONES_BELOW_REPLICATION = Rule.warning("placement/zones-below-replication")
            .reason(
                    "With fewer zones than replicas, two replicas of a partition share a zone, and losing it loses both.")
            .remedy("Add a zone, or lower default.replication.factor.")
            .source(RACKS)
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                int factor = factor(cluster);
                int zones = topology.zonesOf(topology.brokers()).size();
                if (zones > 1 && zones < factor) {
                    report.finding(
                            zonesPath(topology),
                            zones + " zones hold " + factor
                                    + " replicas, so losing one zone can lose two of a partition");
                }
            })
            .build();

    static final Rule EMPTY_ZONE = Rule.warning("placement/empty-zone")
            .reason("A zone without a broker holds no replica, so that the platform is spread less than it says.")
            .remedy("Add brokers, or remove zones.")
            .source(RACKS)
            .onClusters((cluster, report) -> {
                KafkaBrokers brokers = cluster.topology().brokers();
                int zones = cluster.topology().zonesOf(brokers).size();
                if (brokers.replicas() < zones) {
                    report.finding(
                            "spec.brokers.replicas",
                            Counted.of(brokers.replicas(), "broker")
                                    + (brokers.replicas() == 1 ? " leaves" : " leave") + " some of the " + zones
                                    + " zones empty");
                }
            })
            .build();

    static final Rule UNEVEN_ZONES = Rule.warning("placement/uneven-zones")
            .reason(
                    "Kafka gives every zone the same number of replicas, so that the brokers of a zone that has fewer of"
                            + " them carry more.")
            .remedy("Use a multiple of the number of zones.")
            .source(RACKS)
            .onClusters((cluster, report) -> {
                KafkaBrokers brokers = cluster.topology().brokers();
                int zones = cluster.topology().zonesOf(brokers).size();
                if (brokers.replicas() > zones && brokers.replicas() % zones != 0) {
                    report.finding(
                            "spec.brokers.replicas",
                            brokers.replicas() + " brokers over " + zones + " zones: some zones have one more than"
                                    + " others");
                }
            })
            .build();

    static final Rule ONE_ZONE = Rule.warning("placement/one-zone")
            .reason("All replicas are gone together when their zone is.")
            .remedy("Remove the component's zones, so that it is spread over all, or name more of them.")
            .source("https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/")
            .onClusters((cluster, report) -> {
                if (cluster.environment().minZones() > 1) {
                    Topology topology = cluster.topology();
                    topology.componentsByKey().forEach((key, component) -> {
                        if (component.replicas() > 1
                                && topology.zonesOf(component).size() == 1) {
                            report.finding(
                                    "spec." + key + ".zones",
                                    "all " + component.replicas() + " replicas run in the zone "
                                            + topology.zonesOf(component).get(0));
                        }
                    });
                }
            })
            .build();

    static final Rule SINGLE_REPLICA = Rule.warning("placement/single-replica")
            .reason(
                    "A service of one replica is away whenever its pod moves, and no disruption budget can prevent it without"
                            + " keeping the node from being drained.")
            .remedy("Run at least two replicas.")
            .source("https://kubernetes.io/docs/tasks/run-application/configure-pdb/")
            .onClusters((cluster, report) -> {
                if (!cluster.isDevelopment()) {
                    cluster.topology().componentsByKey().forEach((key, component) -> {
                        // one Control Center keeps the state; people can wait for it
                        if (component instanceof Service
                                && !(component instanceof ControlCenter)
                                && component.replicas() == 1) {
                            report.finding(
                                    "spec." + key + ".replicas", "one replica cannot be moved without an interruption");
                        }
                    });
                }
            })
            .build();

    static final Rule READS_ACROSS_ZONES = Rule.info("placement/reads-across-zones")
            .reason(
                    "Consumers read from leaders, most of which are in another zone than they; that takes longer and, in"
                            + " clouds, costs. With a selector, consumers that say their zone read from a replica within it.")
            .remedy("Set replica.selector.class to org.apache.kafka.common.replica.RackAwareReplicaSelector, and"
                    + " client.rack at the consumers.")
            .source("KIP-392: Allow consumers to fetch from closest replica")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                if (cluster.isProduction()
                        && topology.zonesOf(topology.brokers()).size() > 1
                        && cluster.config()
                                .brokers()
                                .find("replica.selector.class")
                                .isEmpty()) {
                    report.finding(
                            "spec.brokers.config[replica.selector.class]",
                            "brokers over "
                                    + topology.zonesOf(topology.brokers()).size()
                                    + " zones have no replica.selector.class, so that consumers read across zones");
                }
            })
            .build();

    static final Rule MIRROR_AT_SOURCE = Rule.warning("placement/mirror-maker-at-source")
            .reason("Across a slow or lossy line consuming recovers better than producing, which times out and copies"
                    + " again; and when the source is lost, so is what copies from it.")
            .remedy("Run MirrorMaker beside the cluster that it writes to: remove runsIn.")
            .source("https://kafka.apache.org/documentation/#georeplication")
            .onClusters((cluster, report) -> {
                for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
                    List<ReplicationFlow> flows = document.value().flows();
                    for (int i = 0; i < flows.size(); i++) {
                        ReplicationFlow flow = flows.get(i);
                        if (flow.from().equals(cluster.topology().name())
                                && flow.over() instanceof Replicator.MirrorMaker mirrorMaker
                                && mirrorMaker.runsIn().equals(Optional.of(flow.from()))) {
                            report.finding(
                                    document,
                                    "spec.flows[" + i + "].over.runsIn",
                                    "the flow " + flow + " runs in '" + flow.from() + "', which it reads from");
                        }
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(
            ZONES_BELOW_REPLICATION,
            EMPTY_ZONE,
            UNEVEN_ZONES,
            ONE_ZONE,
            SINGLE_REPLICA,
            READS_ACROSS_ZONES,
            MIRROR_AT_SOURCE);

    private PlacementRules() {}

    private static int factor(LintedCluster cluster) {
        return (int) cluster.config()
                .brokers()
                .find("default.replication.factor")
                .map(setting -> Numbers.whole(setting.value()).orElse(1))
                .orElse(1L)
                .longValue();
    }

    private static String zonesPath(Topology topology) {
        return topology.brokers().workload().zones().isEmpty() ? "spec.zones" : "spec.brokers.zones";
    }
}
