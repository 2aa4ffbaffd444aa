package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries moves out in one go: it starts as many as the brokers may take part in, and whenever one has ended the next in
 * the plan's order that fits. One action is held back until the throttle is gone: a run that is killed before has then
 * something left to do, and its resume cleans up.
 */
final class ReassignmentDriver implements ActionDriver<Move> {
    private static final Logger LOG = LoggerFactory.getLogger(ReassignmentDriver.class);
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration CLEAN_UP = Duration.ofMinutes(2);
    private static final Duration METADATA = Duration.ofSeconds(15);
    private static final long POLL_NANOS = 200_000_000;
    private static final long MEASURE_NANOS = 2_000_000_000;

    private final Admin admin;
    private final Partitions partitions;
    private final Throttle throttle;
    private final int movesPerBroker;
    private final Duration stalledAfter;

    ReassignmentDriver(Admin admin, Plan<Move> plan, Rate rate, int movesPerBroker, Duration stalledAfter) {
        this.admin = admin;
        this.partitions = new Partitions(admin);
        this.throttle = new Throttle(admin, rate, plan.actions());
        this.movesPerBroker = movesPerBroker;
        this.stalledAfter = stalledAfter;
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        ClusterState now = ClusterState.read(admin, deadline, Set.of());
        return Placement.basis(now.clusterId(), now.brokers(), now.topics());
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Set<ActionId> inPlace(List<Move> moves, RunContext run) {
        Map<Move, Partitions.Found> found = partitions.look(moves, Deadline.after(REQUEST));
        Set<ActionId> there = new HashSet<>();
        found.forEach((move, state) -> {
            if (state.isAt(move.to()) && isLed(move, state)) {
                there.add(move.id());
            }
        });
        if (throttle.isLeftBehind(run)) {
            there.remove(moves.get(0).id());
        }
        return there;
    }

    private static boolean isLed(Move move, Partitions.Found state) {
        return !move.changesLeader() || state.leader().equals(Optional.of(move.preferredLeader()));
    }

    @Override
    public void apply(List<Move> moves, RunContext run) {
        Move last = moves.get(0);
        Pass pass = new Pass(moves, last, run);
        RuntimeException failure = null;
        try {
            throttle.setRates(partitions.alive(Deadline.after(REQUEST)), run, Deadline.after(REQUEST));
            pass.carryOut();
        } catch (RuntimeException e) {
            failure = e;
        }
        try {
            Deadline soon = Deadline.after(CLEAN_UP);
            partitions.takeBack(pass.underWay.keySet(), soon);
            throttle.remove(partitions.alive(soon), run, soon);
        } catch (RuntimeException e) {
            LOG.warn("The throttle could not be removed: {}", e.getMessage());
            if (failure != null) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        if (pass.ended.contains(last)) {
            run.applied(last.id(), pass.detail(last));
        }
        if (failure != null) {
            throw failure;
        }
        run.checkCancelled();
    }

    /** How far a move is. */
    private static final class Progress {
        /** Bytes on each arriving broker. */
        private final Map<BrokerId, Long> arrived = new TreeMap<>();
        /** Since when it is neither moving nor where it shall be; 0 if it is either. */
        private long lostNanos;
    }

    /** One call of {@link #apply}: what waits, what moves, what has ended. */
    private final class Pass {
        private final Move last;
        private final RunContext run;
        private final List<Move> waiting;
        private final Map<Move, Progress> underWay = new LinkedHashMap<>();
        /** Where they shall be, but not led by the preferred leader yet; with the time since. */
        private final Map<Move, Long> toBeLed = new LinkedHashMap<>();

        private final Set<Move> ended = new HashSet<>();
        private final Map<BrokerId, Integer> busy = new TreeMap<>();
        private final Map<BrokerId, Long> lastArrival = new TreeMap<>();
        private final long startedNanos = System.nanoTime();
        private long measuredNanos = startedNanos - MEASURE_NANOS;

        Pass(List<Move> moves, Move last, RunContext run) {
            this.last = last;
            this.run = run;
            this.waiting = new ArrayList<>(moves);
        }

        void carryOut() {
            takeUp();
            while (!run.isCancelled() && !(waiting.isEmpty() && underWay.isEmpty() && toBeLed.isEmpty())) {
                Set<BrokerId> alive = partitions.alive(Deadline.after(REQUEST));
                start(alive);
                watch();
                elect();
                measure(alive);
                giveUpStalled(alive);
                if (!underWay.isEmpty() || !toBeLed.isEmpty()) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
        }

        /** Finds out what an earlier run, or somebody else, has begun or done. */
        private void takeUp() {
            Map<Move, Partitions.Found> found = settled(Deadline.after(METADATA));
            List<Move> begun = new ArrayList<>();
            for (Move move : List.copyOf(waiting)) {
                Partitions.Found state = found.get(move);
                if (state == null) {
                    waiting.remove(move);
                    fail(move, "the topic is gone, or has no such partition; plan again");
                } else if (state.isAt(move.to())) {
                    waiting.remove(move);
                    arrived(move);
                } else if (state.isMovingTo(move.to())) {
                    waiting.remove(move);
                    begun.add(move);
                } else if (state.isMoving()) {
                    waiting.remove(move);
                    fail(
                            move,
                            "it is being moved to " + state.target() + " by somebody else; wait for that, or cancel it,"
                                    + " and plan again");
                } else if (!state.isOnThoseOf(move.from())) {
                    waiting.remove(move);
                    fail(
                            move,
                            "its replicas are on " + state.replicas() + ", not on " + move.from()
                                    + " as planned; plan again");
                }
            }
            if (!begun.isEmpty()) {
                throttle.cover(begun, run, Deadline.after(REQUEST));
                begun.forEach(this::begun);
            }
        }

        /** Looks until every partition is at either end or moving, for brokers learn of an ended move with some delay. */
        private Map<Move, Partitions.Found> settled(Deadline deadline) {
            while (true) {
                Map<Move, Partitions.Found> found = partitions.look(waiting, Deadline.after(REQUEST));
                boolean clear = found.entrySet().stream()
                        .allMatch(e -> e.getValue().isMoving()
                                || e.getValue().isAt(e.getKey().to())
                                || e.getValue().isOnThoseOf(e.getKey().from()));
                if (clear || deadline.hasPassed() || run.isCancelled()) {
                    return found;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        private void begun(Move move) {
            underWay.put(move, new Progress());
            involved(move).forEach(broker -> busy.merge(broker, 1, Integer::sum));
            move.arriving().forEach(broker -> lastArrival.merge(broker, System.nanoTime(), Math::max));
        }

        private Set<BrokerId> involved(Move move) {
            Set<BrokerId> brokers = new HashSet<>(move.arriving());
            if (!brokers.isEmpty()) {
                // Copies are read from the leader, most likely the preferred one.
                brokers.add(move.from().get(0));
            }
            return brokers;
        }

        private void start(Set<BrokerId> alive) {
            List<Move> starting = new ArrayList<>();
            Map<BrokerId, Integer> planned = new TreeMap<>(busy);
            for (Move move : List.copyOf(waiting)) {
                List<BrokerId> dead = move.arriving().stream()
                        .filter(id -> !alive.contains(id))
                        .toList();
                if (!dead.isEmpty()) {
                    waiting.remove(move);
                    fail(
                            move,
                            "brokers " + dead + " are not alive; start them and run the plan again, or plan without");
                } else if (involved(move).stream().allMatch(id -> planned.getOrDefault(id, 0) < movesPerBroker)) {
                    involved(move).forEach(id -> planned.merge(id, 1, Integer::sum));
                    waiting.remove(move);
                    starting.add(move);
                }
            }
            if (starting.isEmpty()) {
                return;
            }
            // In this order, or the first bytes move without a throttle.
            throttle.cover(starting, run, Deadline.after(REQUEST));
            starting.forEach(this::begun);
            partitions.reassign(starting, Deadline.after(REQUEST)).forEach((move, cause) -> {
                end(move);
                run.failed(move.id(), cause);
            });
        }

        private void watch() {
            if (underWay.isEmpty()) {
                return;
            }
            Map<Move, Partitions.Found> found =
                    partitions.look(List.copyOf(underWay.keySet()), Deadline.after(REQUEST));
            List<Move> stopped = new ArrayList<>();
            for (Move move : List.copyOf(underWay.keySet())) {
                Partitions.Found state = found.get(move);
                if (state == null) {
                    stopped.add(move);
                    end(move);
                    fail(move, "the topic was deleted meanwhile");
                } else if (state.isAt(move.to())) {
                    stopped.add(move);
                    end(move);
                    arrived(move);
                } else if (state.isMovingTo(move.to())) {
                    found(move, 0);
                } else if (lostFor(move) > METADATA.toNanos()) {
                    stopped.add(move);
                    end(move);
                    fail(
                            move,
                            "the move was cancelled or replaced by somebody else, its replicas are on "
                                    + state.replicas() + "; plan again");
                }
            }
            if (!stopped.isEmpty()) {
                throttle.uncover(stopped, run, Deadline.after(REQUEST));
            }
        }

        private void found(Move move, long lostNanos) {
            Progress progress = underWay.get(move);
            if (progress != null) {
                progress.lostNanos = lostNanos;
            }
        }

        /** The controller tells at once that a move has ended, the brokers with some delay where the replicas are then. */
        private long lostFor(Move move) {
            Progress progress = underWay.get(move);
            long now = System.nanoTime();
            if (progress == null || progress.lostNanos == 0) {
                found(move, now);
                return 0;
            }
            return now - progress.lostNanos;
        }

        private void end(Move move) {
            underWay.remove(move);
            involved(move).forEach(broker -> busy.merge(broker, -1, Integer::sum));
            move.arriving().forEach(broker -> lastArrival.put(broker, System.nanoTime()));
        }

        private void arrived(Move move) {
            long bytes = move.toCopy().bytes();
            run.moved(move.id(), bytes, bytes);
            if (move.changesLeader()) {
                toBeLed.put(move, System.nanoTime());
            } else {
                succeeded(move);
            }
        }

        private void succeeded(Move move) {
            ended.add(move);
            if (!move.equals(last)) {
                run.applied(move.id(), detail(move));
            }
        }

        private void elect() {
            if (toBeLed.isEmpty()) {
                return;
            }
            partitions.elect(toBeLed.keySet(), Deadline.after(REQUEST)).forEach((move, cause) -> {
                if (cause.isEmpty() || cause.get() instanceof ElectionNotNeededException) {
                    toBeLed.remove(move);
                    succeeded(move);
                } else if (System.nanoTime() - toBeLed.getOrDefault(move, 0L) > stalledAfter.toNanos()) {
                    toBeLed.remove(move);
                    run.failed(
                            move.id(),
                            new EventBrokerException(
                                    move.topic() + "-" + move.partition() + " has its replicas on " + move.to()
                                            + ", but broker " + move.preferredLeader()
                                            + " could not become its leader: "
                                            + cause.get().getMessage() + "; elect preferred leaders later",
                                    cause.get()));
                }
            });
        }

        private void measure(Set<BrokerId> alive) {
            if (underWay.isEmpty() || System.nanoTime() - measuredNanos < MEASURE_NANOS) {
                return;
            }
            measuredNanos = System.nanoTime();
            Set<BrokerId> receiving = new HashSet<>();
            underWay.keySet().forEach(move -> receiving.addAll(move.arriving()));
            receiving.retainAll(alive);
            Map<BrokerId, Map<String, Long>> sizes = partitions.sizes(receiving);
            underWay.forEach((move, progress) -> {
                for (BrokerId broker : move.arriving()) {
                    long before = progress.arrived.getOrDefault(broker, 0L);
                    long now = sizes.getOrDefault(broker, Map.of())
                            .getOrDefault(move.topic() + "-" + move.partition(), before);
                    if (now != before) {
                        progress.arrived.put(broker, now);
                        lastArrival.put(broker, System.nanoTime());
                    }
                }
                long total = move.toCopy().bytes();
                long arrived = progress.arrived.values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                run.moved(move.id(), Math.min(arrived, total), total);
            });
        }

        private void giveUpStalled(Set<BrokerId> alive) {
            long now = System.nanoTime();
            Map<Move, String> stalled = new LinkedHashMap<>();
            for (Move move : underWay.keySet()) {
                for (BrokerId broker : move.arriving()) {
                    if (now - lastArrival.getOrDefault(broker, startedNanos) > stalledAfter.toNanos()) {
                        stalled.put(
                                move,
                                "no byte has arrived at broker " + broker + " for " + stalledAfter.toSeconds() + " s"
                                        + (alive.contains(broker) ? "" : ", which is not alive")
                                        + "; the move was taken back. Look at that broker, and whether the throttle is"
                                        + " above what is produced, then run the same plan with the same journal");
                    }
                }
            }
            if (stalled.isEmpty()) {
                return;
            }
            partitions.takeBack(stalled.keySet(), Deadline.after(REQUEST));
            stalled.forEach((move, why) -> {
                end(move);
                fail(move, why);
            });
            throttle.uncover(List.copyOf(stalled.keySet()), run, Deadline.after(REQUEST));
        }

        private void fail(Move move, String why) {
            run.failed(
                    move.id(),
                    new EventBrokerException("partition " + move.topic() + "-" + move.partition() + ": " + why));
        }

        String detail(Move move) {
            DataSize copied = move.toCopy();
            return copied.bytes() == 0 ? "" : copied.forPeople() + " copied";
        }
    }
}
