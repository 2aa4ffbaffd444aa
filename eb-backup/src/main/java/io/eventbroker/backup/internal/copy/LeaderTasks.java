package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What copying and restoring have in common: partitions wait for a leader; a task with a connection of its own serves
 * those of one broker (in several lanes, where the engine wants that); partitions whose leader has moved or whose
 * connection is lost wait for a leader again, longer each time; one that makes no progress for too long has failed, and
 * so has one in whose work anything is thrown, an {@link Error} too. Others go on.
 *
 * <p>A partition's state changes under the lock only. All else that an engine knows of a partition belongs to the task
 * that serves it while it is ASSIGNED, and to the coordinator before and after. The network, the store and the listener,
 * which may force a journal to disk, are never waited for under the lock.
 *
 * @param <P> what the engine knows of a partition
 */
final class LeaderTasks<P extends LeaderTasks.Part> {
    private static final Logger log = LoggerFactory.getLogger(LeaderTasks.class);
    private static final Duration METADATA_WAIT = Duration.ofSeconds(30);
    private static final long TICK_MILLIS = 250;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final int BACKOFF_DOUBLINGS = 6;
    private static final Duration SUMMARY = Duration.ofSeconds(30);

    private enum State {
        LEADERLESS,
        ASSIGNED,
        /** All is read; the store has not taken all yet. */
        SEALING,
        ENDED
    }

    /** A partition on its way. Its fields are those of {@link LeaderTasks}; engines use the methods. */
    abstract static class Part {
        final TopicPartition partition;
        final Uuid topicId;
        final int lane;
        State state = State.LEADERLESS;
        int leader = -1;
        int leaderEpoch = -1;
        /** Counts the assignments: answers to what was asked in an earlier one concern nobody. */
        int assignment;
        /** Has a slot, and keeps it until it ends. */
        boolean open;
        /** When there was progress last, or when the slot was taken. */
        long progressAt;
        /** Since when a partition without a slot has had no leader that can be reached; 0 while it has one. */
        long unreachableSince;

        long notBefore = System.nanoTime();
        int failures;

        Part(TopicPartition partition, Uuid topicId, int lane) {
            this.partition = partition;
            this.topicId = topicId;
            this.lane = lane;
        }

        final TopicPartition partition() {
            return partition;
        }

        final Uuid topicId() {
            return topicId;
        }

        /** Of the metadata that named the leader. */
        final int leaderEpoch() {
            return leaderEpoch;
        }

        final int assignment() {
            return assignment;
        }
    }

    /** What an engine does with its partitions. */
    interface Engine<P extends Part> {
        /** Finds out what must be known before these can be assigned. Not under the lock; may wait for the network. */
        default void prepare(List<P> leaderless, Deadline deadline) {}

        /** What is missing before the partition can be assigned; it may also be ended here. Under the lock, is quick. */
        default Optional<String> missing(P part) {
            return Optional.empty();
        }

        /** Serves partitions until {@link Session#take} brings nothing more. */
        void serve(Session<P> session) throws IOException;

        /** The partition is not served any more, to be so again later: forgets what is under way. Under the lock. */
        void released(P part);

        /** The partition has ended: gives back what it holds. Not under the lock. */
        void ended(P part);
    }

    /**
     * How an engine works.
     *
     * @param lanes tasks for each broker
     * @param open partitions at once
     * @param openPerLane at most
     * @param stall after which a partition that makes no progress has failed
     * @param activity what the engine does, as in "interrupted while copying"
     * @param denied what to say of a topic that the principal has no right to
     * @param replaced what to say of a topic whose id has changed
     */
    record Profile(
            int lanes, int open, int openPerLane, Duration stall, String activity, String denied, String replaced) {}

    /** One task at work: its connection and the partitions that it serves. Used by the task's thread alone. */
    static final class Session<P extends Part> {
        private final LeaderTasks<P> tasks;
        private final int broker;
        private final int lane;
        private final BrokerConnection connection;
        private final Set<P> taken = new LinkedHashSet<>();
        private long seen = -1;

        private Session(LeaderTasks<P> tasks, int broker, int lane, BrokerConnection connection) {
            this.tasks = tasks;
            this.broker = broker;
            this.lane = lane;
            this.connection = connection;
        }

        BrokerConnection connection() {
            return connection;
        }

        int broker() {
            return broker;
        }

        /** The partitions to serve, after letting go of those that have ended or moved, and with as many more as may be. */
        Collection<P> take() {
            tasks.locked(() -> tasks.take(this));
            return taken;
        }

        /** Whether the partition is still served here, in the assignment in which something was asked of the broker. */
        boolean owns(P part, int assignment) {
            return tasks.asked(() -> part.assignment == assignment && tasks.isServed(part, broker, lane));
        }

        /** Whether the engine is to come to an end. */
        boolean isStopping() {
            return tasks.asked(() -> tasks.stopping);
        }

        /** The partition has come further. */
        void progress(P part) {
            part.progressAt = System.nanoTime();
            if (part.failures > 0) {
                tasks.locked(() -> tasks.recovered(part));
            }
        }

        /** Time in which partitions could not get further, for no fault of their leader's. */
        void excuse(long nanos) {
            long now = System.nanoTime();
            taken.forEach(part -> part.progressAt = Math.min(now, part.progressAt + nanos));
        }

        /** Fails the partition if it makes no progress for too long. */
        void judge(P part, String why) {
            tasks.locked(() -> tasks.failIfStalled(part, why));
        }

        /** Lets the partition wait for a leader again. */
        void release(P part, String why) {
            taken.remove(part);
            tasks.locked(() -> tasks.release(part, why));
        }

        void fail(P part, Throwable cause) {
            taken.remove(part);
            tasks.fail(part, cause);
        }
    }

    /** Connections to a broker that were lost in a row. */
    private static final class Trouble {
        int count;
        long logged;
    }

    private final KafkaWire wire;
    private final Executor executor;
    private final EngineListener listener;
    private final Profile profile;
    private final Engine<P> engine;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, P> parts = new LinkedHashMap<>();
    /** The assigned partitions of each lane of a broker. */
    private final Map<Integer, Set<P>> assigned = new HashMap<>();

    private final Set<Integer> working = new HashSet<>();
    private final Map<Integer, Trouble> troubles = new HashMap<>();
    private Map<Integer, InetSocketAddress> addresses = Map.of();
    private int openPerLane = 1;
    private int open;
    private int unfinished;
    /** Counts what tasks and the coordinator may be waiting for. */
    private long changes;

    private boolean stopping;
    /** What is to be done by the thread that holds the lock, once it does not any more. */
    private List<Runnable> afterwards = new ArrayList<>();

    private int telling;
    private @Nullable Throwable broken;

    LeaderTasks(KafkaWire wire, Executor executor, EngineListener listener, Profile profile, Engine<P> engine) {
        this.wire = wire;
        this.executor = executor;
        this.listener = listener;
        this.profile = profile;
        this.engine = engine;
    }

    /** Runs a step under the lock, and afterwards, without it, what the step has brought about. */
    private void locked(Runnable step) {
        List<Runnable> todo = List.of();
        lock.lock();
        try {
            step.run();
        } finally {
            if (lock.getHoldCount() == 1 && !afterwards.isEmpty()) {
                todo = afterwards;
                afterwards = new ArrayList<>();
            }
            lock.unlock();
            todo.forEach(this::tell);
        }
    }

    private boolean asked(java.util.function.BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private void tell(Runnable news) {
        Throwable thrown = null;
        try {
            news.run();
        } catch (Throwable e) {
            thrown = e; // As of a journal that cannot be written: ends the run, but not on this thread.
        }
        lock.lock();
        try {
            telling--;
            if (broken == null) {
                broken = thrown;
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    private void afterwards(Runnable news) {
        telling++;
        afterwards.add(news);
    }

    private void signal() {
        changes++;
        changed.signalAll();
    }

    /** Adds a partition; before {@link #run}. */
    void add(P part) {
        locked(() -> {
            parts.put(part.partition(), part);
            unfinished++;
        });
    }

    @Nullable
    P part(TopicPartition partition) {
        lock.lock();
        try {
            return parts.get(partition);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Works; returns when every partition has ended, or the listener has cancelled; all tasks have ended then.
     *
     * @throws RuntimeException if the cluster cannot be spoken to at all, or the listener has thrown
     */
    void run() {
        try {
            coordinate();
        } finally {
            lock.lock();
            try {
                stopping = true;
                signal();
                while (!working.isEmpty() || telling > 0) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
        rethrow();
    }

    /**
     * Waits until no partition is sealing any more. Those that still are when the wait is over have failed.
     *
     * @return whether all have ended by themselves
     */
    boolean awaitSealing(Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        boolean interrupted = Thread.interrupted();
        List<P> late = new ArrayList<>();
        lock.lock();
        try {
            while (!allSealing().isEmpty() && until - System.nanoTime() > 0) {
                try {
                    long unused = changed.awaitNanos(until - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            late.addAll(allSealing());
        } finally {
            lock.unlock();
        }
        late.forEach(part ->
                fail(part, new RetryableException("the store did not finish " + part.partition() + " within " + wait)));
        lock.lock();
        try {
            while (telling > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return late.isEmpty();
    }

    private List<P> allSealing() {
        return parts.values().stream().filter(p -> p.state == State.SEALING).toList();
    }

    /** Throws what the listener has thrown, if anything. */
    void rethrow() {
        Throwable thrown;
        lock.lock();
        try {
            thrown = broken;
        } finally {
            lock.unlock();
        }
        if (thrown != null) {
            throw asRuntime(thrown);
        }
    }

    private void coordinate() {
        while (!listener.isCancelled()) {
            List<P> due = new ArrayList<>();
            long before;
            lock.lock();
            try {
                before = changes;
                if (unfinished == 0 || broken != null) {
                    return;
                }
                long now = System.nanoTime();
                parts.values().stream()
                        .filter(p -> p.state == State.LEADERLESS && p.notBefore - now <= 0)
                        .forEach(due::add);
            } finally {
                lock.unlock();
            }
            if (!due.isEmpty()) {
                assign(due);
            }
            startTasks();
            locked(this::judgeSealing);
            pause(before);
        }
    }

    /** Waits for a change since the one given, or until a partition is due; wakes also to look for being cancelled. */
    private void pause(long before) {
        lock.lock();
        try {
            long now = System.nanoTime();
            long nanos = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
            for (P part : parts.values()) {
                if (part.state == State.LEADERLESS) {
                    nanos = Math.min(nanos, part.notBefore - now);
                }
            }
            while (changes == before && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while " + profile.activity(), e);
        } finally {
            lock.unlock();
        }
    }

    private void assign(List<P> due) {
        Set<String> topics = new LinkedHashSet<>();
        due.forEach(p -> topics.add(p.partition().topic()));
        ClusterMetadata metadata;
        try {
            metadata = wire.metadata(topics, Deadline.after(METADATA_WAIT));
            engine.prepare(due, Deadline.after(METADATA_WAIT));
        } catch (RetryableException e) {
            log.info("Leaders are unknown, asking again: {}", e.getMessage());
            locked(() -> due.forEach(part -> keepWaiting(part, String.valueOf(e.getMessage()))));
            return;
        }
        locked(() -> {
            addresses = metadata.brokers();
            openPerLane = Math.max(
                    1,
                    Math.min(profile.openPerLane(), profile.open() / Math.max(1, addresses.size() * profile.lanes())));
            for (P part : due) {
                try {
                    assign(part, metadata);
                } catch (RuntimeException e) {
                    fail(part, e);
                }
            }
        });
    }

    private void assign(P part, ClusterMetadata metadata) {
        ClusterMetadata.Topic topic = metadata.topics().get(part.partition().topic());
        if (topic == null || topic.error() == KafkaError.UNKNOWN_TOPIC_OR_PARTITION) {
            // A broker that has just started may not know it yet.
            keepWaiting(part, "topic " + part.partition().topic() + " is not there any more");
            return;
        }
        if (topic.error() == KafkaError.TOPIC_AUTHORIZATION_FAILED) {
            throw new EventBrokerException("topic " + topic.name() + " " + profile.denied());
        }
        if (topic.error() != KafkaError.NONE) {
            keepWaiting(part, KafkaError.name(topic.error()));
            return;
        }
        if (!topic.id().equals(part.topicId())) {
            throw new EventBrokerException("topic " + topic.name() + " " + profile.replaced());
        }
        Optional<String> missing = engine.missing(part);
        if (part.state != State.LEADERLESS) {
            return;
        }
        if (missing.isPresent()) {
            keepWaiting(part, missing.get());
            return;
        }
        for (ClusterMetadata.Partition found : topic.partitions()) {
            if (found.index() == part.partition().partition()
                    && found.leader() >= 0
                    && addresses.containsKey(found.leader())) {
                part.leader = found.leader();
                part.leaderEpoch = found.leaderEpoch();
                part.assignment++;
                part.state = State.ASSIGNED;
                assigned.computeIfAbsent(key(part.leader, part.lane), k -> new LinkedHashSet<>())
                        .add(part);
                signal();
                return;
            }
        }
        keepWaiting(part, "it has no leader");
    }

    private int key(int broker, int lane) {
        return broker * profile.lanes() + lane;
    }

    private Set<P> assigned(int broker, int lane) {
        return assigned.getOrDefault(key(broker, lane), Set.of());
    }

    private void startTasks() {
        List<Runnable> starting = new ArrayList<>();
        locked(() -> assigned.values().forEach(lane -> {
            Optional<P> first = Optional.empty();
            for (P part : lane) {
                if (part.open || open < profile.open()) {
                    first = Optional.of(part);
                    break;
                }
                part.unreachableSince = 0; // It waits for a slot, not for its leader.
            }
            first.ifPresent(part -> {
                int broker = part.leader;
                InetSocketAddress address = addresses.get(broker);
                if (address == null) {
                    List.copyOf(lane).forEach(p -> release(p, "its leader is not in the cluster any more"));
                } else if (working.add(key(broker, part.lane))) {
                    starting.add(() -> start(broker, part.lane, address));
                }
            });
        }));
        starting.forEach(Runnable::run);
    }

    private void start(int broker, int lane, InetSocketAddress address) {
        try {
            executor.execute(() -> serve(broker, lane, address));
        } catch (Throwable e) {
            locked(() -> {
                working.remove(key(broker, lane));
                releaseAll(broker, lane, "the executor took no task: " + e);
            });
        }
    }

    private void serve(int broker, int lane, InetSocketAddress address) {
        Set<P> taken = null;
        try (BrokerConnection connection = connect(address)) {
            Session<P> session = new Session<>(this, broker, lane, connection);
            taken = session.taken;
            locked(() -> assigned(broker, lane).forEach(part -> part.unreachableSince = 0));
            engine.serve(session);
        } catch (IOException e) {
            locked(() -> {
                logTrouble(broker, address, e);
                releaseAll(broker, lane, e.toString());
            });
        } catch (Throwable e) {
            failAll(taken, broker, lane, e);
        } finally {
            locked(() -> {
                working.remove(key(broker, lane));
                signal();
            });
        }
    }

    /** TLS that fails later than here is a broken connection; here it is a wrong certificate. */
    private BrokerConnection connect(InetSocketAddress address) throws IOException {
        try {
            return wire.connect(address);
        } catch (SSLException e) {
            throw KafkaWire.tlsRefused(address, e);
        }
    }

    /** Under the lock: the first failure of a row, then how many there were. */
    private void logTrouble(int broker, InetSocketAddress address, IOException e) {
        Trouble trouble = troubles.computeIfAbsent(broker, b -> new Trouble());
        trouble.count++;
        long now = System.nanoTime();
        if (trouble.count == 1) {
            trouble.logged = now;
            log.info(
                    "Connection to broker {} at {} is lost, asking for leaders again: {}",
                    broker,
                    address,
                    e.toString());
        } else if (now - trouble.logged > SUMMARY.toNanos()) {
            trouble.logged = now;
            log.info(
                    "Broker {} at {} was lost {} times in a row, at last: {}",
                    broker,
                    address,
                    trouble.count,
                    e.toString());
        }
    }

    private void recovered(P part) {
        part.failures = 0;
        Trouble trouble = troubles.remove(part.leader);
        if (trouble != null) {
            log.info("Broker {} serves again, after {} lost connections", part.leader, trouble.count);
        }
    }

    private void take(Session<P> session) {
        session.taken.removeIf(p -> !isServed(p, session.broker, session.lane));
        if (stopping || session.seen == changes) {
            return;
        }
        session.seen = changes;
        Set<P> mine = assigned(session.broker, session.lane);
        // What is open already counts first, also if it has come from another broker.
        mine.stream().filter(p -> p.open).forEach(session.taken::add);
        for (P part : mine) {
            if (open >= profile.open() || session.taken.size() >= openPerLane) {
                return;
            }
            if (session.taken.add(part)) {
                part.open = true;
                part.progressAt = System.nanoTime();
                open++;
            }
        }
    }

    private boolean isServed(P part, int broker, int lane) {
        return part.state == State.ASSIGNED && part.leader == broker && part.lane == lane;
    }

    private void releaseAll(int broker, int lane, String why) {
        List.copyOf(assigned(broker, lane)).forEach(part -> release(part, why));
    }

    /** Back to the coordinator, to wait for a leader again. */
    private void release(P part, String why) {
        if (part.state != State.ASSIGNED) {
            return;
        }
        leave(part, State.LEADERLESS);
        engine.released(part);
        keepWaiting(part, why);
    }

    private void keepWaiting(P part, String why) {
        long now = System.nanoTime();
        if (part.unreachableSince == 0) {
            part.unreachableSince = now;
        }
        int doublings = Math.min(part.failures++, BACKOFF_DOUBLINGS);
        part.notBefore = now + TimeUnit.MILLISECONDS.toNanos(FIRST_BACKOFF_MILLIS << doublings);
        failIfStalled(part, why);
    }

    private void failIfStalled(P part, String why) {
        long since = part.open ? part.progressAt : part.unreachableSince;
        if (System.nanoTime() - since > profile.stall().toNanos()) {
            fail(
                    part,
                    new RetryableException("partition " + part.partition() + " made no progress for "
                            + profile.stall().toSeconds() + " s: " + why));
        }
    }

    private void judgeSealing() {
        long wait = Math.max(StoreCalls.WAIT.toNanos(), profile.stall().toNanos());
        for (P part : allSealing()) {
            if (System.nanoTime() - part.progressAt > wait) {
                fail(part, new RetryableException("the store did not finish " + part.partition() + " in time"));
            }
        }
    }

    private void leave(P part, State next) {
        Set<P> lane = assigned.get(key(part.leader, part.lane));
        if (part.state == State.ASSIGNED && lane != null) {
            lane.remove(part);
        }
        part.state = next;
        if (part.open && next != State.LEADERLESS) {
            part.open = false;
            open--;
        }
        if (next == State.ENDED) {
            unfinished--;
        }
        signal();
    }

    /** The partition has been read to its end, and gives its slot to another. */
    void sealing(P part) {
        locked(() -> {
            if (part.state != State.ENDED) {
                part.progressAt = System.nanoTime();
                leave(part, State.SEALING);
            }
        });
    }

    /** The store has taken something of a partition that is sealing. */
    void sealed(P part) {
        locked(() -> part.progressAt = System.nanoTime());
    }

    /** The partition is complete. */
    void done(P part, long bytes, String detail) {
        locked(() -> {
            if (part.state != State.ENDED) {
                leave(part, State.ENDED);
                afterwards(() -> {
                    engine.ended(part);
                    listener.moved(part.partition(), bytes, bytes);
                    listener.done(part.partition(), detail);
                });
            }
        });
    }

    /** The partition has failed; others go on. */
    void fail(P part, Throwable cause) {
        locked(() -> {
            if (part.state != State.ENDED) {
                leave(part, State.ENDED);
                afterwards(() -> {
                    try {
                        engine.ended(part);
                    } finally {
                        listener.failed(part.partition(), asRuntime(cause));
                    }
                });
            }
        });
    }

    /**
     * What a task has not caught itself concerns the partitions that it served; without a connection, all that were to be
     * served over it. The rest is tried again.
     */
    private void failAll(@Nullable Set<P> taken, int broker, int lane, Throwable cause) {
        locked(() -> {
            List.copyOf(assigned(broker, lane)).stream()
                    .filter(p -> taken == null || taken.contains(p))
                    .forEach(part -> fail(part, cause));
            releaseAll(broker, lane, cause.toString());
        });
    }

    static RuntimeException asRuntime(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException runtime ? runtime : new EventBrokerException(cause.toString(), cause);
    }
}
