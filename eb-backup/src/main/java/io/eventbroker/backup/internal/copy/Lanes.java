package io.eventbroker.backup.internal.copy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which partitions each lane of a broker serves, how many of them may be open at once, and at which lanes a task works. Under
 * the lock of the tasks only.
 *
 * @param <P> what the engine knows of a partition
 */
final class Lanes<P extends MovingPartition> {
    private final EngineProfile profile;
    /** The assigned partitions of each lane of a broker. */
    private final Map<Integer, Set<P>> assigned = new HashMap<>();

    private final Set<Integer> working = new HashSet<>();
    private Map<Integer, InetSocketAddress> addresses = Map.of();
    private int openPerLane = 1;
    private int open;

    Lanes(EngineProfile profile) {
        this.profile = profile;
    }

    private int key(int broker, int lane) {
        return broker * profile.lanes() + lane;
    }

    /** The brokers that there are now, among which slots are shared out. */
    void brokers(Map<Integer, InetSocketAddress> found) {
        addresses = found;
        openPerLane = Math.max(
                1, Math.min(profile.openPerLane(), profile.open() / Math.max(1, addresses.size() * profile.lanes())));
    }

    Optional<InetSocketAddress> address(int broker) {
        return Optional.ofNullable(addresses.get(broker));
    }

    /** The partitions that are assigned to a lane. */
    Set<P> of(int broker, int lane) {
        return assigned.getOrDefault(key(broker, lane), Set.of());
    }

    /** What each lane has to do first; lanes whose partitions have ended, or wait for a slot, have nothing. */
    List<P> first() {
        List<P> all = new ArrayList<>();
        assigned.values().forEach(lane -> {
            for (P part : lane) {
                if (part.open || open < profile.open()) {
                    all.add(part);
                    break;
                }
                part.unreachableSince = 0; // It waits for a slot, not for its leader.
            }
        });
        return all;
    }

    void assign(P part, int leader, int leaderEpoch) {
        part.leader = leader;
        part.leaderEpoch = leaderEpoch;
        part.assignment++;
        part.state = MovingPartition.State.ASSIGNED;
        assigned.computeIfAbsent(key(leader, part.lane), k -> new LinkedHashSet<>())
                .add(part);
    }

    /** The partition is not assigned any more; it gives back its slot, unless it is only to wait for a leader. */
    void leave(P part, MovingPartition.State next) {
        Set<P> lane = assigned.get(key(part.leader, part.lane));
        if (part.state == MovingPartition.State.ASSIGNED && lane != null) {
            lane.remove(part);
        }
        part.state = next;
        if (part.open && next != MovingPartition.State.LEADERLESS) {
            part.open = false;
            open--;
        }
    }

    boolean serves(int broker, int lane, P part) {
        return part.state == MovingPartition.State.ASSIGNED && part.leader == broker && part.lane == lane;
    }

    /** Adds to what a lane serves as many of its partitions as there are slots. */
    void fill(int broker, int lane, Set<P> taken) {
        Set<P> mine = of(broker, lane);
        // What is open already counts first, also if it has come from another broker.
        mine.stream().filter(p -> p.open).forEach(taken::add);
        for (P part : mine) {
            if (open >= profile.open() || taken.size() >= openPerLane) {
                return;
            }
            if (taken.add(part)) {
                part.open = true;
                part.progressAt = System.nanoTime();
                open++;
            }
        }
    }

    /** A task begins to work at the lane; false if one does already. */
    boolean begin(int broker, int lane) {
        return working.add(key(broker, lane));
    }

    void end(int broker, int lane) {
        working.remove(key(broker, lane));
    }

    /** Whether no task works. */
    boolean isIdle() {
        return working.isEmpty();
    }
}
