package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.archive.SegmentIndex.Reason;
import io.eventbroker.backup.internal.archive.SegmentWriter;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.BrokerConnection.AbortedTransaction;
import io.eventbroker.backup.internal.wire.BrokerConnection.FetchAnswer;
import io.eventbroker.backup.internal.wire.BrokerConnection.FetchFrom;
import io.eventbroker.backup.internal.wire.BrokerConnection.FetchLimits;
import io.eventbroker.backup.internal.wire.BrokerConnection.Fetched;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.internal.wire.WireFormatException;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * Copies partitions from their leaders into segments. One task a broker, each with one connection: while an answer is
 * copied away, the next fetch is already under way. Only so many partitions are open at once as there are buffers.
 */
public final class CopyEngine {
    private static final Logger log = LoggerFactory.getLogger(CopyEngine.class);
    private static final int LARGEST_BATCH = 1 << 30;
    private static final int CRC_ATTEMPTS = 3;
    private static final int SPARE_BUFFERS = 2;
    private static final Duration METADATA_WAIT = Duration.ofSeconds(30);

    /**
     * Sizes and patience.
     *
     * @param segmentBytes at which a segment is sealed
     * @param partBytes of one buffer, and of one part of an upload
     * @param openPartitions at once
     * @param fetchBytes of one answer
     * @param stall after which a partition that makes no progress has failed
     */
    public record Settings(long segmentBytes, int partBytes, int openPartitions, int fetchBytes, Duration stall) {
        public static Settings defaults() {
            return new Settings(128L << 20, 16 << 20, 6, 8 << 20, Duration.ofMinutes(2));
        }
    }

    /** One partition to copy: offsets from start to before end. */
    public record Job(TopicPartition partition, Uuid topicId, long start, long end, long bytesExpected) {}

    private enum State {
        LEADERLESS,
        ASSIGNED,
        SEALING,
        ENDED
    }

    /** A partition on its way. Belongs to the coordinator's lock, and to its broker's task while that has taken it. */
    private final class Part {
        final Job job;
        State state = State.LEADERLESS;
        int leader = -1;
        int leaderEpoch = -1;
        /** The first offset that is not in the archive yet. */
        long position;
        /** The first offset that has not been asked for yet. */
        long requested;

        int fetchBytes;
        int crcFailures;
        boolean open;

        @Nullable
        SegmentWriter writer;

        long bytes;
        final List<CompletableFuture<SealedSegment>> sealed = new ArrayList<>();
        long lastProgress = System.nanoTime();

        Part(Job job) {
            this.job = job;
            this.position = job.start();
            this.fetchBytes = Math.max(1 << 20, settings.fetchBytes() / 4);
        }

        SegmentWriter writer() {
            SegmentWriter current = writer;
            if (current == null) {
                current = new SegmentWriter(store, pool, settings.stall(), set, job.partition(), position);
                writer = current;
            }
            return current;
        }

        void seal() {
            SegmentWriter current = writer;
            writer = null;
            if (current != null && current.index().next() > current.index().base()) {
                sealed.add(current.seal());
            } else if (current != null) {
                current.abandon();
            }
        }
    }

    private final KafkaWire wire;
    private final ObjectStore store;
    private final String set;
    private final Settings settings;
    private final Executor executor;
    private final EngineListener listener;
    private final BufferPool pool;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, Part> parts = new HashMap<>();
    private final Map<Uuid, String> topicNames = new HashMap<>();
    private final Set<Integer> working = new HashSet<>();
    private int open;
    private int openPerBroker = 1;
    private boolean stopping;

    public CopyEngine(
            KafkaWire wire,
            ObjectStore store,
            String set,
            Settings settings,
            Executor executor,
            EngineListener listener) {
        this.wire = wire;
        this.store = store;
        this.set = set;
        this.settings = settings;
        this.executor = executor;
        this.listener = listener;
        this.pool = new BufferPool(settings.openPartitions() + SPARE_BUFFERS, settings.partBytes());
    }

    /**
     * Copies; returns when every partition is done or failed, or the listener has cancelled and all tasks have ended.
     *
     * @param sealed what the store holds already, as {@link SealedSegments#takeOver} has found it; is taken over
     */
    public void run(List<Job> jobs, Map<TopicPartition, List<SealedSegment>> sealed) {
        for (Job job : jobs) {
            Part part = new Part(job);
            for (SealedSegment index : sealed.getOrDefault(job.partition(), List.of())) {
                part.sealed.add(CompletableFuture.completedFuture(index));
                part.position = index.segment().next();
                part.bytes += index.segment().bytes();
            }
            part.requested = part.position;
            parts.put(job.partition(), part);
            topicNames.put(job.topicId(), job.partition().topic());
        }
        lock.lock();
        try {
            for (Part part : List.copyOf(parts.values())) {
                finishIfComplete(part);
            }
            coordinate();
        } finally {
            stopping = true;
            while (!working.isEmpty() || parts.values().stream().anyMatch(p -> p.state == State.SEALING)) {
                changed.awaitUninterruptibly();
            }
            parts.values().forEach(part -> {
                if (part.writer != null) {
                    part.writer.abandon();
                }
            });
            lock.unlock();
        }
    }

    /** The segments of a partition that is done, in order. */
    public List<SealedSegment> segments(TopicPartition partition) {
        lock.lock();
        try {
            Part part = parts.get(partition);
            return part == null
                    ? List.of()
                    : part.sealed.stream().map(CompletableFuture::join).toList();
        } finally {
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
                // Also wakes for cancelling, which does not signal.
                boolean unused = changed.await(leaderless.isEmpty() ? 250 : 100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventBrokerException("interrupted while copying", e);
            }
        }
    }

    private Map<Integer, InetSocketAddress> addresses = Map.of();

    private void assign(List<Part> leaderless) {
        Set<String> topics = new LinkedHashSet<>();
        leaderless.forEach(p -> topics.add(p.job.partition().topic()));
        ClusterMetadata metadata;
        lock.unlock();
        try {
            metadata = wire.metadata(topics, Deadline.after(METADATA_WAIT));
        } finally {
            lock.lock();
        }
        addresses = metadata.brokers();
        openPerBroker = Math.max(1, settings.openPartitions() / Math.max(1, addresses.size()));
        for (Part part : leaderless) {
            ClusterMetadata.Topic topic =
                    metadata.topics().get(part.job.partition().topic());
            if (topic == null || topic.error() == KafkaError.UNKNOWN_TOPIC_OR_PARTITION) {
                // A broker that has just started may not know it yet.
                failIfStalled(part, "topic " + part.job.partition().topic() + " is not there any more");
            } else if (topic.error() == KafkaError.TOPIC_AUTHORIZATION_FAILED) {
                fail(
                        part,
                        new EventBrokerException("topic " + topic.name()
                                + " may not be read; the backup's principal needs READ and DESCRIBE on it"));
            } else if (topic.error() == KafkaError.NONE && !topic.id().equals(part.job.topicId())) {
                fail(
                        part,
                        new EventBrokerException("topic " + topic.name()
                                + " was deleted and made again while the backup ran; plan again"));
            } else {
                assign(part, topic);
            }
        }
    }

    private void assign(Part part, ClusterMetadata.Topic topic) {
        for (ClusterMetadata.Partition found : topic.partitions()) {
            if (found.index() == part.job.partition().partition()
                    && found.leader() >= 0
                    && addresses.containsKey(found.leader())) {
                part.leader = found.leader();
                part.leaderEpoch = found.leaderEpoch();
                part.state = State.ASSIGNED;
                return;
            }
        }
        failIfStalled(part, "it has no leader");
    }

    private void failIfStalled(Part part, String why) {
        if (System.nanoTime() - part.lastProgress > settings.stall().toNanos()) {
            fail(
                    part,
                    new RetryableException("partition " + part.job.partition() + " made no progress for "
                            + settings.stall().toSeconds() + " s: " + why));
        }
    }

    private void fail(Part part, RuntimeException cause) {
        if (part.state == State.ENDED) {
            return;
        }
        part.state = State.ENDED;
        if (part.writer != null) {
            part.writer.abandon();
            part.writer = null;
        }
        releaseSlot(part);
        listener.failed(part.job.partition(), cause);
        changed.signalAll();
    }

    private void releaseSlot(Part part) {
        if (part.open) {
            part.open = false;
            open--;
        }
    }

    private void startTasks() {
        for (Part part : parts.values()) {
            if (part.state == State.ASSIGNED && !part.open && open >= settings.openPartitions()) {
                continue;
            }
            InetSocketAddress address = addresses.get(part.leader);
            if (part.state == State.ASSIGNED && address != null && working.add(part.leader)) {
                int broker = part.leader;
                executor.execute(() -> serve(broker, address));
            }
        }
    }

    /** The task of one broker: fetches until it leads nothing that is left. */
    private void serve(int broker, InetSocketAddress address) {
        List<Part> taken = new ArrayList<>();
        try (BrokerConnection connection = wire.connect(address)) {
            new BrokerTask(broker, connection, taken).run();
        } catch (SSLException e) {
            failAll(
                    taken,
                    broker,
                    new EventBrokerException(
                            "broker " + address
                                    + " and this client do not agree on TLS: " + e.getMessage()
                                    + "; check ssl.truststore.*, ssl.keystore.* and the host name in the broker's certificate",
                            e));
        } catch (IOException e) {
            log.info(
                    "Connection to broker {} at {} is lost, asking for leaders again: {}",
                    broker,
                    address,
                    e.toString());
            giveUp(broker, e.toString());
        } catch (RuntimeException e) {
            failAll(taken, broker, e);
        } finally {
            lock.lock();
            try {
                working.remove(broker);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void giveUp(int broker, String why) {
        lock.lock();
        try {
            for (Part part : parts.values()) {
                if (part.state == State.ASSIGNED && part.leader == broker) {
                    part.state = State.LEADERLESS;
                    part.requested = part.position;
                    failIfStalled(part, why);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void failAll(List<Part> taken, int broker, RuntimeException e) {
        lock.lock();
        try {
            // Without a connection nothing was taken: then it concerns all that the broker leads.
            List<Part> concerned = taken.isEmpty()
                    ? parts.values().stream()
                            .filter(p -> p.state == State.ASSIGNED && p.leader == broker)
                            .toList()
                    : List.copyOf(taken);
            concerned.forEach(part -> fail(part, e));
        } finally {
            lock.unlock();
        }
    }

    /** Marks a partition whose last offset is archived; it ends once its segments are durable. */
    private boolean finishIfComplete(Part part) {
        if (part.position < part.job.end()) {
            return false;
        }
        part.state = State.SEALING;
        part.seal();
        releaseSlot(part);
        var unused = CompletableFuture.allOf(part.sealed.toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> durable(part, failure));
        return true;
    }

    private void durable(Part part, @Nullable Throwable failure) {
        if (failure == null) {
            long records = 0;
            long bytes = 0;
            for (CompletableFuture<SealedSegment> segment : part.sealed) {
                records += segment.join().segment().records();
                bytes += segment.join().segment().bytes();
            }
            listener.moved(part.job.partition(), bytes, bytes);
            // Before the state changes, so that the run hears of it before the engine returns; not under the lock,
            // because the journal is forced to disk meanwhile.
            listener.done(
                    part.job.partition(),
                    records + " records, " + bytes + " bytes in " + part.sealed.size() + " segments");
        }
        lock.lock();
        try {
            if (failure != null) {
                fail(part, asRuntime(failure));
            } else {
                part.state = State.ENDED;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    static RuntimeException asRuntime(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException runtime ? runtime : new EventBrokerException(cause.toString(), cause);
    }

    /** What one answer holds for one partition, measured but not yet copied. */
    private record Scanned(Part part, ByteBuffer records, int length, List<AbortedTransaction> aborted) {}

    private final class BrokerTask {
        private final int broker;
        private final BrokerConnection connection;
        private final List<Part> taken;
        private int turn;

        BrokerTask(int broker, BrokerConnection connection, List<Part> taken) {
            this.broker = broker;
            this.connection = connection;
            this.taken = taken;
        }

        void run() throws IOException {
            boolean underWay = false;
            while (true) {
                if (!underWay) {
                    underWay = request();
                    if (!underWay) {
                        return;
                    }
                }
                FetchAnswer answer = connection.receiveFetch(FETCH_WAIT_MILLIS);
                if (answer.error() != KafkaError.NONE) {
                    throw new IOException("fetch was refused: " + KafkaError.name(answer.error()));
                }
                if (answer.throttleMillis() > 0) {
                    log.debug("Broker {} throttles for {} ms", broker, answer.throttleMillis());
                    wire.pause(Duration.ofMillis(answer.throttleMillis()));
                }
                List<Scanned> scanned = new ArrayList<>();
                for (Fetched fetched : answer.partitions()) {
                    Scanned found = scan(fetched);
                    if (found != null) {
                        scanned.add(found);
                    }
                }
                // The broker works on the next fetch while this one is copied away.
                underWay = request();
                for (Scanned found : scanned) {
                    archive(found);
                }
            }
        }

        /** Sends the next fetch. False if there is nothing left to ask this broker for. */
        private boolean request() throws IOException {
            List<FetchFrom> from = new ArrayList<>();
            int most = 0;
            lock.lock();
            try {
                if (stopping) {
                    return false;
                }
                taken.removeIf(p -> p.state != State.ASSIGNED || p.leader != broker);
                takeMore();
                // Another partition comes first each time, or a busy one would starve the rest.
                turn++;
                for (int i = 0; i < taken.size(); i++) {
                    Part part = taken.get((i + turn) % taken.size());
                    if (part.requested < part.job.end()) {
                        from.add(new FetchFrom(
                                part.job.topicId(),
                                part.job.partition().partition(),
                                part.leaderEpoch,
                                part.requested));
                        most = Math.max(most, part.fetchBytes);
                    }
                }
            } finally {
                lock.unlock();
            }
            if (from.isEmpty()) {
                return false;
            }
            connection.sendFetch(
                    from, new FetchLimits(FETCH_WAIT_MILLIS, 1, Math.max(settings.fetchBytes(), most), most));
            return true;
        }

        private void takeMore() {
            for (Part part : parts.values()) {
                if (part.state != State.ASSIGNED || part.leader != broker || taken.contains(part)) {
                    continue;
                }
                if (!part.open) {
                    if (open >= settings.openPartitions() || taken.size() >= openPerBroker) {
                        continue;
                    }
                    part.open = true;
                    open++;
                }
                taken.add(part);
            }
        }

        private @Nullable Scanned scan(Fetched fetched) {
            String topic = topicNames.getOrDefault(fetched.topicId(), "");
            Part part = parts.get(new TopicPartition(topic, fetched.partition()));
            if (part == null || !taken.contains(part)) {
                return null;
            }
            if (fetched.error() != KafkaError.NONE) {
                refused(part, fetched);
                return null;
            }
            int length = 0;
            try {
                length = measure(part, fetched.records());
            } catch (WireFormatException e) {
                lock.lock();
                try {
                    fail(part, e);
                } finally {
                    lock.unlock();
                }
                return null;
            }
            if (length == 0) {
                if (fetched.records().hasRemaining()) {
                    // A batch larger than was asked for: Kafka sends its beginning only.
                    part.fetchBytes = (int) Math.min(LARGEST_BATCH, part.fetchBytes * 4L);
                }
                lock.lock();
                try {
                    failIfStalled(
                            part, "its leader sends nothing, last stable offset is " + fetched.lastStableOffset());
                } finally {
                    lock.unlock();
                }
                return null;
            }
            part.lastProgress = System.nanoTime();
            return new Scanned(part, fetched.records(), length, fetched.aborted());
        }

        /** Bytes of the whole batches that are wanted; moves the partition's requested offset behind them. */
        private int measure(Part part, ByteBuffer records) {
            int at = 0;
            while (records.limit() - at >= BatchHeader.SIZE && part.requested < part.job.end()) {
                int magic = BatchHeader.magic(records, at);
                if (magic != BatchHeader.MAGIC) {
                    throw new WireFormatException("partition " + part.job.partition() + " has a batch of magic " + magic
                            + " at offset " + BatchHeader.baseOffset(records, at)
                            + "; only magic 2 (Kafka 0.11 and newer) can be backed up");
                }
                int size = BatchHeader.sizeInBytes(records, at);
                if (size < BatchHeader.SIZE) {
                    throw new WireFormatException("partition " + part.job.partition() + " has a batch of " + size
                            + " bytes at offset " + BatchHeader.baseOffset(records, at));
                }
                if (size > records.limit() - at) {
                    break;
                }
                long next = BatchHeader.lastOffset(records, at) + 1;
                if (next <= part.requested && at > 0) {
                    throw new WireFormatException("partition " + part.job.partition() + " has offset " + (next - 1)
                            + " behind offset " + (part.requested - 1));
                }
                part.requested = Math.max(part.requested, next);
                at += size;
            }
            return at;
        }

        private void refused(Part part, Fetched fetched) {
            int error = fetched.error();
            if (error == KafkaError.OFFSET_OUT_OF_RANGE) {
                skipLost(part);
                return;
            }
            lock.lock();
            try {
                if (error == KafkaError.TOPIC_AUTHORIZATION_FAILED) {
                    fail(
                            part,
                            new EventBrokerException(
                                    "topic " + part.job.partition().topic()
                                            + " may not be read; the backup's principal needs READ and DESCRIBE on it"));
                } else if (KafkaError.isRetriable(error)
                        || error == KafkaError.UNKNOWN_SERVER_ERROR
                        || error == KafkaError.CORRUPT_MESSAGE) {
                    part.state = State.LEADERLESS;
                    part.requested = part.position;
                    failIfStalled(part, KafkaError.name(error));
                    changed.signalAll();
                } else {
                    fail(
                            part,
                            new EventBrokerException("partition " + part.job.partition() + " cannot be read at offset "
                                    + part.requested + ": " + KafkaError.name(error)));
                }
            } finally {
                lock.unlock();
            }
        }

        /** Retention or DeleteRecords was faster than the backup: the gap is noted, and reading goes on behind it. */
        private void skipLost(Part part) {
            TopicPartition partition = part.job.partition();
            long earliest = wire.listOffsets(
                            List.of(partition), BrokerConnection.EARLIEST, Deadline.after(METADATA_WAIT))
                    .getOrDefault(partition, -1L);
            lock.lock();
            try {
                if (earliest <= part.position) {
                    fail(
                            part,
                            new EventBrokerException("partition " + partition + " ends before offset "
                                    + part.position
                                    + ", which was there when the backup began: its log was truncated, as by an"
                                    + " unclean leader election; plan again"));
                    return;
                }
                long until = Math.min(earliest, part.job.end());
                log.warn(
                        "Partition {}: offsets {} to {} were deleted before they could be read",
                        partition,
                        part.position,
                        until - 1);
                part.writer().index().dropped(Reason.LOST, part.position, until - 1);
                part.position = until;
                part.requested = until;
                part.lastProgress = System.nanoTime();
                finishIfComplete(part);
            } finally {
                lock.unlock();
            }
        }

        private void archive(Scanned found) throws IOException {
            Part part = found.part();
            if (part.state != State.ASSIGNED) {
                return;
            }
            ByteBuffer records = found.records();
            List<AbortedTransaction> aborted = found.aborted().stream()
                    .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                    .toList();
            int nextAborted = 0;
            Set<Long> aborting = new HashSet<>();
            long before = part.bytes;
            int runStart = 0;
            int runEnd = 0;
            int at = 0;
            try {
                while (at < found.length()) {
                    int size = BatchHeader.sizeInBytes(records, at);
                    if (!BatchHeader.crcMatches(records, at)) {
                        flush(part, records, runStart, runEnd);
                        damaged(part, BatchHeader.baseOffset(records, at));
                        return;
                    }
                    long base = BatchHeader.baseOffset(records, at);
                    long last = BatchHeader.lastOffset(records, at);
                    while (nextAborted < aborted.size()
                            && aborted.get(nextAborted).firstOffset() <= last) {
                        aborting.add(aborted.get(nextAborted++).producerId());
                    }
                    Reason reason = null;
                    if (last < part.position) {
                        // Older than what was asked for: Kafka starts at a batch, not at an offset.
                        flush(part, records, runStart, runEnd);
                        at += size;
                        runStart = at;
                        runEnd = at;
                        continue;
                    } else if (BatchHeader.isControl(records, at)) {
                        if (BatchHeader.isAbortMarker(records, at)) {
                            aborting.remove(BatchHeader.producerId(records, at));
                        }
                        reason = Reason.CONTROL;
                    } else if (BatchHeader.isTransactional(records, at)
                            && aborting.contains(BatchHeader.producerId(records, at))) {
                        reason = Reason.ABORTED;
                    } else if (BatchHeader.recordCount(records, at) == 0) {
                        reason = Reason.ABSENT;
                    }
                    if (reason != null) {
                        flush(part, records, runStart, runEnd);
                        part.writer().index().dropped(reason, base, last);
                        runStart = at + size;
                    } else {
                        SegmentIndex.Builder index = part.writer().index();
                        if (index.bytes() > 0 && index.bytes() + size > settings.segmentBytes()) {
                            flush(part, records, runStart, runEnd);
                            runStart = at;
                            part.seal();
                            index = part.writer().index();
                        }
                        long restored = BatchRecords.restored(records, at, part.position);
                        index.batch(
                                base,
                                last,
                                size,
                                restored,
                                BatchRewriter.isNeeded(records, at, part.position),
                                BatchHeader.maxTimestamp(records, at));
                        part.bytes += size;
                    }
                    part.position = last + 1;
                    at += size;
                    runEnd = at;
                }
                flush(part, records, runStart, runEnd);
                if (part.position >= part.job.end()) {
                    part.seal(); // Here and not under the lock: a store may write to disk before it returns.
                }
            } catch (RetryableException | WireFormatException e) {
                lock.lock();
                try {
                    fail(part, e);
                } finally {
                    lock.unlock();
                }
                return;
            } catch (CompletionException e) {
                lock.lock();
                try {
                    fail(part, asRuntime(e));
                } finally {
                    lock.unlock();
                }
                return;
            }
            if (part.bytes > before) {
                listener.moved(part.job.partition(), part.bytes, Math.max(part.bytes, part.job.bytesExpected()));
            }
            lock.lock();
            try {
                if (part.state == State.ASSIGNED) {
                    finishIfComplete(part);
                }
            } finally {
                lock.unlock();
            }
        }

        /** Appends batches that lie side by side in one go. */
        private void flush(Part part, ByteBuffer records, int from, int to) {
            if (to > from) {
                part.writer().append(records, from, to - from);
            }
        }

        private void damaged(Part part, long offset) throws IOException {
            if (++part.crcFailures >= CRC_ATTEMPTS) {
                lock.lock();
                try {
                    fail(
                            part,
                            new EventBrokerException("partition " + part.job.partition() + " has a damaged batch at"
                                    + " offset " + offset + ": its CRC-32C does not match, " + CRC_ATTEMPTS
                                    + " times; check the leader's disk, or move the leadership to another replica"));
                } finally {
                    lock.unlock();
                }
                return;
            }
            throw new IOException("the batch at offset " + offset + " of " + part.job.partition() + " came damaged");
        }
    }

    private static final int FETCH_WAIT_MILLIS = 500;
}
