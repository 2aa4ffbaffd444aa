package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.PlanBasis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Plans where replicas should be: bytes on disk within a band around each broker's fair share at the price of as few
 * bytes copied as can be, replica and preferred-leader counts along with them, and no partition with two replicas on a
 * broker or more than ⌈replication factor / racks⌉ in a rack that was not so before.
 *
 * <p>Planning is pure: the same state gives the same plan to the bit, on any machine. Law: planning the state that a plan
 * leads to gives an empty plan. Immutable; each method gives a changed copy.
 */
public final class Placement {
    private static final Band DEFAULT_BAND = Band.percent(10);
    private static final int MAX_STEPS = 2_000_000;

    private final ClusterState state;
    private final SortedMap<BrokerId, Broker> brokers;
    private final SortedSet<BrokerId> draining;
    private final Band band;
    private final Optional<Rate> throttle;

    private Placement(
            ClusterState state,
            SortedMap<BrokerId, Broker> brokers,
            SortedSet<BrokerId> draining,
            Band band,
            Optional<Rate> throttle) {
        this.state = state;
        this.brokers = Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
        this.draining = Collections.unmodifiableSortedSet(new TreeSet<>(draining));
        this.band = band;
        this.throttle = throttle;
    }

    /**
     * Starts from a cluster that was read with {@link ClusterState.Part#SIZES}. All of its brokers take part.
     */
    public static Placement of(ClusterState state) {
        return new Placement(state, state.brokers(), new TreeSet<>(), DEFAULT_BAND, Optional.empty());
    }

    /**
     * Counts on these brokers too, which may still be unknown to the cluster. The plan can only be run once they are
     * there, in these racks.
     *
     * @throws EventBrokerException if one is known to be in another rack
     */
    public Placement withBrokers(Broker... added) {
        SortedMap<BrokerId, Broker> more = new TreeMap<>(brokers);
        for (Broker broker : added) {
            Broker known = more.putIfAbsent(broker.id(), broker);
            if (known != null && !known.rack().equals(broker.rack())) {
                throw new EventBrokerException("broker " + broker.id() + " is in rack "
                        + known.rack().orElse("(none)") + " of the cluster, not in "
                        + broker.rack().orElse("(none)"));
            }
        }
        return new Placement(state, more, draining, band, throttle);
    }

    /**
     * Requires that these brokers are there: a broker that was added and has not registered is no part of a plan
     * unnoticed.
     *
     * @throws EventBrokerException if one is not
     */
    public Placement withBrokers(BrokerId... added) {
        for (BrokerId id : added) {
            if (!brokers.containsKey(id)) {
                throw new EventBrokerException("broker " + id + " is not registered, the cluster has "
                        + brokers.keySet() + "; start it and read the cluster again, or give its rack as a Broker");
            }
        }
        return this;
    }

    /** Moves everything off these brokers, which may be dead, and nothing onto them. */
    public Placement draining(BrokerId... leaving) {
        SortedSet<BrokerId> more = new TreeSet<>(draining);
        more.addAll(Arrays.asList(leaving));
        return new Placement(state, brokers, more, band, throttle);
    }

    /** How far from its fair share a broker may be; ±10 % unless told. */
    public Placement within(Band wanted) {
        return new Placement(state, brokers, draining, wanted, throttle);
    }

    /** Has the plan say how long it takes at least at this throttle, which applies to each broker and direction. */
    public Placement throttledAt(Rate rate) {
        return new Placement(state, brokers, draining, band, Optional.of(rate));
    }

    /**
     * Plans.
     *
     * @throws EventBrokerException if sizes are unknown, a broker that is not being drained holds replicas and is not
     *     alive, only some brokers have a rack, or a draining broker cannot be emptied
     */
    public PlacementPlan plan() {
        BrokerId[] ids = requirePlannable();
        Replicas now = replicas(ids);
        int[] before = now.replica.clone();
        Certificate certificate = new Certificate(now);

        PlacementSearch search = new PlacementSearch(now, band, MAX_STEPS);
        search.run();
        takeBack(now, before, search);
        search.run();

        boolean[] moved = new boolean[now.partitions];
        for (int p = 0; p < now.partitions; p++) {
            now.keepPlaces(p, before);
            moved[p] =
                    !Arrays.equals(before, now.start[p], now.start[p + 1], now.replica, now.start[p], now.start[p + 1]);
        }
        new LeaderSearch(now, band, moved).run();
        return certificate.plan(this, ids, now, search, moves(ids, now, before));
    }

    /** Undoes what later steps have made needless, the largest first. */
    private static void takeBack(Replicas now, int[] before, PlacementSearch search) {
        Integer[] order = new Integer[now.partitions];
        Arrays.setAll(order, p -> p);
        Arrays.sort(
                order,
                (a, b) -> now.size[a] != now.size[b] ? Long.compare(now.size[b], now.size[a]) : Integer.compare(a, b));
        for (int p : order) {
            for (int slot = now.start[p]; slot < now.start[p + 1]; slot++) {
                if (now.replica[slot] != before[slot] && !now.draining[before[slot]]) {
                    search.takeBack(p, now.replica[slot], before[slot]);
                }
            }
        }
    }

    private BrokerId[] requirePlannable() {
        SortedMap<BrokerId, Integer> dead = new TreeMap<>();
        for (TopicState topic : state.topics().values()) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                PartitionState partition = topic.partitions().get(number);
                for (BrokerId replica : partition.replicas()) {
                    if (!brokers.containsKey(replica)) {
                        dead.merge(replica, 1, Integer::sum);
                    }
                }
                if (partition.replicas().stream().noneMatch(id -> brokers.containsKey(id))) {
                    throw new EventBrokerException("partition " + topic.name() + "-" + number
                            + ": no broker of its replicas " + partition.replicas()
                            + " is alive, so there is nothing to copy; bring one back first");
                }
                if (partition.size() < 0) {
                    throw new EventBrokerException("partition " + topic.name() + "-" + number
                            + ": its size is unknown, so its move has no price; read the cluster with Part.SIZES, and the"
                            + " right to (the state's gaps() say what was missing)");
                }
            }
        }
        for (BrokerId id : draining) {
            if (!brokers.containsKey(id) && !dead.containsKey(id)) {
                throw new EventBrokerException(
                        "broker " + id + " is to be drained, but is not there and holds nothing");
            }
        }
        dead.forEach((id, replicas) -> {
            if (!draining.contains(id)) {
                throw new EventBrokerException("broker " + id + " holds " + replicas
                        + " replicas and is not alive; bring it back, or drain it if it will not come back");
            }
        });
        SortedSet<BrokerId> all = new TreeSet<>(brokers.keySet());
        all.addAll(dead.keySet());
        List<Broker> open = open();
        if (open.isEmpty()) {
            throw new EventBrokerException("every broker is to be drained, so nothing is left to hold the replicas");
        }
        List<BrokerId> without = open.stream()
                .filter(broker -> broker.rack().isEmpty())
                .map(Broker::id)
                .toList();
        if (!without.isEmpty() && without.size() < open.size()) {
            throw new EventBrokerException(
                    "brokers " + without
                            + " have no rack while others have one, so replicas cannot be kept apart; set broker.rack on all or none");
        }
        return all.toArray(BrokerId[]::new);
    }

    private List<Broker> open() {
        return brokers.values().stream()
                .filter(broker -> !draining.contains(broker.id()))
                .toList();
    }

    private Replicas replicas(BrokerId[] ids) {
        boolean racked = open().get(0).rack().isPresent();
        List<String> names = brokers.values().stream()
                .flatMap(broker -> broker.rack().stream())
                .distinct()
                .sorted()
                .toList();
        int[] rack = new int[ids.length];
        boolean[] closed = new boolean[ids.length];
        for (int b = 0; b < ids.length; b++) {
            Broker broker = brokers.get(ids[b]);
            rack[b] = broker == null || !racked
                    ? -1
                    : broker.rack()
                            .map(name -> Collections.binarySearch(names, name))
                            .orElse(-1);
            closed[b] = draining.contains(ids[b]);
        }
        int partitions = 0;
        int total = 0;
        for (TopicState topic : state.topics().values()) {
            partitions += topic.partitions().size();
            for (PartitionState partition : topic.partitions()) {
                total += partition.replicas().size();
            }
        }
        long[] size = new long[partitions];
        int[] start = new int[partitions + 1];
        int[] replica = new int[total];
        int p = 0;
        int slot = 0;
        for (TopicState topic : state.topics().values()) {
            for (PartitionState partition : topic.partitions()) {
                size[p] = partition.size();
                start[p++] = slot;
                for (BrokerId id : partition.replicas()) {
                    replica[slot++] = Arrays.binarySearch(ids, id);
                }
            }
        }
        start[p] = slot;
        return new Replicas(rack, closed, size, start, replica);
    }

    /** Largest first, so that no long copy starts last; what only changes the order of replicas comes at the end. */
    private List<Move> moves(BrokerId[] ids, Replicas now, int[] before) {
        List<Move> moves = new ArrayList<>();
        int p = 0;
        for (TopicState topic : state.topics().values()) {
            for (int number = 0; number < topic.partitions().size(); number++, p++) {
                List<BrokerId> from = new ArrayList<>();
                List<BrokerId> to = new ArrayList<>();
                long arriving = 0;
                for (int slot = now.start[p]; slot < now.start[p + 1]; slot++) {
                    from.add(ids[before[slot]]);
                    to.add(ids[now.replica[slot]]);
                }
                for (BrokerId id : to) {
                    arriving += from.contains(id) ? 0 : 1;
                }
                if (!from.equals(to)) {
                    moves.add(new Move(topic.name(), number, from, to, DataSize.ofBytes(arriving * now.size[p])));
                }
            }
        }
        moves.sort((a, b) -> {
            if (a.arriving().isEmpty() != b.arriving().isEmpty()) {
                return a.arriving().isEmpty() ? 1 : -1;
            }
            int bySize = b.toCopy().compareTo(a.toCopy());
            int byTopic = a.topic().compareTo(b.topic());
            return bySize != 0 ? bySize : byTopic != 0 ? byTopic : Integer.compare(a.partition(), b.partition());
        });
        return moves;
    }

    /** Everything that decides whether the plan still holds. Sizes change with every record, so they are left out. */
    static PlanBasis basis(
            String clusterId, SortedMap<BrokerId, Broker> brokers, SortedMap<TopicName, TopicState> topics) {
        SortedMap<String, String> racks = new TreeMap<>();
        brokers.forEach((id, broker) -> racks.put(id.toString(), broker.rack().orElse("")));
        SortedMap<String, List<List<BrokerId>>> placement = new TreeMap<>();
        topics.forEach((name, topic) -> placement.put(
                name.value(),
                topic.partitions().stream().map(PartitionState::replicas).toList()));
        SortedMap<String, Boolean> there = new TreeMap<>();
        brokers.keySet().forEach(id -> there.put("broker " + id, true));
        topics.keySet().forEach(name -> there.put("topic " + name, true));
        return PlanBasis.of(clusterId, new PlacementBasis(racks, placement)).about(there);
    }

    private record PlacementBasis(SortedMap<String, String> racks, SortedMap<String, List<List<BrokerId>>> replicas) {}

    ClusterState state() {
        return state;
    }

    SortedMap<BrokerId, Broker> brokers() {
        return brokers;
    }

    SortedSet<BrokerId> draining() {
        return draining;
    }

    Band band() {
        return band;
    }

    Optional<Rate> throttle() {
        return throttle;
    }
}
