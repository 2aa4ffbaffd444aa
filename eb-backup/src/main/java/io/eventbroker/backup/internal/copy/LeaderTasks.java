package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.copy.MovingPartition.State;
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
import javax.net.ssl.SSLException;
import org.apache.kafka.common.TopicPartition;
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
final class LeaderTasks<P extends MovingPartition> {
    private static final Logger log = LoggerFactory.getLogger(LeaderTasks.class);
    private static final Duration METADATA_WAIT = Duration.ofSeconds(30);
    private static final long TICK_MILLIS = 250;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final int BACKOFF_DOUBLINGS = 6;

    private final KafkaWire wire;
    private final Executor executor;
    private final EngineListener listener;
    private final EngineProfile profile;
    private final PartitionWork<P> work;

    final GuardedSteps steps = new GuardedSteps();
    final Lanes<P> lanes;
    private final LostConnections lost = new LostConnections();
    private final Map<TopicPartition, P> parts = new LinkedHashMap<>();
    private int unfinished;
    private boolean stopping;

    LeaderTasks(
            KafkaWire wire, Executor executor, EngineListener listener, EngineProfile profile, PartitionWork<P> work) {
        this.wire = wire;
        this.executor = executor;
        this.listener = listener;
        this.profile = profile;
        this.work = work;
        this.lanes = new Lanes<>(profile);
    }

    /** Adds a partition; before {@link #run}. */
    void add(P part) {
        steps.run(() -> {
            parts.put(part.partition(), part);
            unfinished++;
        });
    }

    @Nullable
    P part(TopicPartition partition) {
        return steps.<@Nullable P>get(() -> parts.get(partition));
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
            steps.run(() -> {
                stopping = true;
                steps.signal();
            });
            steps.awaitTold(lanes::isIdle);
        }
        rethrow();
    }

    boolean isStopping() {
        return steps.ask(() -> stopping);
    }

    /**
     * Waits until no partition is sealing any more. Those that still are when the wait is over have failed.
     *
     * @return whether all have ended by themselves
     */
    boolean awaitSealing(Duration wait) {
        // Set again at the end only: a journal's file does not survive an interrupt.
        boolean interrupted = Thread.interrupted();
        interrupted |= steps.await(() -> allSealing().isEmpty(), wait);
        List<P> late = steps.get(this::allSealing);
        late.forEach(part ->
                fail(part, new RetryableException("the store did not finish " + part.partition() + " within " + wait)));
        steps.awaitTold(() -> true);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return late.isEmpty();
    }

    private List<P> allSealing() {
        return parts.values().stream().filter(p -> p.state == State.SEALING).toList();
    }

    /** Throws what the listener has thrown, if anything. */
    void rethrow() {
        steps.rethrow();
    }

    private void coordinate() {
        while (!listener.isCancelled()) {
            long before = steps.changes();
            if (steps.ask(() -> unfinished == 0 || steps.isBroken())) {
                return;
            }
            List<P> due = steps.get(this::due);
            if (!due.isEmpty()) {
                assign(due);
            }
            startTasks();
            steps.run(this::judgeSealing);
            pause(before);
        }
    }

    private List<P> due() {
        long now = System.nanoTime();
        return parts.values().stream()
                .filter(p -> p.state == State.LEADERLESS && p.notBefore - now <= 0)
                .toList();
    }

    /** Waits for a change since the one given, or until a partition is due; wakes also to look for being cancelled. */
    private void pause(long before) {
        try {
            steps.awaitChange(before, this::nanosUntilDue);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while " + profile.activity(), e);
        }
    }

    private long nanosUntilDue() {
        long now = System.nanoTime();
        long nanos = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        for (P part : parts.values()) {
            if (part.state == State.LEADERLESS) {
                nanos = Math.min(nanos, part.notBefore - now);
            }
        }
        return nanos;
    }

    private void assign(List<P> due) {
        Set<String> topics = new LinkedHashSet<>();
        due.forEach(p -> topics.add(p.partition().topic()));
        ClusterMetadata metadata;
        try {
            metadata = wire.metadata(topics, Deadline.after(METADATA_WAIT));
            work.prepare(due, Deadline.after(METADATA_WAIT));
        } catch (RetryableException e) {
            log.info("Leaders are unknown, asking again: {}", e.getMessage());
            steps.run(() -> due.forEach(part -> keepWaiting(part, String.valueOf(e.getMessage()))));
            return;
        }
        steps.run(() -> {
            lanes.brokers(metadata.brokers());
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
        Optional<String> missing = work.missing(part);
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
                    && lanes.address(found.leader()).isPresent()) {
                lanes.assign(part, found.leader(), found.leaderEpoch());
                part.atFollower = false;
                steps.signal();
                return;
            }
        }
        keepWaiting(part, "it has no leader");
    }

    private void startTasks() {
        List<Runnable> starting = new ArrayList<>();
        steps.run(() -> lanes.first().forEach(part -> {
            int broker = part.leader;
            Optional<InetSocketAddress> address = lanes.address(broker);
            if (address.isEmpty()) {
                releaseAll(broker, part.lane, "its leader is not in the cluster any more");
            } else if (lanes.begin(broker, part.lane)) {
                starting.add(() -> start(broker, part.lane, address.get()));
            }
        }));
        starting.forEach(Runnable::run);
    }

    private void start(int broker, int lane, InetSocketAddress address) {
        try {
            executor.execute(() -> serve(broker, lane, address));
        } catch (Throwable e) {
            steps.run(() -> {
                lanes.end(broker, lane);
                releaseAll(broker, lane, "the executor took no task: " + e);
            });
        }
    }

    private void serve(int broker, int lane, InetSocketAddress address) {
        Set<P> taken = null;
        try (BrokerConnection connection = connect(address)) {
            LeaderSession<P> session = new LeaderSession<>(this, broker, lane, connection);
            taken = session.taken;
            steps.run(() -> lanes.of(broker, lane).forEach(part -> part.unreachableSince = 0));
            work.serve(session);
        } catch (IOException e) {
            steps.run(() -> {
                lost.add(broker, address, e);
                releaseAll(broker, lane, e.toString());
            });
        } catch (Throwable e) {
            failAll(taken, broker, lane, e);
        } finally {
            steps.run(() -> {
                lanes.end(broker, lane);
                steps.signal();
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

    void recovered(P part) {
        part.failures = 0;
        lost.end(part.leader);
    }

    void take(LeaderSession<P> session) {
        session.taken.removeIf(p -> !lanes.serves(session.broker, session.lane, p));
        long changes = steps.changes();
        if (stopping || session.seen == changes) {
            return;
        }
        session.seen = changes;
        lanes.fill(session.broker, session.lane, session.taken);
    }

    private void releaseAll(int broker, int lane, String why) {
        List.copyOf(lanes.of(broker, lane)).forEach(part -> release(part, why));
    }

    /** The partition goes on at another replica, whose broker its leader has named. */
    void redirect(P part, int replica) {
        if (part.state != State.ASSIGNED) {
            return;
        }
        if (lanes.address(replica).isEmpty()) {
            release(part, "its leader sends it to broker " + replica + ", which is not in the cluster");
            return;
        }
        int epoch = part.leaderEpoch;
        leave(part, State.LEADERLESS);
        work.released(part);
        lanes.assign(part, replica, epoch);
        part.atFollower = true;
        steps.signal();
    }

    /** Back to the coordinator, to wait for a leader again. */
    void release(P part, String why) {
        if (part.state != State.ASSIGNED) {
            return;
        }
        leave(part, State.LEADERLESS);
        work.released(part);
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

    void failIfStalled(P part, String why) {
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
        lanes.leave(part, next);
        if (next == State.ENDED) {
            unfinished--;
        }
        steps.signal();
    }

    /** The partition has been read to its end, and gives its slot to another. */
    void sealing(P part) {
        steps.run(() -> {
            if (part.state != State.ENDED) {
                part.progressAt = System.nanoTime();
                leave(part, State.SEALING);
            }
        });
    }

    /** The store has taken something of a partition that is sealing. */
    void sealed(P part) {
        steps.run(() -> part.progressAt = System.nanoTime());
    }

    /** The partition is complete. */
    void done(P part, long bytes, String detail) {
        steps.run(() -> {
            if (part.state != State.ENDED) {
                leave(part, State.ENDED);
                steps.afterwards(() -> {
                    work.ended(part);
                    listener.moved(part.partition(), bytes, bytes);
                    listener.done(part.partition(), detail);
                });
            }
        });
    }

    /** The partition has failed; others go on. */
    void fail(P part, Throwable cause) {
        steps.run(() -> {
            if (part.state != State.ENDED) {
                leave(part, State.ENDED);
                steps.afterwards(() -> {
                    try {
                        work.ended(part);
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
        steps.run(() -> {
            List.copyOf(lanes.of(broker, lane)).stream()
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
