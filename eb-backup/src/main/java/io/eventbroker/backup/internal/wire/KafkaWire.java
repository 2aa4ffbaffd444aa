package io.eventbroker.backup.internal.wire;

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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as a whole: finds a broker that answers, knows the leaders, asks questions that go to many of them. May
 * be shared by threads; questions are asked one at a time over one connection, data flows over the connections that
 * {@link #connect} opens.
 */
public final class KafkaWire implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaWire.class);
    private static final Duration BACKOFF = Duration.ofMillis(100);
    /** Also of a deadline that has many candidates to share it: less is not enough for a connection with TLS. */
    private static final Duration LEAST_SHARE = Duration.ofSeconds(1);

    private final ClientSettings settings;
    /** Held while a question is asked, so that there is one at a time. */
    private final ReentrantLock asking = new ReentrantLock();

    private final Set<InetSocketAddress> known;
    private @Nullable BrokerConnection connection;
    /** Never held while the network is waited for. */
    private final ReentrantLock closing = new ReentrantLock();

    private final Condition closes = closing.newCondition();
    private boolean closed;

    public KafkaWire(ClientSettings settings) {
        this.settings = settings;
        this.known = new LinkedHashSet<>(settings.bootstrap());
    }

    public ClientSettings settings() {
        return settings;
    }

    /** Opens a connection of the caller's own. */
    public BrokerConnection connect(InetSocketAddress address) throws IOException {
        return BrokerConnection.open(address, settings);
    }

    private interface Question<T> {
        T ask(BrokerConnection connection) throws IOException;
    }

    /**
     * Asks one broker after the other. Each has its share of the time that is left, so that one that neither answers nor
     * refuses does not use it up for all.
     */
    private <T> T ask(Deadline deadline, String what, Question<T> question) {
        lockAsking(deadline, what);
        try {
            IOException last = null;
            while (true) {
                List<InetSocketAddress> candidates = candidates();
                for (int i = 0; i < candidates.size(); i++) {
                    if (isClosed()) {
                        throw new EventBrokerException("closed while waiting for " + what);
                    }
                    if (i > 0 && deadline.hasPassed()) {
                        break;
                    }
                    InetSocketAddress address = candidates.get(i);
                    try {
                        return question.ask(connected(address, share(deadline, candidates.size() - i)));
                    } catch (SSLException e) {
                        dropConnection();
                        throw tlsRefused(address, e);
                    } catch (IOException e) {
                        log.debug("{} could not answer for {}", address, what, e);
                        dropConnection();
                        last = e;
                    } catch (RuntimeException | Error e) {
                        dropConnection(); // Part of an answer may still be on its way.
                        throw e;
                    }
                }
                if (deadline.hasPassed()) {
                    throw new RetryableException("no broker of " + known + " answered for " + what, last);
                }
                pause(BACKOFF);
            }
        } finally {
            asking.unlock();
        }
    }

    private void lockAsking(Deadline deadline, String what) {
        try {
            if (!asking.tryLock(Math.max(1, deadline.remainingMillis()), TimeUnit.MILLISECONDS)) {
                throw new RetryableException("no broker answered in time for " + what + ": earlier questions wait");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting for a broker", e);
        }
    }

    private static Deadline share(Deadline deadline, int candidates) {
        Duration share = deadline.remaining().dividedBy(Math.max(1, candidates));
        return deadline.atMost(share.compareTo(LEAST_SHARE) < 0 ? LEAST_SHARE : share);
    }

    private BrokerConnection connected(InetSocketAddress address, Deadline deadline) throws IOException {
        BrokerConnection current = connection;
        if (current == null) {
            current = BrokerConnection.open(address, settings, deadline);
            connection = current;
        }
        current.limit(deadline);
        return current;
    }

    /** What a handshake that failed means, in words for the operator. */
    public static EventBrokerException tlsRefused(InetSocketAddress address, SSLException e) {
        return new EventBrokerException(
                "broker " + address + " and this client do not agree on TLS: " + e.getMessage()
                        + "; check ssl.truststore.*, ssl.keystore.* and the host name in the broker's certificate",
                e);
    }

    private List<InetSocketAddress> candidates() {
        Set<InetSocketAddress> all = new LinkedHashSet<>();
        if (connection != null) {
            all.add(connection.address());
        }
        all.addAll(known);
        return List.copyOf(all);
    }

    private void dropConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private boolean isClosed() {
        closing.lock();
        try {
            return closed;
        } finally {
            closing.unlock();
        }
    }

    /** Waits, or less if this is closed meanwhile. */
    public void pause(Duration wait) {
        closing.lock();
        try {
            long nanos = wait.toNanos();
            while (nanos > 0 && !closed) {
                nanos = closes.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting for a broker", e);
        } finally {
            closing.unlock();
        }
    }

    /**
     * Reads the leaders of these topics from any broker that answers.
     *
     * @throws RetryableException if none has answered by the deadline
     */
    public ClusterMetadata metadata(Collection<String> topics, Deadline deadline) {
        return ask(deadline, "metadata", c -> {
            ClusterMetadata metadata = c.metadata(topics);
            known.addAll(metadata.brokers().values());
            return metadata;
        });
    }

    /** A new producer id and its epoch. */
    public BrokerConnection.ProducerIdAnswer initProducerId(Deadline deadline) {
        while (true) {
            BrokerConnection.ProducerIdAnswer answer = ask(deadline, "a producer id", BrokerConnection::initProducerId);
            if (answer.error() == KafkaError.NONE) {
                return answer;
            }
            if (!KafkaError.isRetriable(answer.error())) {
                throw new EventBrokerException("no producer id: " + KafkaError.name(answer.error())
                        + "; restoring needs the right to write to the topics (or IDEMPOTENT_WRITE on the cluster)");
            }
            if (deadline.hasPassed()) {
                throw new RetryableException("no producer id: " + KafkaError.name(answer.error()));
            }
            pause(BACKOFF);
        }
    }

    /**
     * The offsets of partitions at a timestamp, asked of their leaders, through leader changes, until the deadline.
     *
     * @param timestamp {@link BrokerConnection#EARLIEST} or {@link BrokerConnection#LATEST}
     * @throws RetryableException if some are not known by the deadline
     */
    public Map<TopicPartition, Long> listOffsets(
            Collection<TopicPartition> partitions, long timestamp, Deadline deadline) {
        Map<TopicPartition, Long> found = new HashMap<>();
        Set<TopicPartition> open = new LinkedHashSet<>(partitions);
        while (!open.isEmpty()) {
            found.putAll(askLeaders(open, timestamp, deadline, refused -> {
                throw refused;
            }));
            open.removeAll(found.keySet());
            if (!open.isEmpty()) {
                if (deadline.hasPassed()) {
                    throw new RetryableException("no broker told the offsets of " + open);
                }
                pause(BACKOFF);
            }
        }
        return found;
    }

    /**
     * Like {@link #listOffsets}, but asks each leader once and returns what has come by the deadline: partitions without a
     * leader that answers are left out.
     *
     * @throws RetryableException if no broker has named the leaders by the deadline
     */
    public Map<TopicPartition, Long> listKnownOffsets(
            Collection<TopicPartition> partitions, long timestamp, Deadline deadline) {
        return askLeaders(
                partitions, timestamp, deadline, refused -> log.debug("left for later: {}", refused.getMessage()));
    }

    private Map<TopicPartition, Long> askLeaders(
            Collection<TopicPartition> partitions,
            long timestamp,
            Deadline deadline,
            Consumer<EventBrokerException> refused) {
        Set<String> topics = new LinkedHashSet<>();
        partitions.forEach(p -> topics.add(p.topic()));
        Set<TopicPartition> wanted = new HashSet<>(partitions);
        ClusterMetadata metadata = metadata(topics, deadline);
        Map<InetSocketAddress, List<TopicPartition>> byLeader = new LinkedHashMap<>();
        metadata.topics()
                .values()
                .forEach(topic -> topic.partitions().forEach(p -> {
                    TopicPartition partition = new TopicPartition(topic.name(), p.index());
                    InetSocketAddress leader = metadata.brokers().get(p.leader());
                    if (leader != null && wanted.contains(partition)) {
                        byLeader.computeIfAbsent(leader, l -> new ArrayList<>()).add(partition);
                    }
                }));
        Map<TopicPartition, Long> found = new HashMap<>();
        int left = byLeader.size();
        for (Map.Entry<InetSocketAddress, List<TopicPartition>> leader : byLeader.entrySet()) {
            Deadline share = share(deadline, left--);
            askLeader(leader.getKey(), share, leader.getValue(), timestamp, refused)
                    .forEach((partition, answer) -> {
                        if (answer.error() == KafkaError.NONE) {
                            found.put(partition, answer.offset());
                        } else if (!KafkaError.isRetriable(answer.error())) {
                            refused.accept(new EventBrokerException(
                                    "no offsets of " + partition + ": " + KafkaError.name(answer.error())));
                        }
                    });
        }
        return found;
    }

    private Map<TopicPartition, BrokerConnection.OffsetAnswer> askLeader(
            InetSocketAddress address,
            Deadline deadline,
            List<TopicPartition> asked,
            long timestamp,
            Consumer<EventBrokerException> refused) {
        try (BrokerConnection leader = BrokerConnection.open(address, settings, deadline)) {
            return leader.listOffsets(asked, timestamp);
        } catch (SSLException e) {
            refused.accept(tlsRefused(address, e));
        } catch (IOException e) {
            log.debug("{} gave no offsets", address, e);
        }
        return Map.of();
    }

    @Override
    public void close() {
        closing.lock();
        try {
            closed = true;
            closes.signalAll();
        } finally {
            closing.unlock();
        }
        asking.lock();
        try {
            dropConnection();
        } finally {
            asking.unlock();
        }
    }
}
