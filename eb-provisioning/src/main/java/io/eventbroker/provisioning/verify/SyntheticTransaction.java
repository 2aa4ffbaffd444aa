package io.eventbroker.provisioning.verify;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Proves that a topic takes and gives records: produces a few to every partition, with acks from all replicas in sync,
 * reads them back without a group, compares key, value and header, and measures how long each took.
 *
 * <p>Its records stay in the topic: use one that is kept for this. Rights: {@code Read}, {@code Write} and
 * {@code Describe} on the topic. Clients are opened with the host's configuration and closed at the end. Safe for use by
 * several threads at once, also on one topic: each knows its own records.
 */
public final class SyntheticTransaction {
    private static final String RUN_HEADER = "eb-synthetic";
    private static final int VALUE_BYTES = 512;

    private final Map<String, Object> clientProperties;

    private SyntheticTransaction(Map<String, ?> clientProperties) {
        this.clientProperties = new HashMap<>(clientProperties);
    }

    /** With these connection properties: {@code bootstrap.servers}, {@code security.protocol} and what that needs. */
    public static SyntheticTransaction with(Map<String, ?> clientProperties) {
        return new SyntheticTransaction(clientProperties);
    }

    /**
     * Sends and reads back that many records. Blocks.
     *
     * @param records at least 1; spread over the partitions in turn
     * @throws SyntheticTransactionFailedException if a record is refused, lost, changed, doubled or late
     */
    public SyntheticResult run(TopicName topic, int records, Deadline deadline) {
        if (records < 1) {
            throw new IllegalArgumentException("a synthetic transaction needs at least 1 record, was " + records);
        }
        int millis = Math.max(1, deadline.remainingMillis());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        producerProperties(millis), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        consumerProperties(millis), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            try {
                return new Exchange(topic, records, deadline).between(producer, consumer);
            } catch (RuntimeException e) {
                // An ordinary close of a refused idempotent producer tries to abort a transaction that it does not have
                // (Sender.run), and logs that as an error.
                producer.close(Duration.ZERO);
                throw e;
            }
        } catch (KafkaException e) {
            throw failure(topic, reason(e), e);
        }
    }

    /** A producer that was refused before answers the next call with no more than that it is in an error state. */
    private static String reason(KafkaException e) {
        Throwable deepest = e;
        while (deepest.getCause() instanceof KafkaException cause) {
            deepest = cause;
        }
        return deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    }

    private Map<String, Object> producerProperties(int millis) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(30_000, millis));
        return properties;
    }

    private Map<String, Object> consumerProperties(int millis) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(30_000, millis));
        return properties;
    }

    private static SyntheticTransactionFailedException failure(
            TopicName topic, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new SyntheticTransactionFailedException("synthetic transaction on topic " + topic + ": " + what, cause);
    }

    /** One transaction. */
    private static final class Exchange {
        private final TopicName topic;
        private final Deadline deadline;
        private final byte[] run = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        private final byte[][] values;
        private final long[] sentNanos;
        private final long[] latencies;
        private int received;

        Exchange(TopicName topic, int records, Deadline deadline) {
            this.topic = topic;
            this.deadline = deadline;
            this.values = new byte[records][VALUE_BYTES];
            this.sentNanos = new long[records];
            this.latencies = new long[records];
            Random random = new Random(Arrays.hashCode(run));
            for (byte[] value : values) {
                random.nextBytes(value);
            }
        }

        SyntheticResult between(KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.value(), deadline.remaining()).stream()
                    .map(info -> new TopicPartition(topic.value(), info.partition()))
                    .sorted(java.util.Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, deadline.remaining());
            ends.forEach(consumer::seek);

            List<Future<RecordMetadata>> acks = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                int partition = partitions.get(i % partitions.size()).partition();
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic.value(), partition, key(i), values[i]);
                record.headers().add(RUN_HEADER, run);
                sentNanos[i] = System.nanoTime();
                acks.add(producer.send(record));
                drain(consumer, Duration.ZERO);
                if (i == partitions.size() - 1) {
                    // What the first record of each partition waits for, connections and metadata, is its own.
                    awaitAll(acks, consumer);
                }
            }
            awaitAll(acks, consumer);
            Arrays.sort(latencies);
            return new SyntheticResult(
                    values.length,
                    Duration.ofNanos(latencies[values.length / 2]),
                    Duration.ofNanos(latencies[(int) Math.ceil(values.length * 0.99) - 1]),
                    Duration.ofNanos(latencies[values.length - 1]));
        }

        private void awaitAll(List<Future<RecordMetadata>> acks, KafkaConsumer<byte[], byte[]> consumer) {
            for (int i = 0; i < acks.size(); i++) {
                await(acks.get(i), i);
            }
            while (received < acks.size()) {
                if (deadline.hasPassed()) {
                    throw failure(
                            topic,
                            (acks.size() - received) + " of " + acks.size()
                                    + " records were acknowledged but did not come back in time",
                            null);
                }
                drain(consumer, deadline.atMost(Duration.ofMillis(100)).remaining());
            }
        }

        private void await(Future<RecordMetadata> ack, int index) {
            try {
                ack.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(topic, "interrupted", e);
            } catch (ExecutionException e) {
                throw failure(topic, "record " + index + " was refused: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                throw failure(topic, "record " + index + " was not acknowledged in time", e);
            }
        }

        private void drain(KafkaConsumer<byte[], byte[]> consumer, Duration wait) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
                Header header = record.headers().lastHeader(RUN_HEADER);
                if (header != null && Arrays.equals(header.value(), run)) {
                    compare(record);
                }
            }
        }

        private void compare(ConsumerRecord<byte[], byte[]> record) {
            int index = ByteBuffer.wrap(record.key()).getInt();
            if (index < 0 || index >= values.length || !Arrays.equals(record.value(), values[index])) {
                throw failure(
                        topic,
                        "the record at offset " + record.offset() + " of partition " + record.partition()
                                + " came back changed",
                        null);
            }
            if (latencies[index] != 0) {
                throw failure(topic, "record " + index + " came back twice", null);
            }
            latencies[index] = Math.max(1, System.nanoTime() - sentNanos[index]);
            received++;
        }

        private static byte[] key(int index) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(index).array();
        }
    }
}
