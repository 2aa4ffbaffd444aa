package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.ActionResult;
import io.eventbroker.core.run.RunId;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.TlsFiles;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A backup is faster than a consumer that only reads, side by side on the same topic. */
@Tag("slow")
class ThroughputTest {
    private static final Logger log = LoggerFactory.getLogger(ThroughputTest.class);
    private static final int RECORDS = Integer.getInteger("eb.records", 1_000_000);
    private static final int PASSES = 4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"zstd,true,s3", "zstd,false,file"})
    void outrunsAConsumer(String codec, boolean tls, String kind) throws Exception {
        TlsFiles files = TlsStores.make(directory);
        KafkaListener listener = tls ? KafkaListener.mutualTls("TLS", i -> files) : KafkaListener.plaintext("PLAIN");
        try (EmbeddedKafka kafka =
                        EmbeddedKafka.builder().brokers(3).listener(listener).start();
                EmbeddedObjectStore s3 = EmbeddedObjectStore.start();
                Admin admin = kafka.admin()) {
            Map<String, Object> connection = tls ? kafka.clientProperties("TLS", files) : kafka.clientProperties();
            admin.createTopics(List.of(new NewTopic("events", 12, (short) 1)))
                    .all()
                    .get();
            long payload = produce(connection, codec);
            ObjectStore store = kind.equals("s3")
                    ? S3Store.bucket(s3.asyncClient(), s3.bucket())
                    : FileStore.at(directory.resolve("store"));
            Backups backups = Backups.in(store);
            double consumed = 0;
            double backedUp = 0;
            RecoveryPoint point = null;
            for (int pass = 0; pass < PASSES; pass++) {
                consumed = Math.max(consumed, RECORDS / consume(connection));
                Deadline deadline = Deadline.after(Duration.ofMinutes(3));
                BackupPlan plan =
                        backups.plan(ClusterState.read(admin, deadline), Selection.topics(TopicPattern.glob("events")));
                long start = System.nanoTime();
                RunOptions options = RunOptions.defaults().listener(new RunListener() {
                    @Override
                    public void onActionEnded(RunId run, ActionResult result) {
                        log.info(String.format(
                                Locale.ROOT, "%.2f s: %s", (System.nanoTime() - start) / 1e9, result.action()));
                    }
                });
                point = backups.run(plan, KafkaConnection.of(connection), options)
                        .await(deadline)
                        .recoveryPoint();
                double seconds = (System.nanoTime() - start) / 1e9;
                backedUp = Math.max(backedUp, RECORDS / seconds);
                long verifyStart = System.nanoTime();
                backups.verify(point, RunOptions.defaults()).await(deadline).requireSuccess();
                log.info(String.format(
                        Locale.ROOT,
                        "pass %d: backup %.2f s, verify %.2f s",
                        pass,
                        seconds,
                        (System.nanoTime() - verifyStart) / 1e9));
            }
            log.info(String.format(
                    Locale.ROOT,
                    "RESULT %s tls=%s %s: backup %.2f M records/s, %.0f MB/s payload, %.0f MB/s stored; consumer %.2f M"
                            + " records/s; ratio %.1f",
                    codec,
                    tls,
                    kind,
                    backedUp / 1e6,
                    backedUp / RECORDS * payload / 1e6,
                    backedUp / RECORDS * point.size().bytes() / 1e6,
                    consumed / 1e6,
                    backedUp / consumed));
            assertThat(backedUp).isGreaterThan(consumed);
            admin.deleteTopics(List.of("events")).all().get();
            Deadline deadline = Deadline.after(Duration.ofMinutes(3));
            org.awaitility.Awaitility.await()
                    .until(() -> ClusterState.read(admin, deadline).topics().isEmpty()
                            || admin.listTopics().names().get().stream().noneMatch("events"::equals));
            RestorePlan restore =
                    backups.planRestore(point, ClusterState.read(admin, deadline), RestoreOptions.everything());
            long start = System.nanoTime();
            backups.run(restore, KafkaConnection.of(connection), RunOptions.defaults())
                    .await(deadline)
                    .requireSuccess();
            double seconds = (System.nanoTime() - start) / 1e9;
            log.info(String.format(
                    Locale.ROOT,
                    "RESTORE %s tls=%s %s: %.2f M records/s, %.0f MB/s payload",
                    codec,
                    tls,
                    kind,
                    RECORDS / seconds / 1e6,
                    payload / seconds / 1e6));
        }
    }

    private static long produce(Map<String, Object> connection, String codec) {
        Random random = new Random(7);
        long payload = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(connection, "compression.type", codec, "batch.size", "65536", "linger.ms", "20")) {
            for (int i = 0; i < RECORDS; i++) {
                StringBuilder json = new StringBuilder(520);
                json.append("{\"id\":").append(i).append(",\"customer\":\"c").append(random.nextInt(100_000));
                json.append("\",\"amount\":").append(random.nextInt(1_000_000)).append(",\"items\":[");
                while (json.length() < 470) {
                    json.append("{\"sku\":\"sku-")
                            .append(random.nextInt(5_000))
                            .append("\",\"n\":")
                            .append(random.nextInt(9))
                            .append("},");
                }
                json.append("null]}");
                byte[] value = bytes(json.toString());
                payload += value.length;
                TestTopics.send(producer, new ProducerRecord<>("events", i % 12, null, value));
            }
        }
        return payload;
    }

    /** Seconds to read everything, from the first record on, as kafka-consumer-perf-test counts. */
    private static double consume(Map<String, Object> connection) {
        Map<String, Object> properties = new TreeMap<>(connection);
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", "perf-" + System.nanoTime());
        properties.put("receive.buffer.bytes", "2097152");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("events"));
            int read = 0;
            long start = 0;
            while (read < RECORDS) {
                read += consumer.poll(Duration.ofMillis(100)).count();
                if (start == 0 && read > 0) {
                    start = System.nanoTime();
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
