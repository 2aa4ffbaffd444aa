package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies partitions from their leaders into segments. One task a broker, each with one connection. Only so many
 * partitions are open at once as there are buffers. {@link LeaderTasks} finds the leaders, {@link FetchTask} reads, {@link
 * BatchSelection} says what is kept, {@link PartitionCopy} writes it.
 */
public final class CopyEngine {
    private static final Logger log = LoggerFactory.getLogger(CopyEngine.class);
    private static final int SPARE_BUFFERS = 2;
    /** S3 takes no smaller parts than 5 MiB, but for the last one. */
    private static final int SMALLEST_PART = 8 << 20;

    static final String DENIED = "may not be read; the backup's principal needs READ and DESCRIBE on it";

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

    /**
     * One partition to copy: offsets from start to before end.
     *
     * @param positions offsets of which {@link GroupPositions} will want to know how many records stand before them, in
     *     ascending order
     * @param before what an earlier backup holds up to the start
     */
    public record Job(
            TopicPartition partition,
            Uuid topicId,
            long start,
            long end,
            long bytesExpected,
            List<Long> positions,
            Optional<Before> before) {
        public Job {
            positions = List.copyOf(positions);
        }

        /** A partition that is copied whole. */
        public Job(
                TopicPartition partition,
                Uuid topicId,
                long start,
                long end,
                long bytesExpected,
                List<Long> positions) {
            this(partition, topicId, start, end, bytesExpected, positions, Optional.empty());
        }
    }

    /**
     * The end of an earlier backup, which the log must still hold.
     *
     * @param epoch of the leader that wrote the last offset; −1 if that must be looked up
     * @param last the last segment, if any
     */
    public record Before(int epoch, Optional<Manifest.Segment> last) {}

    private final KafkaWire wire;
    private final Settings settings;
    private final EngineListener listener;
    private final ObjectStore store;
    private final String set;
    private final LeaderTasks<PartitionCopy> tasks;
    /** Segments that were given up and that the store may still be busy with. */
    private final Queue<CompletableFuture<?>> givenUp = new ConcurrentLinkedQueue<>();

    public CopyEngine(
            KafkaWire wire,
            ObjectStore store,
            String set,
            Settings settings,
            Executor executor,
            EngineListener listener) {
        this.wire = wire;
        this.settings = settings;
        this.listener = listener;
        this.store = store;
        this.set = set;
        EngineProfile profile = new EngineProfile(
                1,
                settings.openPartitions(),
                settings.openPartitions(),
                settings.stall(),
                "copying",
                DENIED,
                "was deleted and made again while the backup ran; plan again");
        this.tasks = new LeaderTasks<>(wire, executor, listener, profile, new Copying());
    }

    /**
     * Copies; returns when every partition is done or failed, or the listener has cancelled. All tasks have ended then,
     * and the store has finished or given up what it was handed, unless it takes longer than the stall for that.
     *
     * @param sealed what the store holds already, as {@link SealedSegments#takeOver} has found it
     */
    public void run(List<Job> jobs, Map<TopicPartition, List<SealedSegment>> sealed) {
        int fetchBytes = Math.max(1 << 20, settings.fetchBytes() / 4);
        BufferPool pool = new BufferPool(settings.openPartitions() + SPARE_BUFFERS, partBytes(jobs));
        PartitionCopy.Destination destination =
                new PartitionCopy.Destination(store, pool, set, settings.segmentBytes(), settings.stall());
        List<PartitionCopy> parts = jobs.stream()
                .map(job -> new PartitionCopy(
                        job, destination, sealed.getOrDefault(job.partition(), List.of()), fetchBytes))
                .toList();
        parts.forEach(tasks::add);
        parts.stream().filter(PartitionCopy::isComplete).forEach(this::complete);
        try {
            tasks.run();
        } finally {
            boolean unused = tasks.awaitSealing(settings.stall());
            for (PartitionCopy part : parts) {
                giveUp(part);
                givenUp.addAll(part.sealed());
            }
            awaitStore();
        }
        tasks.rethrow();
    }

    /** New memory has its price: buffers are no larger than what the largest partition is likely to fill. */
    private int partBytes(List<Job> jobs) {
        long largest = jobs.stream().mapToLong(Job::bytesExpected).max().orElse(0);
        return (int) Math.min(settings.partBytes(), Math.max(SMALLEST_PART, largest + (largest >> 4) + (1 << 20)));
    }

    private void awaitStore() {
        boolean interrupted = Thread.interrupted();
        try {
            CompletableFuture.allOf(givenUp.toArray(CompletableFuture[]::new))
                    .get(settings.stall().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("The store is still busy with segments that were given up; they do not become part of the backup");
        } catch (ExecutionException e) {
            log.debug("Some segments have failed, as their partitions have", e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The segments of a partition that is done, in order. */
    public List<SealedSegment> segments(TopicPartition partition) {
        PartitionCopy part = tasks.part(partition);
        return part == null
                ? List.of()
                : part.sealed().stream().map(CompletableFuture::join).toList();
    }

    /** Epoch of the leader that wrote the last offset of a partition that is done; −1 if unknown. */
    public int lastEpoch(TopicPartition partition) {
        PartitionCopy part = tasks.part(partition);
        return part == null ? -1 : part.epoch();
    }

    private final class Copying implements PartitionWork<PartitionCopy> {
        @Override
        public void serve(LeaderSession<PartitionCopy> session) throws IOException {
            new FetchTask(wire, listener, settings.fetchBytes(), CopyEngine.this::complete, session).run();
        }

        @Override
        public void released(PartitionCopy part) {
            part.restart();
        }

        @Override
        public void ended(PartitionCopy part) {
            giveUp(part);
        }
    }

    private void giveUp(PartitionCopy part) {
        CompletableFuture<Void> abandoned = part.abandon();
        if (!abandoned.isDone()) {
            givenUp.add(abandoned);
        }
    }

    /** The last offset is in a sealed segment; the partition ends once the store has all of them. */
    private void complete(PartitionCopy part) {
        tasks.sealing(part);
        List<CompletableFuture<SealedSegment>> sealed = List.copyOf(part.sealed());
        CompletableFuture<?>[] heard = sealed.stream()
                .map(segment -> segment.whenComplete((index, failure) -> tasks.sealed(part)))
                .toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(heard).whenComplete((done, failure) -> durable(part, sealed, failure));
    }

    private void durable(
            PartitionCopy part, List<CompletableFuture<SealedSegment>> sealed, @Nullable Throwable failure) {
        if (failure != null) {
            tasks.fail(part, failure);
            return;
        }
        try {
            long records = 0;
            long bytes = 0;
            for (CompletableFuture<SealedSegment> segment : sealed) {
                records += segment.join().segment().records();
                bytes += segment.join().segment().bytes();
            }
            tasks.done(part, bytes, records + " records, " + bytes + " bytes in " + sealed.size() + " segments");
        } catch (RuntimeException | Error e) {
            tasks.fail(part, e);
        }
    }
}
