package io.eventbroker.examples.quickstart;

import io.eventbroker.core.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The two applications of the quick start: one produces orders, the other bills them. */
final class Orders {
    static final String TOPIC = "orders.order.placed";
    static final String PRODUCER = "order-service";
    static final String CONSUMER = "billing-service";
    static final String GROUP = "billing";

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Orders() {}

    /** Bytes of keys and values that were produced. */
    static long produce(Map<String, Object> properties, long records, Narration narration) throws Exception {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        all.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
        // An event a millisecond, the last just now: old ones would be deleted by the topic's retention.
        long firstTimestamp = System.currentTimeMillis() - records;
        Events events = new Events();
        AtomicReference<Exception> failure = new AtomicReference<>();
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < records && failure.get() == null; i++) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        TOPIC,
                        null,
                        firstTimestamp + i,
                        events.key(i),
                        events.value(i),
                        List.of(new RecordHeader("trace", events.trace(i))));
                bytes += record.key().length + record.value().length;
                var sent = producer.send(record, (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
                if (i % 20_000 == 0) {
                    narration.show((double) i / records, String.format("%,d of %,d events", i, records));
                }
                if (i == 0) {
                    // The first answer tells about rights and topics; later ones come through the callback.
                    sent.get();
                }
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return bytes;
    }

    /** What a group must see next in a partition. */
    record Next(long offset, String record) {
        static final String END = "the end of the partition";
    }

    /** Reads half of the records in the group and commits. Gives the next record of every partition. */
    static Map<Integer, Next> billHalf(Map<String, Object> properties, long records) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(properties)) {
            consumer.subscribe(List.of(TOPIC));
            long read = 0;
            Deadline deadline = Deadline.after(PATIENCE);
            while (read < records / 2) {
                deadline.check("half of the records in group " + GROUP);
                read += consumer.poll(POLL).count();
            }
            consumer.commitSync();
            return nextRecords(consumer, seekToCommitted(consumer));
        }
    }

    /** Lets the group go on and gives the first record that it sees in every partition, without committing. */
    static Map<Integer, Next> goOn(Map<String, Object> properties, int partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(properties)) {
            consumer.subscribe(List.of(TOPIC));
            Deadline deadline = Deadline.after(PATIENCE);
            while (consumer.assignment().size() < partitions) {
                deadline.check("every partition to be given to group " + GROUP);
                consumer.poll(Duration.ofMillis(50));
            }
            return nextRecords(consumer, seekToCommitted(consumer));
        }
    }

    /** A partition that was not reached before half of the records were read has no position. */
    private static Map<TopicPartition, OffsetAndMetadata> seekToCommitted(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(consumer.committed(consumer.assignment()));
        committed.values().removeIf(Objects::isNull);
        committed.forEach((partition, position) -> consumer.seek(partition, position));
        return committed;
    }

    private static Map<Integer, Next> nextRecords(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(committed.keySet());
        Map<Integer, Next> next = new TreeMap<>();
        committed.forEach((partition, position) -> {
            if (position.offset() >= ends.getOrDefault(partition, 0L)) {
                next.put(partition.partition(), new Next(position.offset(), Next.END));
            }
        });
        Deadline deadline = Deadline.after(PATIENCE);
        while (next.size() < committed.size()) {
            deadline.check("the next record of every partition in group " + GROUP);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                // Others, without a position, are read from their beginning meanwhile.
                if (committed.containsKey(new TopicPartition(record.topic(), record.partition()))) {
                    next.putIfAbsent(
                            record.partition(),
                            new Next(
                                    record.offset(),
                                    record.timestamp() + " " + Arrays.hashCode(record.key()) + " "
                                            + Arrays.hashCode(record.value())));
                }
            }
        }
        return next;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
