package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One partition's reassignment.
 *
 * @param from the replicas as they are, the preferred leader first
 * @param to the replicas as they shall be, the preferred leader first; as many as before
 * @param toCopy what the arriving replicas have to fetch, as of planning; nothing if only the order changes
 */
public record Move(TopicName topic, int partition, List<BrokerId> from, List<BrokerId> to, DataSize toCopy)
        implements Action {
    public Move {
        from = List.copyOf(from);
        to = List.copyOf(to);
        String what = "partition " + topic + "-" + partition;
        if (partition < 0) {
            throw new IllegalArgumentException(what + ": the partition must not be negative");
        }
        if (to.isEmpty() || to.stream().distinct().count() != to.size()) {
            throw new IllegalArgumentException(what + ": replicas must be on distinct brokers, was " + to);
        }
        if (to.size() != from.size()) {
            throw new IllegalArgumentException(
                    what + ": a move keeps the number of replicas, was " + from.size() + " and " + to.size());
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException(what + ": a move must change something, was " + from + " twice");
        }
    }

    /** The brokers that get a replica. Empty if only the order changes. */
    public List<BrokerId> arriving() {
        return to.stream().filter(broker -> !from.contains(broker)).toList();
    }

    /** The brokers that lose their replica. */
    public List<BrokerId> leaving() {
        return from.stream().filter(broker -> !to.contains(broker)).toList();
    }

    public BrokerId preferredLeader() {
        return to.get(0);
    }

    /** True if clients will be served by another broker than the one preferred so far. */
    public boolean changesLeader() {
        return !from.get(0).equals(to.get(0));
    }

    @Override
    public ActionId id() {
        return ActionId.of("partition/" + topic + "/" + partition + "/replicas");
    }

    @Override
    public String summary() {
        String name = topic + "-" + partition;
        if (arriving().isEmpty()) {
            return "lead " + name + " from broker " + to.get(0) + " instead of " + from.get(0);
        }
        return "move " + name + " from " + join(leaving()) + " to " + join(arriving()) + " (" + toCopy.forPeople()
                + (changesLeader() ? ", leader becomes " + to.get(0) : "") + ")";
    }

    @Override
    public Risk risk() {
        return changesLeader() ? Risk.DISRUPTIVE : Risk.SAFE;
    }

    private static String join(List<BrokerId> brokers) {
        return brokers.stream().map(BrokerId::toString).collect(Collectors.joining("+"));
    }
}
