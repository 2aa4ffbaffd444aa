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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    private final ClientSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Set<InetSocketAddress> known;
    private @Nullable BrokerConnection connection;
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

    private <T> T ask(Deadline deadline, String what, Question<T> question) {
        lock.lock();
        try {
            while (true) {
                IOException last = null;
                for (InetSocketAddress address : candidates()) {
                    if (closed) {
                        throw new EventBrokerException("closed while waiting for " + what);
                    }
                    try {
                        if (connection == null) {
                            connection = connect(address);
                        }
                        return question.ask(connection);
                    } catch (SSLException e) {
                        dropConnection();
                        throw tlsRefused(address, e);
                    } catch (IOException e) {
                        log.debug("{} could not answer for {}", address, what, e);
                        dropConnection();
                        last = e;
                    }
                    deadline.check(what);
                }
                if (deadline.hasPassed()) {
                    throw new RetryableException("no broker of " + known + " answered for " + what, last);
                }
                pauseLocked(BACKOFF);
            }
        } finally {
            lock.unlock();
        }
    }

    static EventBrokerException tlsRefused(InetSocketAddress address, SSLException e) {
        return new EventBrokerException(
                "broker " + address + " and this client do not agree on TLS: " + e.getMessage()
                        + "; check ssl.truststore.*, ssl.keystore.* and the host name in the broker's certificate",
                e);
    }

    private List<InetSocketAddress> candidates() {
        List<InetSocketAddress> all = new ArrayList<>();
        if (connection != null) {
            all.add(connection.address());
        }
        all.addAll(known);
        return all;
    }

    private void dropConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Waits, or less if this is closed meanwhile. */
    public void pause(Duration wait) {
        lock.lock();
        try {
            pauseLocked(wait);
        } finally {
            lock.unlock();
        }
    }

    private void pauseLocked(Duration wait) {
        try {
            long nanos = wait.toNanos();
            while (nanos > 0 && !closed) {
                nanos = closing.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBrokerException("interrupted while waiting for a broker", e);
        }
    }

    /** Reads the leaders of these topics from any broker that answers. */
    public ClusterMetadata metadata(Collection<String> topics, Deadline deadline) {
        ClusterMetadata metadata = ask(deadline, "metadata", c -> c.metadata(topics));
        lock.lock();
        try {
            known.addAll(metadata.brokers().values());
        } finally {
            lock.unlock();
        }
        return metadata;
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
            deadline.check("a producer id");
            pause(BACKOFF);
        }
    }

    /**
     * The offsets of partitions at a timestamp, asked of their leaders, through leader changes, until the deadline.
     *
     * @param timestamp {@link BrokerConnection#EARLIEST} or {@link BrokerConnection#LATEST}
     */
    public Map<TopicPartition, Long> listOffsets(
            Collection<TopicPartition> partitions, long timestamp, Deadline deadline) {
        Map<TopicPartition, Long> found = new HashMap<>();
        Set<TopicPartition> open = new LinkedHashSet<>(partitions);
        while (!open.isEmpty()) {
            Set<String> topics = new LinkedHashSet<>();
            open.forEach(p -> topics.add(p.topic()));
            ClusterMetadata metadata = metadata(topics, deadline);
            Map<Integer, List<TopicPartition>> byLeader = new HashMap<>();
            metadata.topics()
                    .values()
                    .forEach(topic -> topic.partitions().forEach(p -> {
                        TopicPartition partition = new TopicPartition(topic.name(), p.index());
                        if (p.leader() >= 0 && open.contains(partition)) {
                            byLeader.computeIfAbsent(p.leader(), l -> new ArrayList<>())
                                    .add(partition);
                        }
                    }));
            byLeader.forEach((leader, asked) -> {
                InetSocketAddress address = metadata.brokers().get(leader);
                if (address != null) {
                    collect(address, asked, timestamp, found);
                }
            });
            open.removeAll(found.keySet());
            if (!open.isEmpty()) {
                deadline.check("the offsets of " + open);
                pause(BACKOFF);
            }
        }
        return found;
    }

    private void collect(
            InetSocketAddress address, List<TopicPartition> asked, long timestamp, Map<TopicPartition, Long> found) {
        try (BrokerConnection leader = connect(address)) {
            leader.listOffsets(asked, timestamp).forEach((partition, answer) -> {
                if (answer.error() == KafkaError.NONE) {
                    found.put(partition, answer.offset());
                } else if (!KafkaError.isRetriable(answer.error())) {
                    throw new EventBrokerException(
                            "no offsets of " + partition + ": " + KafkaError.name(answer.error()));
                }
            });
        } catch (SSLException e) {
            throw tlsRefused(address, e);
        } catch (IOException e) {
            log.debug("{} gave no offsets, asking again", address, e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            dropConnection();
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
