package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.BrokerConnection.ProduceAnswer;
import io.eventbroker.backup.internal.wire.BrokerConnection.ProduceBatch;
import io.eventbroker.backup.internal.wire.BrokerConnection.Produced;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Writes partitions from the archive to their leaders, exactly once. A batch's sequence number is the offset that it
 * gets, modulo 2^31, under a producer id that the journal keeps: a batch that is sent again, by this process or by one
 * that takes over after a kill, is recognised by the broker.
 *
 * <p>A broker takes one batch of a partition at a time and one request of a connection, so several connections to each
 * broker carry different partitions.
 */
public final class RestoreEngine {
    private static final Logger log = LoggerFactory.getLogger(RestoreEngine.class);
    private static final int IN_FLIGHT = 5; // as many batches as a broker remembers of a producer
    private static final int LANES = 2;
    private static final int OPEN_PER_LANE = 4;
    private static final int REQUEST_BYTES = 4 << 20;
    private static final int SEQUENCE_ATTEMPTS = 20;
    private static final Duration METADATA_WAIT = Duration.ofSeconds(30);

    /**
     * One partition to restore.
     *
     * @param topicId of the target's topic
     */
    public record Job(Manifest.Partition source, Uuid topicId, long producerId, short producerEpoch) {
        TopicPartition partition() {
            return source.topicPartition();
        }
    }

    private enum State {
        LEADERLESS,
        ASSIGNED,
        ENDED
    }

    private final class Part {
        final Job job;
        final int lane;
        final long total;
        final PartitionReader reader;
        State state = State.LEADERLESS;
        int leader = -1;
        boolean positioned;
        /** Records that the target has acknowledged: also its end offset. */
        long acknowledged;

        PartitionReader.@Nullable Batch pending;
        boolean exhausted;
        boolean broken;
        int inFlight;
        int sequenceErrors;
        long lastProgress = System.nanoTime();

        Part(Job job, int lane) {
            this.job = job;
            this.lane = lane;
            this.total = job.source().records();
            this.reader = new PartitionReader(store, job.source());
        }
    }

    private record Sent(Part part, long base, long records, long bytesBefore) {}

    private final KafkaWire wire;
    private final ObjectStore store;
    private final Executor executor;
    private final EngineListener listener;
    private final Duration stall;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, Part> parts = new HashMap<>();
    private final Set<Integer> working = new HashSet<>();
    private Map<Integer, InetSocketAddress> addresses = Map.of();
    private boolean stopping;

    public RestoreEngine(
            KafkaWire wire, ObjectStore store, Duration stall, Executor executor, EngineListener listener) {
        this.wire = wire;
        this.store = store;
        this.stall = stall;
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * Restores; returns when every partition is done or failed, or the listener has cancelled and all tasks have ended.
     * Goes on behind what the target already holds.
     */
    public void run(List<Job> jobs) {
        lock.lock();
        try {
            Map<String, Integer> spread = new HashMap<>();
            for (Job job : jobs) {
                int lane = spread.merge(job.partition().topic(), 1, Integer::sum) % LANES;
                parts.put(job.partition(), new Part(job, lane));
            }
            coordinate();
        } finally {
            stopping = true;
            while (!working.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            parts.values().forEach(part -> part.reader.close());
            lock.unlock();
        }
    }

    private void coordinate() {
        while (parts.values().stream().anyMatch(p -> p.state != State.ENDED) && !listener.isCancelled()) {
            List<Part> leaderless = parts.values().stream()
                    .filter(p -> p.state == State.LEADERLESS)
                    .toList();
            if (!leaderless.isEmpty()) {
                assign(leaderless);
            }
            startTasks();
            try {
                boolean unused = changed.await(leaderless.isEmpty() ? 250 : 100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventBrokerException("interrupted while restoring", e);
            }
        }
    }

    private void assign(List<Part> leaderless) {
        Set<String> topics = new LinkedHashSet<>();
        leaderless.forEach(p -> topics.add(p.job.partition().topic()));
        List<TopicPartition> unpositioned = leaderless.stream()
                .filter(p -> !p.positioned)
                .map(p -> p.job.partition())
                .toList();
        ClusterMetadata metadata;
        Map<TopicPartition, Long> ends;
        lock.unlock();
        try {
            metadata = wire.metadata(topics, Deadline.after(METADATA_WAIT));
            ends = unpositioned.isEmpty()
                    ? Map.of()
                    : wire.listOffsets(unpositioned, BrokerConnection.LATEST, Deadline.after(METADATA_WAIT));
        } finally {
            lock.lock();
        }
        addresses = metadata.brokers();
        for (Part part : leaderless) {
            try {
                assign(part, metadata, ends);
            } catch (RuntimeException e) {
                fail(part, e);
            }
        }
    }

    private void assign(Part part, ClusterMetadata metadata, Map<TopicPartition, Long> ends) {
        TopicPartition partition = part.job.partition();
        ClusterMetadata.Topic topic = metadata.topics().get(partition.topic());
        if (topic == null || topic.error() != KafkaError.NONE) {
            failIfStalled(part, topic == null ? "no metadata" : KafkaError.name(topic.error()));
            return;
        }
        if (!topic.id().equals(part.job.topicId())) {
            throw new EventBrokerException("topic " + topic.name()
                    + " was deleted and made again while it was restored; begin the restore anew");
        }
        Long end = ends.get(partition);
        if (!part.positioned && end != null) {
            if (end > part.total) {
                throw new EventBrokerException("partition " + partition + " holds " + end + " records, the backup "
                        + part.total + ": someone else writes to it; delete the topic and begin the restore anew");
            }
            part.acknowledged = end;
            part.reader.startAt(end);
            part.exhausted = false;
            part.pending = null;
            part.positioned = true;
        }
        if (part.acknowledged == part.total) {
            finish(part);
            return;
        }
        for (ClusterMetadata.Partition found : topic.partitions()) {
            if (found.index() == partition.partition()
                    && found.leader() >= 0
                    && addresses.containsKey(found.leader())) {
                part.leader = found.leader();
                part.state = State.ASSIGNED;
                return;
            }
        }
        failIfStalled(part, "it has no leader");
    }

    private void finish(Part part) {
        part.state = State.ENDED;
        listener.moved(
                part.job.partition(),
                part.job.source().bytes(),
                part.job.source().bytes());
        listener.done(part.job.partition(), part.total + " records");
        changed.signalAll();
    }

    private void fail(Part part, RuntimeException cause) {
        if (part.state != State.ENDED) {
            part.state = State.ENDED;
            listener.failed(part.job.partition(), cause);
            changed.signalAll();
        }
    }

    private void failIfStalled(Part part, String why) {
        if (System.nanoTime() - part.lastProgress > stall.toNanos()) {
            fail(
                    part,
                    new RetryableException("partition " + part.job.partition() + " made no progress for "
                            + stall.toSeconds() + " s: " + why));
        }
    }

    private void startTasks() {
        for (Part part : parts.values()) {
            InetSocketAddress address = addresses.get(part.leader);
            int key = part.leader * LANES + part.lane;
            if (part.state == State.ASSIGNED && address != null && working.add(key)) {
                int broker = part.leader;
                int lane = part.lane;
                executor.execute(() -> serve(broker, lane, key, address));
            }
        }
    }

    private void serve(int broker, int lane, int key, InetSocketAddress address) {
        Set<Part> taken = new LinkedHashSet<>();
        try (BrokerConnection connection = wire.connect(address)) {
            new Lane(broker, lane, connection, taken).run();
        } catch (SSLException e) {
            endAll(
                    broker,
                    lane,
                    new EventBrokerException(
                            "broker " + address + " and this client do not agree on TLS: " + e.getMessage(), e));
        } catch (IOException e) {
            log.info(
                    "Connection to broker {} at {} is lost, asking for leaders again: {}",
                    broker,
                    address,
                    e.toString());
            giveUp(broker, lane, e.toString());
        } catch (RuntimeException e) {
            endAll(broker, lane, e);
        } finally {
            lock.lock();
            try {
                working.remove(key);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void giveUp(int broker, int lane, String why) {
        lock.lock();
        try {
            for (Part part : parts.values()) {
                if (part.state == State.ASSIGNED && part.leader == broker && part.lane == lane) {
                    release(part, why);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Back to the coordinator, to go on behind the last acknowledged batch. */
    private void release(Part part, String why) {
        part.state = State.LEADERLESS;
        part.broken = false;
        part.inFlight = 0;
        part.pending = null;
        part.exhausted = false;
        failIfStalled(part, why);
        part.reader.startAt(part.acknowledged);
    }

    private void endAll(int broker, int lane, RuntimeException e) {
        lock.lock();
        try {
            parts.values().stream()
                    .filter(p -> p.state == State.ASSIGNED && p.leader == broker && p.lane == lane)
                    .forEach(p -> fail(p, e));
        } finally {
            lock.unlock();
        }
    }

    /** One connection and the partitions that go over it. */
    private final class Lane {
        private final int broker;
        private final int lane;
        private final BrokerConnection connection;
        private final Set<Part> taken;
        private final Deque<List<Sent>> underWay = new ArrayDeque<>();

        Lane(int broker, int lane, BrokerConnection connection, Set<Part> taken) {
            this.broker = broker;
            this.lane = lane;
            this.connection = connection;
            this.taken = taken;
        }

        void run() throws IOException {
            while (true) {
                boolean more = true;
                while (more && underWay.size() < IN_FLIGHT) {
                    more = send();
                }
                if (underWay.isEmpty()) {
                    return;
                }
                settle(connection.receiveProduce(), underWay.remove());
            }
        }

        private boolean send() throws IOException {
            takeMore();
            List<ProduceBatch> batches = new ArrayList<>();
            List<Sent> sent = new ArrayList<>();
            int bytes = 0;
            for (Part part : taken) {
                if (part.broken || part.state != State.ASSIGNED) {
                    continue;
                }
                PartitionReader.Batch batch = peek(part);
                if (batch == null) {
                    continue;
                }
                if (bytes > 0 && bytes + batch.size() > REQUEST_BYTES) {
                    break;
                }
                ByteBuffer prepared = prepare(part, batch);
                batches.add(new ProduceBatch(part.job.partition(), part.job.topicId(), prepared));
                sent.add(new Sent(part, batch.recordsBefore(), batch.records(), part.reader.bytesBefore()));
                bytes += prepared.remaining();
                part.pending = null;
                part.inFlight++;
            }
            if (batches.isEmpty()) {
                return false;
            }
            connection.sendProduce(batches);
            underWay.add(sent);
            return true;
        }

        private void takeMore() {
            lock.lock();
            try {
                taken.removeIf(p -> p.state != State.ASSIGNED || p.leader != broker);
                if (stopping) {
                    taken.removeIf(p -> p.inFlight == 0);
                    taken.forEach(p -> p.broken = true);
                    return;
                }
                for (Part part : parts.values()) {
                    if (taken.size() >= OPEN_PER_LANE) {
                        break;
                    }
                    if (part.state == State.ASSIGNED && part.leader == broker && part.lane == lane) {
                        taken.add(part);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private PartitionReader.@Nullable Batch peek(Part part) {
            PartitionReader.Batch batch = part.pending;
            while (batch == null && !part.exhausted) {
                try {
                    batch = part.reader.next();
                } catch (RuntimeException e) {
                    lock.lock();
                    try {
                        fail(part, e);
                    } finally {
                        lock.unlock();
                    }
                    part.exhausted = true;
                    return null;
                }
                part.exhausted = batch == null;
                if (batch != null && batch.records() == 0) {
                    // Every record of it was deleted in the source.
                    batch = null;
                }
            }
            part.pending = batch;
            return batch;
        }

        private ByteBuffer prepare(Part part, PartitionReader.Batch batch) {
            ByteBuffer buffer = batch.buffer();
            int at = batch.at();
            int size = batch.size();
            if (BatchRewriter.isNeeded(buffer, at, batch.from())) {
                buffer = BatchRewriter.rewrite(buffer, at, batch.from());
                at = 0;
                size = buffer.limit();
            }
            int sequence = (int) (batch.recordsBefore() & Integer.MAX_VALUE);
            BatchHeader.rewriteForProduce(buffer, at, part.job.producerId(), part.job.producerEpoch(), sequence);
            return buffer.slice(at, size);
        }

        private void settle(ProduceAnswer answer, List<Sent> sent) {
            Map<TopicPartition, Produced> byPartition = new HashMap<>();
            Map<Uuid, String> names = new HashMap<>();
            sent.forEach(s ->
                    names.put(s.part().job.topicId(), s.part().job.partition().topic()));
            for (Produced produced : answer.partitions()) {
                String topic =
                        produced.topic().isEmpty() ? names.getOrDefault(produced.topicId(), "") : produced.topic();
                byPartition.put(new TopicPartition(topic, produced.partition()), produced);
            }
            lock.lock();
            try {
                for (Sent one : sent) {
                    Part part = one.part();
                    if (part.state != State.ASSIGNED || part.leader != broker) {
                        continue;
                    }
                    part.inFlight--;
                    settle(one, byPartition.get(part.job.partition()));
                    if (part.broken && part.inFlight == 0 && part.state == State.ASSIGNED && !stopping) {
                        taken.remove(part);
                        release(part, "its leader refuses what it is sent");
                        changed.signalAll();
                    }
                }
            } finally {
                lock.unlock();
            }
            if (answer.throttleMillis() > 0) {
                wire.pause(Duration.ofMillis(answer.throttleMillis()));
            }
        }

        private void settle(Sent one, @Nullable Produced produced) {
            Part part = one.part();
            int error = produced == null ? KafkaError.UNKNOWN_SERVER_ERROR : produced.error();
            if (error == KafkaError.NONE && produced != null) {
                if (part.broken) {
                    return; // Sent again from the last acknowledged batch; the broker knows it by its sequence.
                }
                if (produced.baseOffset() != one.base()) {
                    fail(
                            part,
                            new EventBrokerException("partition " + part.job.partition() + " put record " + one.base()
                                    + " at offset " + produced.baseOffset()
                                    + ": someone else writes to it; delete the topic and begin the restore anew"));
                    return;
                }
                part.acknowledged = one.base() + one.records();
                part.lastProgress = System.nanoTime();
                part.sequenceErrors = 0;
                listener.moved(
                        part.job.partition(),
                        one.bytesBefore(),
                        part.job.source().bytes());
                if (part.acknowledged == part.total) {
                    taken.remove(part);
                    finish(part);
                }
                return;
            }
            if (part.broken) {
                return; // What follows a refused batch is refused as well.
            }
            boolean sequence =
                    error == KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER || error == KafkaError.DUPLICATE_SEQUENCE_NUMBER;
            if (sequence && ++part.sequenceErrors < SEQUENCE_ATTEMPTS) {
                // A killed process had more on its way than the target showed: look again.
                part.positioned = false;
                part.broken = true;
            } else if (KafkaError.isRetriable(error)) {
                part.broken = true;
            } else {
                fail(
                        part,
                        new EventBrokerException("partition " + part.job.partition() + " refuses record " + one.base()
                                + ": " + KafkaError.name(error)
                                + (produced == null || produced.message().isEmpty()
                                        ? ""
                                        : " (" + produced.message() + ")")));
            }
        }
    }
}
