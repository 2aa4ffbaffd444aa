package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Finds out from the store how far a backup set has come: the unbroken chain of sealed segments of each partition. */
public final class SealedSegments {
    private SealedSegments() {}

    /** The chains, from each job's start on; partitions without a sealed segment are left out. */
    public static Map<TopicPartition, List<SegmentIndex>> find(
            ObjectStore store, String set, List<CopyEngine.Job> jobs) {
        Map<String, Long> sizes = new HashMap<>();
        for (StoredObject object :
                StoreCalls.await(store.list(ArchiveNames.set(set) + "data/"), "a listing of the backup set")) {
            sizes.put(object.name(), object.size());
        }
        Map<TopicPartition, List<SegmentIndex>> found = new HashMap<>();
        for (CopyEngine.Job job : jobs) {
            List<SegmentIndex> chain = new ArrayList<>();
            long base = job.start();
            while (true) {
                String name = ArchiveNames.index(set, job.partition(), base);
                Long size = sizes.get(name);
                if (size == null) {
                    break;
                }
                SegmentIndex index;
                try {
                    index = read(store, name, size);
                } catch (ArchiveException e) {
                    // Copied again, and overwritten.
                    break;
                }
                Long stored = sizes.get(ArchiveNames.segment(set, job.partition(), base));
                if (stored == null || stored != index.segment().bytes()) {
                    break;
                }
                chain.add(index);
                base = index.segment().next();
            }
            if (!chain.isEmpty()) {
                found.put(job.partition(), chain);
            }
        }
        return found;
    }

    /** Reads an index of known size. */
    public static SegmentIndex read(ObjectStore store, String name, long size) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size));
        StoreCalls.await(store.read(name, 0, buffer), name);
        return SegmentIndex.decode(name, buffer);
    }
}
