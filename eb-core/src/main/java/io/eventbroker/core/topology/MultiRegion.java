package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Clusters in several regions, and what is copied between them.
 *
 * @param name of the whole
 * @param mode which of the clusters take writes of applications
 * @param regions at least two, with a cluster each
 * @param flows what is copied where; in active-passive without cycles, in active-active with cycles only where names tell
 *     copies from originals
 */
public record MultiRegion(@Metadata String name, Mode mode, List<Region> regions, List<ReplicationFlow> flows) {

    /** Which clusters take writes of applications. */
    public enum Mode {
        /** All of them. */
        ACTIVE_ACTIVE,
        /** Only those that nothing is copied to; the others stand by. */
        ACTIVE_PASSIVE
    }

    /**
     * A region and its cluster.
     *
     * @param name such as {@code us-east-1}
     * @param cluster the name of a {@link Topology}
     */
    public record Region(
            @Description("The region, such as us-east-1") String name,
            @Description("The name of a Topology") String cluster) {
        public Region {
            Checks.begin()
                    .require(!name.isBlank(), "name", "must not be blank", "name the region")
                    .end();
        }
    }

    public MultiRegion {
        regions = List.copyOf(regions);
        flows = List.copyOf(flows);
        Checks checks = Checks.begin()
                .require(regions.size() >= 2, "regions", "there must be at least two", "name another region");
        Map<String, Integer> clusters = new HashMap<>();
        for (int i = 0; i < regions.size(); i++) {
            Integer other = clusters.putIfAbsent(regions.get(i).cluster(), i);
            checks.require(
                    other == null,
                    "regions[" + i + "].cluster",
                    "'" + regions.get(i).cluster() + "' is also the cluster of regions[" + other + "]",
                    "give each cluster one region");
        }
        checkFlows(mode, clusters.keySet(), flows, checks);
        checks.end();
    }

    private static void checkFlows(Mode mode, Set<String> clusters, List<ReplicationFlow> flows, Checks checks) {
        Map<String, Integer> pairs = new HashMap<>();
        for (int i = 0; i < flows.size(); i++) {
            ReplicationFlow flow = flows.get(i);
            String at = "flows[" + i + "]";
            for (Map.Entry<String, String> end :
                    Map.of("from", flow.from(), "to", flow.to()).entrySet()) {
                checks.require(
                        clusters.contains(end.getValue()),
                        at + "." + end.getKey(),
                        "'" + end.getValue() + "' is not a cluster of these regions; they are "
                                + clusters.stream().sorted().collect(Collectors.joining(", ")),
                        "name one of them, or add its region");
            }
            Integer other = pairs.putIfAbsent(flow.toString(), i);
            checks.require(
                    other == null,
                    at,
                    "flows[" + other + "] already copies " + flow,
                    "write the topics of both in one flow");
            // reported once, at the flow that closes the cycle
            List<String> back = path(flows.subList(0, i), flow.to(), flow.from());
            if (!back.isEmpty()) {
                String cycle = String.join(" → ", back) + " → " + flow.to();
                checks.require(
                        mode == Mode.ACTIVE_ACTIVE,
                        at,
                        "closes the cycle " + cycle + ", so that no cluster stands by",
                        "remove a flow, or choose the mode active-active");
                checks.require(
                        mode == Mode.ACTIVE_PASSIVE
                                || cycleFlows(flows, back, flow).stream()
                                        .anyMatch(part -> part.over().naming() == Replicator.Naming.PREFIXED),
                        at,
                        "in the cycle " + cycle
                                + " no flow renames its topics, so that each record would be copied round"
                                + " and round",
                        "choose the naming prefixed");
            }
        }
    }

    private static List<ReplicationFlow> cycleFlows(
            List<ReplicationFlow> flows, List<String> back, ReplicationFlow closing) {
        List<ReplicationFlow> cycle = new ArrayList<>(List.of(closing));
        for (int i = 0; i + 1 < back.size(); i++) {
            String from = back.get(i);
            String to = back.get(i + 1);
            flows.stream()
                    .filter(flow -> flow.from().equals(from) && flow.to().equals(to))
                    .forEach(cycle::add);
        }
        return cycle;
    }

    /** The clusters on a way from one to the other along the flows, both included; empty if there is none. */
    private static List<String> path(List<ReplicationFlow> flows, String from, String to) {
        Map<String, String> reachedFrom = new HashMap<>();
        List<String> open = new ArrayList<>(List.of(from));
        Set<String> seen = new LinkedHashSet<>(open);
        while (!open.isEmpty()) {
            String here = open.remove(0);
            if (here.equals(to)) {
                List<String> way = new ArrayList<>();
                for (String step = to; step != null; step = reachedFrom.get(step)) {
                    way.add(0, step);
                }
                return way;
            }
            for (ReplicationFlow flow : flows) {
                if (flow.from().equals(here) && seen.add(flow.to())) {
                    reachedFrom.put(flow.to(), here);
                    open.add(flow.to());
                }
            }
        }
        return List.of();
    }

    /** The clusters that take writes of applications, in the order of the regions. */
    public List<String> actives() {
        return regions.stream()
                .map(Region::cluster)
                .filter(cluster -> mode == Mode.ACTIVE_ACTIVE
                        || flows.stream().noneMatch(flow -> flow.to().equals(cluster)))
                .toList();
    }

    /** The clusters that only take copies, in the order of the regions. */
    public List<String> standbys() {
        List<String> active = actives();
        return regions.stream()
                .map(Region::cluster)
                .filter(cluster -> !active.contains(cluster))
                .toList();
    }
}
