package io.eventbroker.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.LoggerFactory;

/** Writes and reads whole topics with Kafka's own clients, to hold ours against. */
final class TestTopics {
    private TestTopics() {}

    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> connection, String... settings) {
        Map<String, Object> properties = new TreeMap<>(connection);
        properties.put("linger.ms", "5");
        // With more, a first batch that a new leader refuses for a moment can be overtaken, and is then out of order.
        properties.put("max.in.flight.requests.per.connection", "1");
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends; a failure shows in the log and as a missing record. */
    static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                LoggerFactory.getLogger(TestTopics.class).error("not written: {}", record, failure);
            }
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<TopicPartition> partitions(Admin admin, String topic) throws Exception {
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        return partitions;
    }

    /** All committed records of a topic, partition by partition. */
    static List<List<ConsumerRecord<byte[], byte[]>>> read(Map<String, Object> connection, Admin admin, String topic)
            throws Exception {
        Map<String, Object> properties = new TreeMap<>(connection);
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        List<List<ConsumerRecord<byte[], byte[]>>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(admin, topic);
            Map<TopicPartition, OffsetSpec> latest = new TreeMap<>((a, b) -> a.partition() - b.partition());
            partitions.forEach(p -> latest.put(p, OffsetSpec.latest()));
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends = admin.listOffsets(
                            latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get();
            for (TopicPartition partition : partitions) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                while (consumer.position(partition) < ends.get(partition).offset()) {
                    consumer.poll(Duration.ofSeconds(1)).records(partition).forEach(records::add);
                }
                all.add(records);
            }
        }
        return all;
    }

    /** A digest over every record of a partition: key, value, headers, timestamp, in order. Offsets are left out. */
    static String digest(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (ConsumerRecord<byte[], byte[]> record : records) {
            add(digest, record.key());
            add(digest, record.value());
            digest.update(ByteBuffer.allocate(8).putLong(0, record.timestamp()));
            for (Header header : record.headers()) {
                add(digest, bytes(header.key()));
                add(digest, header.value());
            }
            digest.update((byte) 7);
        }
        return records.size() + " records, " + HexFormat.of().formatHex(digest.digest());
    }

    static List<String> digests(Map<String, Object> connection, Admin admin, String topic) throws Exception {
        List<String> digests = new ArrayList<>();
        for (List<ConsumerRecord<byte[], byte[]>> partition : read(connection, admin, topic)) {
            digests.add(digest(partition));
        }
        return digests;
    }

    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(0, bytes == null ? -1 : bytes.length));
        if (bytes != null) {
            digest.update(bytes);
        }
    }
}
