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
     */
    public record Fetched(
            Uuid topicId,
            int partition,
            int error,
            long lastStableOffset,
            long logStartOffset,
            long divergedAt,
            List<AbortedTransaction> aborted,
            ByteBuffer records) {}

    /** All of one fetch. */
    public record FetchAnswer(int error, int throttleMillis, List<Fetched> partitions) {}

    static void write(Encoder request, int version, List<FetchFrom> positions, FetchLimits limits) {
        if (version < 15) {
            request.int32(-1); // not a replica
        }
        request.int32(limits.maxWaitMillis())
                .int32(limits.minBytes())
                .int32(limits.maxBytes())
                .int8(1) // read committed
                .int32(0) // no session
                .int32(-1);
        Map<Uuid, List<FetchFrom>> byTopic = new LinkedHashMap<>();
        for (FetchFrom position : positions) {
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
        // Without a rack: named one, a leader may send no records but the name of a follower to ask.
        request.compactLength(0).compactString("").noTags();
    }

    /** The records are slices of what is read. */
    static FetchAnswer read(Decoder in) {
        int throttle = in.int32();
        int error = in.int16();
        in.int32(); // session
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
                in.int32(); // preferred read replica: none without a rack
                ByteBuffer records = in.compactBytes();
                long divergedAt = divergedAt(in.tag(DIVERGING_EPOCH));
                fetched.add(
                        new Fetched(id, partition, partitionError, lastStable, logStart, divergedAt, aborted, records));
            }
            in.skipTags();
        }
        return new FetchAnswer(error, throttle, fetched);
    }

    private static long divergedAt(@Nullable Decoder diverging) {
        if (diverging == null) {
            return -1;
        }
        diverging.int32(); // the largest epoch that both know
        return diverging.int64();
    }
}
