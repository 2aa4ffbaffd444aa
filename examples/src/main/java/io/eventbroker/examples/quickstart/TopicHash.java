package io.eventbroker.examples.quickstart;

import io.eventbroker.core.Deadline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A hash over every record of a topic: key, value, headers, timestamp and type of timestamp, in the order of each
 * partition.
 *
 * @param records how many
 * @param payloadBytes of keys and values
 * @param hex SHA-256 over the partitions' SHA-256s
 */
record TopicHash(long records, long payloadBytes, String hex) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static TopicHash of(String topic, Map<String, Object> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            partitions.sort(java.util.Comparator.comparingInt(TopicPartition::partition));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<Integer, MessageDigest> digests = new HashMap<>();
            partitions.forEach(partition -> digests.put(partition.partition(), sha256()));
            long records = 0;
            long bytes = 0;
            Deadline deadline = Deadline.after(PATIENCE);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                deadline.check("every record of topic " + topic);
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    add(digests.get(record.partition()), record);
                    records++;
                    bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                }
            }
            MessageDigest all = sha256();
            partitions.forEach(partition -> digests.computeIfPresent(partition.partition(), (p, digest) -> {
                all.update(digest.digest());
                return digest;
            }));
            return new TopicHash(records, bytes, HexFormat.of().formatHex(all.digest()));
        }
    }

    private static void add(
            @org.jspecify.annotations.Nullable MessageDigest digest, ConsumerRecord<byte[], byte[]> record) {
        if (digest == null) {
            throw new IllegalStateException("a record of a partition that was not assigned: " + record.partition());
        }
        ByteBuffer fixed = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
        digest.update(fixed.putLong(record.timestamp())
                .putInt(record.timestampType().id)
                .flip());
        add(digest, record.key());
        add(digest, record.value());
        for (Header header : record.headers()) {
            add(digest, header.key().getBytes(StandardCharsets.UTF_8));
            add(digest, header.value());
        }
    }

    private static void add(MessageDigest digest, byte @org.jspecify.annotations.Nullable [] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(bytes == null ? -1 : bytes.length)
                .flip());
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
