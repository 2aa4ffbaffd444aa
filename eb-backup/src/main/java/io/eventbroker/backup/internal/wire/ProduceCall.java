package io.eventbroker.backup.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Appends record batches to partitions. */
public final class ProduceCall {
    /** Since this version topics go by their ids. */
    private static final int BY_ID = 13;

    private ProduceCall() {}

    /** One batch for one partition; its header must have been rewritten for producing. */
    public record ProduceBatch(TopicPartition partition, Uuid topicId, ByteBuffer batch) {}

    /** How the broker took one batch. */
    public record Produced(int partition, String topic, Uuid topicId, int error, String message, long baseOffset) {}

    /** All of one produce request. */
    public record ProduceAnswer(int throttleMillis, List<Produced> partitions) {}

    static void write(Encoder request, int version, List<ProduceBatch> batches, int timeoutMillis) {
        boolean byId = version >= BY_ID;
        Map<String, List<ProduceBatch>> byTopic = new LinkedHashMap<>();
        for (ProduceBatch batch : batches) {
            byTopic.computeIfAbsent(batch.partition().topic(), t -> new ArrayList<>())
                    .add(batch);
        }
        request.compactString(null)
                .int16(-1) // acknowledged by all in-sync replicas
                .int32(timeoutMillis)
                .compactLength(byTopic.size());
        byTopic.forEach((topic, partitions) -> {
            if (byId) {
                request.uuid(partitions.get(0).topicId());
            } else {
                request.compactString(topic);
            }
            request.compactLength(partitions.size());
            for (ProduceBatch batch : partitions) {
                request.int32(batch.partition().partition())
                        .compactBytes(batch.batch())
                        .noTags();
            }
            request.noTags();
        });
        request.noTags();
    }

    static ProduceAnswer read(Decoder in, int version) {
        boolean byId = version >= BY_ID;
        List<Produced> produced = new ArrayList<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            String topic = byId ? "" : Objects.requireNonNullElse(in.compactString(), "");
            Uuid id = byId ? in.uuid() : Uuid.ZERO_UUID;
            int count = in.compactLength();
            for (int p = 0; p < count; p++) {
                int partition = in.int32();
                int error = in.int16();
                long baseOffset = in.int64();
                in.int64(); // log append time
                in.int64(); // log start offset
                StringBuilder message = new StringBuilder();
                int recordErrors = in.compactLength();
                for (int r = 0; r < recordErrors; r++) {
                    in.int32();
                    String why = in.compactString();
                    in.skipTags();
                    if (r == 0 && why != null) {
                        message.append(why);
                    }
                }
                String global = in.compactString();
                in.skipTags();
                if (global != null) {
                    message.append(message.length() == 0 ? "" : "; ").append(global);
                }
                produced.add(new Produced(partition, topic, id, error, message.toString(), baseOffset));
            }
            in.skipTags();
        }
        return new ProduceAnswer(in.int32(), produced);
    }
}
