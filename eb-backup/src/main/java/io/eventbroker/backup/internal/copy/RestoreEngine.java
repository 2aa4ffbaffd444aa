package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Writes partitions from the archive to their leaders, exactly once. A batch's sequence number is the offset that it
 * gets, modulo 2^31, under a producer id that the journal keeps: a batch that is sent again, by this process or by one
 * that takes over after a kill, is recognised by the broker.
 *
 * <p>A broker takes one batch of a partition at a time and one request of a connection, so several connections to each
 * broker carry different partitions. {@link LeaderTasks} finds the leaders, {@link PartitionReader} reads the archive,
 * {@link ProduceTask} writes.
 */
public final class RestoreEngine {
    private static final int LANES = 2;
    private static final int OPEN_PER_LANE = 4;
    /** Bounds what all readers hold in memory: two buffers each. */
    private static final int OPEN = 32;

    private static final int SPARE_BUFFERS = 8;
    private static final int BUFFER_BYTES = PartitionReader.CHUNK + (2 << 20);

    /**
     * One partition to restore.
     *
     * @param source what is read
     * @param slice what of it is written
     * @param records how many that are
     * @param partition where they are written to
     * @param topicId of the target's topic
     */
    public record Job(
            Manifest.Partition source,
            Slice slice,
            long records,
            TopicPartition partition,
            Uuid topicId,
            long producerId,
            short producerEpoch) {}

    private final KafkaWire wire;
    private final ObjectStore store;
    private final EngineListener listener;
    private final BufferPool pool = new BufferPool(2 * OPEN + SPARE_BUFFERS, BUFFER_BYTES);
    private final LeaderTasks<PartitionRestore> tasks;

    public RestoreEngine(
            KafkaWire wire, ObjectStore store, Duration stall, Executor executor, EngineListener listener) {
        this.wire = wire;
        this.store = store;
        this.listener = listener;
        EngineProfile profile = new EngineProfile(
                LANES,
                OPEN,
                OPEN_PER_LANE,
                stall,
                "restoring",
                "may not be written; the restore's principal needs WRITE and DESCRIBE on it",
                "was deleted and made again while it was restored; begin the restore anew");
        this.tasks = new LeaderTasks<>(wire, executor, listener, profile, new Restoring());
    }

    /**
     * Restores; returns when every partition is done or failed, or the listener has cancelled and all tasks have ended.
     * Goes on behind what the target already holds.
     */
    public void run(List<Job> jobs) {
        Map<String, Integer> spread = new HashMap<>();
        List<PartitionRestore> parts = new ArrayList<>();
        for (Job job : jobs) {
            int lane = spread.merge(job.partition().topic(), 1, Integer::sum) % LANES;
            parts.add(new PartitionRestore(job, lane, store, pool));
        }
        parts.forEach(tasks::add);
        try {
            tasks.run();
        } finally {
            parts.forEach(PartitionRestore::close);
        }
    }

    static void done(LeaderTasks<PartitionRestore> tasks, PartitionRestore part) {
        tasks.done(part, part.job().source().bytes(), part.total() + " records");
    }

    private final class Restoring implements PartitionWork<PartitionRestore> {
        /** What the coordinator has just heard of partitions that are to be positioned. */
        private Map<TopicPartition, Long> ends = Map.of();

        @Override
        public void prepare(List<PartitionRestore> leaderless, Deadline deadline) {
            List<TopicPartition> unknown = leaderless.stream()
                    .filter(p -> !p.isPositioned())
                    .map(PartitionRestore::partition)
                    .toList();
            ends = unknown.isEmpty() ? Map.of() : wire.listKnownOffsets(unknown, BrokerConnection.LATEST, deadline);
        }

        @Override
        public Optional<String> missing(PartitionRestore part) {
            Long end = ends.get(part.partition());
            if (!part.isPositioned() && end == null) {
                return Optional.of("its leader does not tell what it holds");
            }
            if (!part.isPositioned() && end != null) {
                part.position(end);
            }
            if (part.isComplete()) {
                done(tasks, part);
            }
            return Optional.empty();
        }

        @Override
        public void serve(LeaderSession<PartitionRestore> session) throws IOException {
            new ProduceTask(wire, listener, tasks, session).run();
        }

        @Override
        public void released(PartitionRestore part) {
            part.rewind();
        }

        @Override
        public void ended(PartitionRestore part) {
            part.close();
        }
    }
}
