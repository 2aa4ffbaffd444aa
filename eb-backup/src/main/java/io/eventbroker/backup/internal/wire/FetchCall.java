package io.eventbroker.backup.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Asks for the records of partitions. */
public final class FetchCall {
    /** A tagged field of a partition in the answer to a fetch. */
    private static final int DIVERGING_EPOCH = 0;

    private FetchCall() {}

    /**
     * Where to go on reading in a partition.
     *
     * @param leaderEpoch of the metadata that named the leader; −1 if unknown
     * @param lastEpoch of the leader that wrote the record before the offset, to be told if the log has become another
     *     one there (KIP-320, KIP-595); −1 if unknown
     */
    public record FetchFrom(Uuid topicId, int partition, int leaderEpoch, int lastEpoch, long offset) {}

    /** Limits of one fetch. */
    public record FetchLimits(int maxWaitMillis, int minBytes, int maxBytes, int maxBytesPerPartition) {}

    /** A producer's transaction that was aborted, as far back as the first offset. */
    public record AbortedTransaction(long producerId, long firstOffset) {}

    /**
     * What a fetch brought for one partition.
     *
     * @param divergedAt where the leader's log stops being the one that was read: records from there on were truncated; −1
     *     if it does not
     * @param preferredReplica the follower that the leader wants asked instead, because it is in the client's rack
     *     (KIP-392); −1 if there is none
     */
    public record Fetched(
            Uuid topicId,
            int partition,
            int error,
            long lastStableOffset,
            long logStartOffset,
            long divergedAt,
            int preferredReplica,
            List<AbortedTransaction> aborted,
            ByteBuffer records) {}

    /** All of one fetch; partitions of which there is nothing new may be missing. */
    public record FetchAnswer(int error, int throttleMillis, int session, List<Fetched> partitions) {}

    static void write(Encoder request, int version, FetchSession.Request session, FetchLimits limits, String rack) {
        if (version < 15) {
            request.int32(-1); // not a replica
        }
        request.int32(limits.maxWaitMillis())
                .int32(limits.minBytes())
                .int32(limits.maxBytes())
                .int8(1) // read committed
                .int32(session.id())
                .int32(session.epoch());
        Map<Uuid, List<FetchFrom>> byTopic = new LinkedHashMap<>();
        for (FetchFrom position : session.positions()) {
            byTopic.computeIfAbsent(position.topicId(), t -> new ArrayList<>()).add(position);
        }
        request.compactLength(byTopic.size());
        byTopic.forEach((id, partitions) -> {
            request.uuid(id).compactLength(partitions.size());
            for (FetchFrom position : partitions) {
                request.int32(position.partition())
                        .int32(position.leaderEpoch())
                        .int64(position.offset())
                        .int32(position.lastEpoch())
                        .int64(-1) // log start offset: for replicas
                        .int32(limits.maxBytesPerPartition())
                        .noTags();
            }
            request.noTags();
        });
        Map<Uuid, List<FetchSession.Key>> forgotten = new LinkedHashMap<>();
        for (FetchSession.Key key : session.forgotten()) {
            forgotten.computeIfAbsent(key.topicId(), t -> new ArrayList<>()).add(key);
        }
        request.compactLength(forgotten.size());
        forgotten.forEach((id, partitions) -> {
            request.uuid(id).compactLength(partitions.size());
            partitions.forEach(key -> request.int32(key.partition()));
            request.noTags();
        });
        request.compactString(rack).noTags();
    }

    /** The records are slices of what is read. */
    static FetchAnswer read(Decoder in) {
        int throttle = in.int32();
        int error = in.int16();
        int session = in.int32();
        List<Fetched> fetched = new ArrayList<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            Uuid id = in.uuid();
            int count = in.compactLength();
            for (int p = 0; p < count; p++) {
                int partition = in.int32();
                int partitionError = in.int16();
                in.int64(); // high watermark
                long lastStable = in.int64();
                long logStart = in.int64();
                int abortedCount = in.compactLength();
                List<AbortedTransaction> aborted = new ArrayList<>(Math.max(0, abortedCount));
                for (int a = 0; a < abortedCount; a++) {
                    aborted.add(new AbortedTransaction(in.int64(), in.int64()));
                    in.skipTags();
                }
                int preferred = in.int32();
                ByteBuffer records = in.compactBytes();
                long divergedAt = divergedAt(in.tag(DIVERGING_EPOCH));
                fetched.add(new Fetched(
                        id, partition, partitionError, lastStable, logStart, divergedAt, preferred, aborted, records));
            }
            in.skipTags();
        }
        return new FetchAnswer(error, throttle, session, fetched);
    }

    private static long divergedAt(@Nullable Decoder diverging) {
        if (diverging == null) {
            return -1;
        }
        diverging.int32(); // the largest epoch that both know
        return diverging.int64();
    }
}
