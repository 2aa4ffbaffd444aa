package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.AdminCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ElectLeadersOptions;
import org.apache.kafka.clients.admin.ListPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The Admin calls about where replicas are and shall be, each in as few requests as there are topics by the thousand. */
final class Partitions {
    private static final int TOPICS_PER_REQUEST = 1_000;
    private static final Duration MOVING_BACK = Duration.ofSeconds(5);
    private static final long POLL_NANOS = 100_000_000;
    private static final Duration SIZES = Duration.ofSeconds(10);

    private final Admin admin;

    /**
     * Where a partition is now.
     *
     * @param replicas as the controller has them; while it moves, those that leave too
     * @param target where it is being moved; empty if it is not
     */
    record Found(List<BrokerId> replicas, Optional<BrokerId> leader, List<BrokerId> target) {
        boolean isMoving() {
            return !target.isEmpty();
        }

        boolean isMovingTo(List<BrokerId> wanted) {
            return target.equals(wanted);
        }

        /** In any order: what somebody cancelled comes back in another one. */
        boolean isOnThoseOf(List<BrokerId> wanted) {
            return !isMoving() && replicas.size() == wanted.size() && replicas.containsAll(wanted);
        }

        boolean isAt(List<BrokerId> wanted) {
            return !isMoving() && replicas.equals(wanted);
        }
    }

    Partitions(Admin admin) {
        this.admin = admin;
    }

    private static TopicPartition key(Move move) {
        return new TopicPartition(move.topic().value(), move.partition());
    }

    private static int millis(Deadline deadline) {
        return Math.max(1, deadline.remainingMillis());
    }

    Set<BrokerId> alive(Deadline deadline) {
        return AdminCalls.read(
                        admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(deadline)))
                                .nodes(),
                        "describe the cluster",
                        deadline)
                .stream()
                .map(node -> BrokerId.of(node.id()))
                .collect(Collectors.toSet());
    }

    /** Where the partitions of these moves are; those that are gone are left out. */
    Map<Move, Found> look(Collection<Move> moves, Deadline deadline) {
        Set<TopicPartition> wanted = moves.stream().map(Partitions::key).collect(Collectors.toSet());
        // A topic that is gone fails the whole list, so the list is of everything; there is seldom more than ours.
        Map<TopicPartition, PartitionReassignment> moving = AdminCalls.read(
                admin.listPartitionReassignments(new ListPartitionReassignmentsOptions().timeoutMs(millis(deadline)))
                        .reassignments(),
                "list the reassignments",
                deadline);
        Map<String, KafkaFuture<TopicDescription>> descriptions = new HashMap<>();
        List<String> topics =
                wanted.stream().map(TopicPartition::topic).distinct().sorted().toList();
        for (int from = 0; from < topics.size(); from += TOPICS_PER_REQUEST) {
            descriptions.putAll(admin.describeTopics(
                            topics.subList(from, Math.min(topics.size(), from + TOPICS_PER_REQUEST)),
                            new DescribeTopicsOptions().timeoutMs(millis(deadline)))
                    .topicNameValues());
        }
        Map<TopicPartition, TopicPartitionInfo> infos = new HashMap<>();
        descriptions.forEach((name, future) -> {
            try {
                AdminCalls.read(future, "describe topic " + name, deadline)
                        .partitions()
                        .forEach(info -> infos.put(new TopicPartition(name, info.partition()), info));
            } catch (EventBrokerException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        });
        Map<Move, Found> found = new LinkedHashMap<>();
        for (Move move : moves) {
            TopicPartitionInfo info = infos.get(key(move));
            if (info != null) {
                PartitionReassignment reassignment = moving.get(key(move));
                found.put(
                        move,
                        new Found(
                                info.replicas().stream()
                                        .map(node -> BrokerId.of(node.id()))
                                        .toList(),
                                Optional.ofNullable(info.leader())
                                        .filter(node -> !node.isEmpty())
                                        .map(Node::id)
                                        .map(BrokerId::of),
                                reassignment == null ? List.of() : target(reassignment)));
            }
        }
        return found;
    }

    private static List<BrokerId> target(PartitionReassignment reassignment) {
        return reassignment.replicas().stream()
                .filter(id -> !reassignment.removingReplicas().contains(id))
                .map(BrokerId::of)
                .toList();
    }

    /** Starts moves; gives back those that were refused. */
    Map<Move, EventBrokerException> reassign(List<Move> moves, Deadline deadline) {
        Map<TopicPartition, Optional<NewPartitionReassignment>> wanted = new HashMap<>();
        moves.forEach(move -> wanted.put(key(move), Optional.of(new NewPartitionReassignment(ids(move.to())))));
        Map<TopicPartition, KafkaFuture<Void>> answers = admin.alterPartitionReassignments(
                        wanted, new AlterPartitionReassignmentsOptions().timeoutMs(millis(deadline)))
                .values();
        Map<Move, EventBrokerException> refused = new LinkedHashMap<>();
        for (Move move : moves) {
            KafkaFuture<Void> answer = answers.get(key(move));
            if (answer != null) {
                try {
                    AdminCalls.change(answer, "move partition " + key(move), deadline);
                } catch (EventBrokerException e) {
                    refused.put(move, e);
                }
            }
        }
        return refused;
    }

    /**
     * Takes moves back that are still under way. Kafka's own cancelling loses the order of the replicas, and with it the
     * preferred leader; so they are moved back where they were, which copies nothing. Only where that is refused (one of
     * the old brokers is gone for good), or does not end (one of the old replicas is out of sync), is the move cancelled.
     *
     * @throws EventBrokerException if a move may still be under way
     */
    void takeBack(Collection<Move> moves, Deadline deadline) {
        List<Move> ours = movingAsPlanned(moves, deadline);
        Set<Move> refused = alter(ours, move -> Optional.of(new NewPartitionReassignment(ids(move.from()))), deadline)
                .keySet();
        List<Move> back = ours.stream().filter(move -> !refused.contains(move)).toList();
        Deadline soon = deadline.atMost(MOVING_BACK);
        while (!back.isEmpty() && !soon.hasPassed()) {
            Map<Move, Found> found = look(back, deadline);
            back = back.stream()
                    .filter(move -> {
                        Found state = found.get(move);
                        return state != null && state.isMovingTo(move.from());
                    })
                    .toList();
            if (!back.isEmpty()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        List<Move> toCancel = new ArrayList<>(back);
        toCancel.addAll(refused);
        alter(toCancel, move -> Optional.empty(), deadline).values().stream()
                .reduce((first, other) -> {
                    first.addSuppressed(other);
                    return first;
                })
                .ifPresent(failure -> {
                    throw failure;
                });
    }

    private List<Move> movingAsPlanned(Collection<Move> moves, Deadline deadline) {
        List<Move> ours = new ArrayList<>();
        if (!moves.isEmpty()) {
            look(moves, deadline).forEach((move, found) -> {
                if (found.isMovingTo(move.to())) {
                    ours.add(move);
                }
            });
        }
        return ours;
    }

    /** Gives back what was refused; a move that has ended meanwhile, or whose topic is gone, needs nothing any more. */
    private Map<Move, EventBrokerException> alter(
            List<Move> moves, Function<Move, Optional<NewPartitionReassignment>> wanted, Deadline deadline) {
        Map<Move, EventBrokerException> refused = new LinkedHashMap<>();
        if (moves.isEmpty()) {
            return refused;
        }
        Map<TopicPartition, Optional<NewPartitionReassignment>> request = new HashMap<>();
        moves.forEach(move -> request.put(key(move), wanted.apply(move)));
        Map<TopicPartition, KafkaFuture<Void>> answers = admin.alterPartitionReassignments(
                        request, new AlterPartitionReassignmentsOptions().timeoutMs(millis(deadline)))
                .values();
        for (Move move : moves) {
            KafkaFuture<Void> answer = answers.get(key(move));
            if (answer != null) {
                try {
                    AdminCalls.change(answer, "take back the move of partition " + key(move), deadline);
                } catch (EventBrokerException e) {
                    boolean ended = e.getCause() instanceof NoReassignmentInProgressException
                            || e.getCause() instanceof UnknownTopicOrPartitionException;
                    if (!ended) {
                        refused.put(move, e);
                    }
                }
            }
        }
        return refused;
    }

    private static List<Integer> ids(List<BrokerId> brokers) {
        return brokers.stream().map(BrokerId::value).toList();
    }

    /** Elects the preferred leaders; says of each move what Kafka answered, nothing if it was elected. */
    Map<Move, Optional<Throwable>> elect(Collection<Move> moves, Deadline deadline) {
        Map<TopicPartition, Move> byKey = new HashMap<>();
        moves.forEach(move -> byKey.put(key(move), move));
        Map<Move, Optional<Throwable>> answers = new LinkedHashMap<>();
        AdminCalls.change(
                        admin.electLeaders(
                                        ElectionType.PREFERRED,
                                        byKey.keySet(),
                                        new ElectLeadersOptions().timeoutMs(millis(deadline)))
                                .partitions(),
                        "elect preferred leaders",
                        deadline)
                .forEach((partition, failure) -> {
                    Move move = byKey.get(partition);
                    if (move != null) {
                        answers.put(move, failure);
                    }
                });
        return answers;
    }

    /** Bytes by {@code topic-partition} on each of these brokers; a broker that does not answer is left out. */
    Map<BrokerId, Map<String, Long>> sizes(Set<BrokerId> brokers) {
        Deadline deadline = Deadline.after(SIZES);
        Map<BrokerId, Map<String, Long>> sizes = new HashMap<>();
        admin.describeLogDirs(
                        brokers.stream().map(BrokerId::value).toList(),
                        new DescribeLogDirsOptions().timeoutMs(millis(deadline)))
                .descriptions()
                .forEach((broker, future) -> {
                    Map<String, Long> held = new HashMap<>();
                    try {
                        AdminCalls.read(future, "describe the log directories of broker " + broker, deadline)
                                .values()
                                .forEach(directory -> directory
                                        .replicaInfos()
                                        .forEach((partition, replica) ->
                                                held.merge(partition.toString(), replica.size(), Math::max)));
                        sizes.put(BrokerId.of(broker), held);
                    } catch (EventBrokerException e) {
                        // Progress is then not known this time; whether the broker stalls is decided elsewhere.
                        sizes.remove(BrokerId.of(broker));
                    }
                });
        return sizes;
    }
}
