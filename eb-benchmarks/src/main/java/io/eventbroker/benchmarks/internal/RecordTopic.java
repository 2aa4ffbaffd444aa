package io.eventbroker.benchmarks.internal;

import io.eventbroker.core.EventBrokerException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of JSON records of about 500 bytes, as application teams have them, the same in every run. */
public final class RecordTopic {
    private static final int PARTITIONS = 12;
    private static final String[] CITIES = {"Aarhus", "Bergen", "Cork", "Dresden", "Espoo", "Faro", "Graz", "Haarlem"};
    private static final String[] STATES = {"placed", "paid", "packed", "shipped", "returned"};

    private RecordTopic() {}

    /** Makes a topic of twelve partitions without copies, and fills it with that many records. */
    public static void create(String bootstrapServers, String topic, String codec, int records)
            throws InterruptedException {
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                codec,
                ProducerConfig.LINGER_MS_CONFIG,
                50,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 << 10);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (Admin admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            Random random = new Random(11);
            Future<RecordMetadata> last = null;
            for (int i = 0; i < records && failure.get() == null; i++) {
                last = producer.send(
                        new ProducerRecord<>(topic, i % PARTITIONS, key(i), value(random, i)), (metadata, e) -> {
                            if (e != null) {
                                failure.compareAndSet(null, e);
                            }
                        });
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        } catch (ExecutionException e) {
            throw new EventBrokerException("cannot fill topic " + topic, e);
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new EventBrokerException("cannot fill topic " + topic, failed);
        }
    }

    private static byte[] key(int number) {
        return String.format(Locale.ROOT, "order-%08d", number).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(Random random, int number) {
        StringBuilder json = new StringBuilder(520)
                .append("{\"order\":\"order-")
                .append(number)
                .append("\",\"customer\":\"")
                .append(Long.toHexString(random.nextLong()))
                .append("\",\"state\":\"")
                .append(STATES[random.nextInt(STATES.length)])
                .append("\",\"placedAt\":")
                .append(1_700_000_000_000L + number * 37L)
                .append(",\"address\":{\"street\":\"")
                .append(random.nextInt(10_000))
                .append(" Harbour Road\",\"city\":\"")
                .append(CITIES[random.nextInt(CITIES.length)])
                .append("\"},\"lines\":[");
        for (int line = 0; line < 4; line++) {
            json.append(line == 0 ? "" : ",")
                    .append("{\"article\":\"A-")
                    .append(random.nextInt(100_000))
                    .append("\",\"quantity\":")
                    .append(1 + random.nextInt(9))
                    .append(",\"price\":")
                    .append(random.nextInt(50_000))
                    .append(",\"taxed\":true}");
        }
        return json.append("],\"note\":\"leave it with the neighbours if nobody is in\",\"channel\":\"web\"}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
