package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.scaling.BrokerLoad.Holding;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a plan costs and reaches, and what no plan could undercut. Made before the search, finished after it. */
final class Certificate {
    private final long[] bytes;
    private final int[] count;
    private final int[] leaders;
    private final int breaches;

    Certificate(Replicas before) {
        this.bytes = before.bytes.clone();
        this.count = before.count.clone();
        this.leaders = before.leaders.clone();
        this.breaches = breaches(before);
    }

    private static int breaches(Replicas replicas) {
        int breaches = 0;
        for (int p = 0; p < replicas.partitions; p++) {
            breaches += replicas.keepsRackRule(p) ? 0 : 1;
        }
        return breaches;
    }

    PlacementPlan plan(Placement placement, BrokerId[] ids, Replicas after, PlacementSearch search, List<Move> moves) {
        ActionPlan.Builder<Move> plan = ActionPlan.of(
                        PlacementPlan.TYPE,
                        Placement.basis(
                                placement.state().clusterId(),
                                placement.brokers(),
                                placement.state().topics()))
                .actions(moves);

        long moved = 0;
        int leaderChanges = 0;
        for (Move move : moves) {
            moved += move.toCopy().bytes();
            leaderChanges += move.changesLeader() ? 1 : 0;
        }
        long bound = bound(after, search);
        plan.fact(PlacementPlan.BYTES, moved)
                .fact(PlacementPlan.BYTES_BOUND, bound)
                .fact(PlacementPlan.LEADER_CHANGES, leaderChanges)
                .fact(PlacementPlan.BAND, placement.band().percent())
                .fact(PlacementPlan.BUSIEST, busiest(placement, moves))
                .fact(PlacementPlan.BROKERS, CanonicalJson.write(loads(placement, ids, after, search)));
        placement.throttle().ifPresent(rate -> plan.fact(PlacementPlan.THROTTLE, rate.bytesPerSecond()));

        List<BrokerId> outside = new ArrayList<>();
        for (int b = 0; b < ids.length; b++) {
            if (after.bytes[b] < search.lowest(b) || after.bytes[b] > search.highest(b)) {
                outside.add(ids[b]);
            }
        }
        if (!outside.isEmpty()) {
            plan.note("brokers " + outside + " stay outside of " + placement.band() + ": "
                    + (search.ranOut()
                            ? "the search ended at its limit of steps"
                            : "no move or exchange of partitions that the rack rules allow brings them nearer"));
        }
        int breached = breaches(after);
        if (breached > 0) {
            plan.note(
                    breached + " partitions have more replicas in a rack than ⌈replication factor / racks⌉, before the"
                            + " plan " + breaches + "; it adds none, and mends only those that it moves");
        }
        return new PlacementPlan(plan.build());
    }

    /**
     * At least this many bytes had to arrive or leave. Where the band was not reached, what was reached stands for it, or
     * the bound would be one for another plan.
     */
    private long bound(Replicas after, PlacementSearch search) {
        long excess = 0;
        long deficit = 0;
        for (int b = 0; b < after.brokers; b++) {
            excess += Math.max(0, bytes[b] - Math.max(search.highest(b), after.bytes[b]));
            deficit += Math.max(0, Math.min(search.lowest(b), after.bytes[b]) - bytes[b]);
        }
        return Math.max(excess, deficit);
    }

    /** The most bytes that one broker receives or sends. Copies are read from the leader. */
    private static long busiest(Placement placement, List<Move> moves) {
        SortedMap<BrokerId, Long> in = new TreeMap<>();
        SortedMap<BrokerId, Long> out = new TreeMap<>();
        for (Move move : moves) {
            List<BrokerId> arriving = move.arriving();
            if (!arriving.isEmpty()) {
                long each = move.toCopy().bytes() / arriving.size();
                arriving.forEach(id -> in.merge(id, each, Long::sum));
                BrokerId leader = placement
                        .state()
                        .topic(move.topic())
                        .map(topic -> topic.partitions().get(move.partition()))
                        .flatMap(PartitionState::leader)
                        .orElse(move.from().get(0));
                out.merge(leader, move.toCopy().bytes(), Long::sum);
            }
        }
        long busiest = 0;
        for (long bytes : in.values()) {
            busiest = Math.max(busiest, bytes);
        }
        for (long bytes : out.values()) {
            busiest = Math.max(busiest, bytes);
        }
        return busiest;
    }

    private List<BrokerLoad> loads(Placement placement, BrokerId[] ids, Replicas after, PlacementSearch search) {
        List<BrokerLoad> loads = new ArrayList<>();
        for (int b = 0; b < ids.length; b++) {
            Broker broker = placement.brokers().get(ids[b]);
            loads.add(new BrokerLoad(
                    ids[b],
                    broker == null ? "" : broker.rack().orElse(""),
                    DataSize.ofBytes(Math.round(search.fairBytes(b))),
                    new Holding(DataSize.ofBytes(bytes[b]), count[b], leaders[b]),
                    new Holding(DataSize.ofBytes(after.bytes[b]), after.count[b], after.leaders[b])));
        }
        return loads;
    }
}
