package io.eventbroker.core.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The quorum of KRaft controllers and who follows it (KIP-595, KIP-836).
 *
 * @param leader node id of the active controller
 * @param leaderEpoch how often there was a new one
 * @param highWatermark the offset up to which a majority of the voters has the metadata log
 * @param voters the controllers that vote, the leader among them, by node id
 * @param observers who only follows: brokers, and controllers that do not vote, by node id
 */
public record Quorum(int leader, long leaderEpoch, long highWatermark, List<Replica> voters, List<Replica> observers) {

    /**
     * A node that keeps a copy of the metadata log.
     *
     * @param node its node id
     * @param directoryId of its metadata log directory, as {@code Uuid.toString} writes it
     * @param logEndOffset how far it has come; −1 if the leader has not heard of it
     * @param lastFetch when the leader last heard of it; empty if the broker does not tell
     * @param lastCaughtUp when it last had all that the leader had
     */
    public record Replica(
            int node,
            String directoryId,
            long logEndOffset,
            Optional<Instant> lastFetch,
            Optional<Instant> lastCaughtUp) {}

    public Quorum {
        voters = List.copyOf(voters);
        observers = List.copyOf(observers);
    }

    /** Records that a voter or observer is behind the leader, never negative; empty if either is not known. */
    public OptionalLong lag(Replica replica) {
        return voters.stream()
                .filter(voter -> voter.node() == leader && voter.logEndOffset() >= 0 && replica.logEndOffset() >= 0)
                .mapToLong(voter -> Math.max(0, voter.logEndOffset() - replica.logEndOffset()))
                .findFirst();
    }
}
