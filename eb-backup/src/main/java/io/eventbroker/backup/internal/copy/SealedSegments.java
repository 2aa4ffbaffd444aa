package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SealedSegment;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.store.DamagedObjectException;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.TopicPartition;

/** Finds out from the store how far a backup set has come: the unbroken chain of sealed segments of each partition. */
public final class SealedSegments {
    private static final int READS_AT_ONCE = 32;

    /** All that the folder of the set holds. */
    private final Map<String, Long> sizes = new HashMap<>();

    private final ObjectStore store;
    private final String set;
    /** By the names of their indexes; without those that are damaged. */
    private final Map<String, SealedSegment> sealed = new HashMap<>();

    private final List<String> indexes = new ArrayList<>();
    private final Map<TopicPartition, List<SealedSegment>> chains = new HashMap<>();

    private SealedSegments(ObjectStore store, String set, List<CopyEngine.Job> jobs) {
        this.store = store;
        this.set = set;
        Set<String> folders = new HashSet<>();
        jobs.forEach(job -> folders.add(ArchiveNames.partition(set, job.partition())));
        for (StoredObject object :
                StoreCalls.await(store.list(ArchiveNames.set(set) + "data/"), "a listing of the backup set")) {
            sizes.put(object.name(), object.size());
            String folder = object.name().substring(0, object.name().lastIndexOf('/') + 1);
            if (ArchiveNames.isIndex(object.name()) && folders.contains(folder)) {
                indexes.add(object.name());
            }
        }
        List<Optional<SealedSegment>> found =
                StoreCalls.each(indexes, READS_AT_ONCE, this::unlessDamaged, "the indexes of the backup set");
        for (int i = 0; i < indexes.size(); i++) {
            String name = indexes.get(i);
            found.get(i).ifPresent(segment -> sealed.put(name, segment));
        }
        jobs.forEach(this::follow);
    }

    private CompletableFuture<Optional<SealedSegment>> unlessDamaged(String name) {
        return index(store, set, name, sizes.getOrDefault(name, 0L)).handle((index, failure) -> {
            if (failure == null) {
                return Optional.of(index.sealed());
            }
            RuntimeException cause = StoreCalls.asRuntime(failure);
            if (cause instanceof ArchiveException || cause instanceof DamagedObjectException) {
                return Optional.empty();
            }
            throw new CompletionException(cause);
        });
    }

    private void follow(CopyEngine.Job job) {
        List<SealedSegment> chain = new ArrayList<>();
        SealedSegment next = at(job.partition(), job.start());
        while (next != null) {
            chain.add(next);
            next = at(job.partition(), next.segment().next());
        }
        if (!chain.isEmpty()) {
            chains.put(job.partition(), chain);
        }
    }

    private @org.jspecify.annotations.Nullable SealedSegment at(TopicPartition partition, long base) {
        SealedSegment found = sealed.get(ArchiveNames.index(set, partition, base));
        Long stored = sizes.get(ArchiveNames.segment(set, partition, base));
        return found != null && stored != null && stored == found.segment().bytes() ? found : null;
    }

    /** The chains, from each job's start on; partitions without a sealed segment are left out. */
    public static Map<TopicPartition, List<SealedSegment>> find(
            ObjectStore store, String set, List<CopyEngine.Job> jobs) {
        return new SealedSegments(store, set, jobs).chains;
    }

    /**
     * The chains of a backup that goes on; only for the run that owns the set. Indexes beyond a chain, which a kill leaves
     * when a later segment was done before an earlier one, are deleted: what they cover is copied again, and an index is
     * never replaced.
     */
    public static Map<TopicPartition, List<SealedSegment>> takeOver(
            ObjectStore store, String set, List<CopyEngine.Job> jobs) {
        SealedSegments found = new SealedSegments(store, set, jobs);
        Set<String> beyond = new HashSet<>(found.indexes);
        found.chains.forEach((partition, chain) -> chain.forEach(link ->
                beyond.remove(ArchiveNames.index(set, partition, link.segment().base()))));
        StoreCalls.each(
                beyond,
                READS_AT_ONCE,
                name -> store.delete(name).thenApply(done -> name),
                "indexes that a killed run has left");
        return found.chains;
    }

    /** Waits for the index of a segment that is known: it must be the one that belongs to it. */
    static SegmentIndex read(ObjectStore store, TopicPartition partition, Manifest.Segment segment) {
        return StoreCalls.await(index(store, partition, segment), ArchiveNames.index(partition, segment));
    }

    private static CompletableFuture<SegmentIndex> index(ObjectStore store, String set, String name, long size) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size));
        return store.read(name, 0, buffer).thenApply(done -> SegmentIndex.decode(set, name, buffer));
    }

    /** Reads the index of a segment that is known: it must be the one that belongs to it. */
    static CompletableFuture<SegmentIndex> index(
            ObjectStore store, TopicPartition partition, Manifest.Segment segment) {
        String name = ArchiveNames.index(partition, segment);
        return index(store, segment.set(), name, segment.indexBytes()).thenApply(index -> {
            if (!index.segment().equals(segment)) {
                throw new ArchiveException(name + " is not the index that the manifest names");
            }
            return index;
        });
    }

    /** How many offsets these segments cover at which there was nothing, which no manifest tells of one segment. */
    public static long absent(ObjectStore store, TopicPartition partition, List<Manifest.Segment> segments) {
        return StoreCalls.each(
                        segments,
                        READS_AT_ONCE,
                        segment -> index(store, partition, segment)
                                .thenApply(index -> index.sealed().absent()),
                        "indexes of " + partition)
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
