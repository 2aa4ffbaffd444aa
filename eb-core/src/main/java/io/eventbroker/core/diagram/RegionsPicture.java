package io.eventbroker.core.diagram;

import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.ReplicationFlow;
import io.eventbroker.core.topology.Replicator;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several clusters and their flows as boxes and arrows. */
final class RegionsPicture {
    private final MultiRegion regions;
    private final Map<String, Topology> topologies = new HashMap<>();

    RegionsPicture(MultiRegion regions, Collection<Topology> topologies) {
        this.regions = regions;
        topologies.forEach(topology -> this.topologies.put(topology.name(), topology));
    }

    Picture draw() {
        List<Box> boxes = new ArrayList<>();
        List<Arrow> arrows = new ArrayList<>();
        Map<String, String> ids = new LinkedHashMap<>();
        List<String> actives = regions.actives();
        for (int i = 0; i < regions.regions().size(); i++) {
            MultiRegion.Region region = regions.regions().get(i);
            String id = "region" + i;
            // arrows end at a box in the region, for the layout does not know arrows to what holds others
            String end = id + "cluster";
            ids.put(region.cluster(), end);
            List<String> lines = new ArrayList<>();
            lines.add("Cluster " + region.cluster());
            lines.add(actives.contains(region.cluster()) ? "active" : "standby");
            List<Box> inside = new ArrayList<>();
            Topology topology = topologies.get(region.cluster());
            if (topology != null) {
                lines.add(topology.distribution() + ", " + topology.environment());
                inside.addAll(TopologyPicture.brokerBoxes(
                        topology, id, List.of(new Box(end, Box.Look.SERVICE, lines, List.of())), arrows));
            } else {
                inside.add(new Box(end, Box.Look.SERVICE, lines, List.of()));
            }
            boxes.add(Box.of(id, Box.Look.CLUSTER, "Region " + region.name()).holding(inside));
        }
        for (ReplicationFlow flow : regions.flows()) {
            arrows.add(new Arrow(end(ids, flow.from()), end(ids, flow.to()), Arrow.Style.REPLICATES, described(flow)));
        }
        return new Picture(boxes, arrows);
    }

    private static String end(Map<String, String> ids, String cluster) {
        String id = ids.get(cluster);
        if (id == null) {
            throw new IllegalStateException(cluster + " has no region"); // MultiRegion refuses it
        }
        return id;
    }

    private static List<String> described(ReplicationFlow flow) {
        String by = flow.over().accept(new Replicator.Handler<>() {
            @Override
            public String mirrorMaker(Replicator.MirrorMaker mirrorMaker) {
                return "MirrorMaker 2 in " + mirrorMaker.runsIn().orElse(flow.to());
            }

            @Override
            public String clusterLink(Replicator.ClusterLink clusterLink) {
                return "cluster link " + clusterLink.link();
            }
        });
        return List.of(by, "topics " + String.join(", ", flow.topics()));
    }
}
