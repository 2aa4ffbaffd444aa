package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.internal.wire.ClientSettings;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.backup.store.TestKeys;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.TlsFiles;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS, brokers that stop, stores that fail, objects that rot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamageTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;
    private Map<String, Object> connection;

    @BeforeAll
    void start() throws Exception {
        TlsFiles files = TlsStores.make(directory);
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .listener(KafkaListener.mutualTls("TLS", i -> files))
                .start();
        admin = kafka.admin();
        connection = kafka.clientProperties("TLS", files);
        admin.createTopics(List.of(new NewTopic("rot", 4, (short) 2))).all().get();
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(connection, "compression.type", "zstd")) {
            for (int i = 0; i < 5_000; i++) {
                TestTopics.send(producer, new ProducerRecord<>("rot", i % 4, bytes("k" + i), bytes("value " + i)));
            }
        }
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    private BackupPlan plan(Backups backups) {
        return backups.plan(ClusterState.read(admin, Deadline.after(LONG)), Selection.topics(TopicPattern.glob("rot")));
    }

    private RecoveryPoint backUp(Backups backups) {
        return backups.run(plan(backups), KafkaConnection.of(connection), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .recoveryPoint();
    }

    private static Path find(Path store, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(f -> f.toString().endsWith(ending))
                    .filter(f -> f.toFile().length() > 0)
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[(int) at] ^= 0x10;
        Files.write(file, content);
    }

    @Test
    void findsEveryFlippedBitTruncationAndSwap() throws Exception {
        Path store = directory.resolve("rotting");
        findsEveryChange(store, FileStore.at(store));
    }

    @Test
    void findsEveryFlippedBitTruncationAndSwapOfEncryptedObjects() throws Exception {
        Path store = directory.resolve("rotting-encrypted");
        try (EncryptedStore encrypted = EncryptedStore.over(FileStore.at(store), TestKeys.ring("2026-11"))) {
            findsEveryChange(store, encrypted);
        }
    }

    private void findsEveryChange(Path store, ObjectStore objects) throws Exception {
        Backups backups = Backups.in(objects).segmentSize(DataSize.ofBytes(4_000));
        RecoveryPoint point = backUp(backups);
        Path segment = find(store, ".log");
        Path index = find(store, ".ebindex");
        byte[] goodSegment = Files.readAllBytes(segment);
        byte[] goodIndex = Files.readAllBytes(index);
        for (long at : List.of(3L, 13L, 30L, 60L, 200L, goodSegment.length / 2L, goodSegment.length - 1L)) {
            flip(segment, at);
            assertDamaged(backups, point, segment);
            Files.write(segment, goodSegment);
        }
        Files.write(segment, java.util.Arrays.copyOf(goodSegment, goodSegment.length - 7));
        assertDamaged(backups, point, segment);
        Files.write(segment, java.util.Arrays.copyOf(goodSegment, goodSegment.length + 7));
        assertDamaged(backups, point, segment);
        Files.delete(segment);
        assertDamaged(backups, point, segment);
        Files.write(segment, goodSegment);
        flip(index, 90);
        assertDamaged(backups, point, index);
        Files.write(index, goodIndex);
        Path other = find(store, "/1/" + segment.getFileName());
        Files.copy(other, segment, StandardCopyOption.REPLACE_EXISTING);
        assertDamaged(backups, point, segment);
        Files.write(segment, goodSegment);
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();

        Path manifest = find(store, point.id() + ".json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("\"records\":", "\"records\":1"));
        assertThatThrownBy(() -> backups.recoveryPoint(point.id()))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("is damaged");
        RecoveryPoint intact = backUp(backups);
        Path newer = manifest.resolveSibling("29990101T000000000Z-00000000.json");
        String content = "{\"formatVersion\":99}";
        Files.writeString(
                newer,
                "{\"content\":" + content + ",\"sha256\":\""
                        + Sha256.of(content).hex() + "\"}");
        RecoveryPoints points = backups.recoveryPoints();
        assertThat(points.readable()).extracting(RecoveryPoint::id).containsExactly(intact.id());
        assertThat(points.unreadable()).containsOnlyKeys(point.id(), "29990101T000000000Z-00000000");
        assertThat(points.unreadable().get("29990101T000000000Z-00000000")).hasMessageContaining("format version 99");
    }

    private static void assertDamaged(Backups backups, RecoveryPoint point, Path file) {
        Report report = backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG));

        assertThat(report.succeeded()).isFalse();
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        assertThat(text.toString()).contains(file.getFileName().toString());
    }

    /** Stops a broker when the first segment is to be stored, and lets none be stored before it has stopped. */
    private final class StoppingStore extends ForwardingStore {
        private final int broker;
        private boolean stopped;

        StoppingStore(ObjectStore store, int broker) {
            super(store);
            this.broker = broker;
        }

        @Override
        public CompletableFuture<Void> put(String name, ByteBuffer content) {
            if (name.endsWith(".log")) {
                synchronized (this) {
                    if (!stopped) {
                        kafka.stopBroker(broker);
                        stopped = true;
                    }
                }
            }
            return super.put(name, content);
        }
    }

    @Test
    void followsLeadersWhenABrokerStops() throws Exception {
        // More in each partition than two fetches bring, so that the leader has not handed all over when it stops.
        int partitions = 6;
        int records = 6_000;
        admin.createTopics(List.of(new NewTopic("moving", partitions, (short) 2)))
                .all()
                .get();
        Random random = new Random(6);
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(connection)) {
            for (int i = 0; i < records; i++) {
                byte[] value = new byte[8_000];
                random.nextBytes(value);
                TestTopics.send(producer, new ProducerRecord<>("moving", i % partitions, bytes("k" + i), value));
            }
        }
        assertThat(admin.describeTopics(List.of("moving"))
                        .allTopicNames()
                        .get()
                        .get("moving")
                        .partitions())
                .anySatisfy(p -> assertThat(p.leader().id()).isEqualTo(2));
        StoppingStore store = new StoppingStore(FileStore.at(directory.resolve("leaders")), 2);
        Backups backups = Backups.in(store).segmentSize(DataSize.ofBytes(1_000_000));
        BackupPlan plan = backups.plan(
                ClusterState.read(admin, Deadline.after(LONG)), Selection.topics(TopicPattern.glob("moving")));
        try {
            RecoveryPoint point = backups.run(plan, KafkaConnection.of(connection), RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .recoveryPoint();

            assertThat(store.stopped).isTrue();
            assertThat(point.records()).isEqualTo(records);
            backups.verify(point, RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();
        } finally {
            kafka.startBroker(2);
        }
    }

    @Test
    void outlastsABusyStore() {
        try (EmbeddedObjectStore s3 = EmbeddedObjectStore.start()) {
            S3Store store = S3Store.bucket(s3.asyncClient(), s3.bucket()).prefix("a prefix".replace(' ', '-'));
            Backups backups = Backups.in(store).segmentSize(DataSize.ofBytes(4_000));
            s3.faults().refuseFraction(0.2, 42);
            RecoveryPoint point = backUp(backups);
            backups.verify(point, RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();

            assertThat(s3.faults().count()).isPositive();
            assertThat(backups.recoveryPoints().readable())
                    .singleElement()
                    .satisfies(p -> assertThat(p.records()).isEqualTo(5_000));
        }
    }

    private static void assertRefused(Map<String, Object> properties) {
        try (KafkaWire wire = new KafkaWire(ClientSettings.from(properties))) {
            assertThatThrownBy(() -> wire.metadata(List.of("rot"), Deadline.after(LONG)))
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("do not agree on TLS");
        }
    }

    @Test
    void refusesABrokerThatItDoesNotTrust() {
        Map<String, Object> untrusting = new HashMap<>(connection);
        untrusting.keySet().removeIf(k -> k.startsWith("ssl.truststore"));

        assertRefused(untrusting);
    }

    @Test
    void refusesABrokerWithAnotherNameUnlessToldNotToLook() throws Exception {
        TlsFiles misnamed = TlsStores.make(Files.createDirectory(directory.resolve("misnamed")), "dns:localhost");
        try (EmbeddedKafka other = EmbeddedKafka.builder()
                .listener(KafkaListener.ssl("TLS", i -> misnamed))
                .start()) {
            Map<String, Object> properties = new HashMap<>(other.clientProperties("TLS", misnamed));
            properties.remove("ssl.endpoint.identification.algorithm");
            // The address is not in the certificate, the name is.
            properties.computeIfPresent(
                    "bootstrap.servers", (key, value) -> value.toString().replace("localhost", "127.0.0.1"));
            assertThat(properties.get("bootstrap.servers").toString()).startsWith("127.0.0.1:");

            assertRefused(properties);

            properties.put("ssl.endpoint.identification.algorithm", "");
            try (KafkaWire wire = new KafkaWire(ClientSettings.from(properties))) {
                assertThat(wire.metadata(List.of(), Deadline.after(LONG)).brokers())
                        .hasSize(1);
            }
        }
    }

    @Test
    void refusesTlsSettingsThatItWouldNotFollow() {
        for (String key : List.of(
                "ssl.engine.factory.class",
                "ssl.provider",
                "ssl.keymanager.algorithm",
                "ssl.trustmanager.algorithm",
                "ssl.secure.random.implementation")) {
            Map<String, Object> more = new HashMap<>(connection);
            more.put(key, "anything");

            assertThatThrownBy(() -> KafkaConnection.of(more))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }

    @Test
    void saysThatKerberosIsNotSpoken() {
        assertThatThrownBy(() ->
                        KafkaConnection.of(Map.of("bootstrap.servers", "localhost:1", "security.protocol", "SASL_SSL")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sasl.mechanism=GSSAPI is not supported");
    }
}
