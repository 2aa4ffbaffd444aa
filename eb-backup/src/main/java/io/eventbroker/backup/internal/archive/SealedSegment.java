package io.eventbroker.backup.internal.archive;

import io.eventbroker.backup.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What is kept in memory of a segment that is sealed: some hundred bytes, where its index can have as many thousands.
 *
 * @param segment its entry in the manifest
 * @param absent offsets that it covers at which there was neither a record nor a marker, as compaction leaves them; 0 for
 *     those that are carried over, which are counted together
 * @param recordsBefore for some offsets inside it, how many of its records stand before them: noted while it was written,
 *     to spare looking it up afterwards
 */
public record SealedSegment(Manifest.Segment segment, long absent, Map<Long, Long> recordsBefore) {
    public SealedSegment {
        recordsBefore = Map.copyOf(recordsBefore);
    }

    /** A segment that an earlier backup has sealed, of which nothing was noted. */
    public static SealedSegment carried(Manifest.Segment segment) {
        return new SealedSegment(segment, 0, Map.of());
    }

    /**
     * Writes the index, which seals the segment. One of the same content may be there already; another one is never
     * replaced, because a recovery point may rest on it.
     */
    static CompletableFuture<SealedSegment> seal(
            ObjectStore store, String set, String name, ByteBuffer index, Map<Long, Long> recordsBefore) {
        return store.putIfAbsent(name, index).thenApply(stored -> {
            if (!stored) {
                throw new ArchiveException(name + " is there already, with other content: another run writes to the"
                        + " same backup set; make a new plan");
            }
            return SegmentIndex.decode(set, name, index).sealed(recordsBefore);
        });
    }
}
