package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.internal.copy.EngineListener;
import io.eventbroker.backup.internal.copy.RestoreEngine;
import io.eventbroker.backup.internal.copy.SegmentVerifier;
import io.eventbroker.backup.internal.copy.Slice;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.ClientSettings;
import io.eventbroker.backup.internal.wire.ClusterMetadata;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** An engine on its own, without plan and journal: with small buffers, little patience, and stores that fail. */
final class EngineRun implements EngineListener, AutoCloseable {
    static final String SET = "set";
    private static final Duration WAIT = Duration.ofSeconds(60);

    final Set<TopicPartition> done = ConcurrentHashMap.newKeySet();
    final Map<TopicPartition, RuntimeException> failed = new ConcurrentHashMap<>();
    final Map<TopicPartition, List<SealedSegment>> segments = new ConcurrentHashMap<>();
    final AtomicLong moved = new AtomicLong();
    volatile boolean cancelled;
    final KafkaWire wire;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    Executor executor = threads;
    Runnable onMoved = () -> {};

    EngineRun(Map<String, Object> connection, String... more) {
        Map<String, Object> properties = new java.util.HashMap<>(connection);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        wire = new KafkaWire(ClientSettings.from(properties));
    }

    static CopyEngine.Settings settings(int segmentBytes, int open, Duration stall) {
        return new CopyEngine.Settings(segmentBytes, 64 << 10, open, 256 << 10, stall);
    }

    private ClusterMetadata.Topic topic(String topic) {
        return wire.metadata(List.of(topic), Deadline.after(WAIT)).topics().get(topic);
    }

    List<CopyEngine.Job> jobs(String topic) {
        ClusterMetadata.Topic found = topic(topic);
        List<TopicPartition> partitions = found.partitions().stream()
                .map(p -> new TopicPartition(topic, p.index()))
                .toList();
        Map<TopicPartition, Long> ends = wire.listOffsets(partitions, BrokerConnection.LATEST, Deadline.after(WAIT));
        List<CopyEngine.Job> jobs = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            jobs.add(new CopyEngine.Job(partition, found.id(), 0, ends.get(partition), 0, List.of()));
        }
        return jobs;
    }

    void copy(List<CopyEngine.Job> jobs, ObjectStore store, CopyEngine.Settings settings) {
        copy(jobs, Map.of(), store, settings);
    }

    void copy(
            List<CopyEngine.Job> jobs,
            Map<TopicPartition, List<SealedSegment>> sealed,
            ObjectStore store,
            CopyEngine.Settings settings) {
        CopyEngine engine = new CopyEngine(wire, store, SET, settings, executor, this);
        engine.run(jobs, sealed);
        done.forEach(p -> segments.put(p, engine.segments(p)));
    }

    Manifest.Partition manifest(CopyEngine.Job job) {
        List<Manifest.Segment> found = segments.get(job.partition()).stream()
                .map(SealedSegment::segment)
                .toList();
        long end = found.isEmpty() ? job.start() : found.get(found.size() - 1).next();
        return new Manifest.Partition(
                job.partition().topic(),
                job.topicId().toString(),
                job.partition().partition(),
                job.start(),
                end,
                false,
                0,
                0,
                -1,
                found);
    }

    /** What is wrong with the archive of the partitions that are done. */
    List<String> verify(List<CopyEngine.Job> jobs, ObjectStore store) {
        List<String> wrong = new ArrayList<>();
        for (CopyEngine.Job job : jobs) {
            if (done.contains(job.partition())) {
                wrong.addAll(new SegmentVerifier(store, bytes -> {}).verify(manifest(job)));
            }
        }
        return wrong;
    }

    void restore(List<Manifest.Partition> partitions, ObjectStore store, Duration stall) {
        BrokerConnection.ProducerIdAnswer producer = wire.initProducerId(Deadline.after(WAIT));
        List<RestoreEngine.Job> jobs = new ArrayList<>();
        for (Manifest.Partition partition : partitions) {
            Uuid id = topic(partition.topic()).id();
            jobs.add(new RestoreEngine.Job(
                    partition,
                    new Slice(partition.start(), partition.end(), Long.MAX_VALUE),
                    partition.records(),
                    partition.topicPartition(),
                    id,
                    producer.producerId(),
                    producer.epoch()));
        }
        new RestoreEngine(wire, store, stall, executor, this).run(jobs);
    }

    @Override
    public void moved(TopicPartition partition, long bytes, long ofBytes) {
        moved.incrementAndGet();
        onMoved.run();
    }

    @Override
    public void done(TopicPartition partition, String detail) {
        done.add(partition);
    }

    @Override
    public void failed(TopicPartition partition, RuntimeException cause) {
        failed.put(partition, cause);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        wire.close();
    }
}
