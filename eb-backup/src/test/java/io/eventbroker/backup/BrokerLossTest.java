package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker's process is killed (SIGKILL) in the middle of the work; the rest of the cluster carries it on. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BrokerLossTest {
    private static final String TOPIC = "lost";
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 60_000;
    private static final Duration STALL = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** Kills a broker once the engine has moved something so many times, and does not hold the engine up meanwhile. */
    private static CompletableFuture<Void> killAfter(EngineRun run, int moves, EmbeddedKafka kafka, int broker) {
        CompletableFuture<Void> killed = new CompletableFuture<>();
        run.onMoved = () -> {
            if (run.moved.get() == moves) {
                new Thread(() -> {
                            kafka.killBroker(broker);
                            killed.complete(null);
                        })
                        .start();
            }
            if (run.moved.get() >= moves && !killed.isDone()) {
                killed.join(); // Nothing more before: or it might all be done already.
            }
        };
        return killed;
    }

    private static EmbeddedKafka cluster() {
        return EmbeddedKafka.builder()
                .brokers(2)
                .separateControllers(1)
                .property("broker.session.timeout.ms", "3000")
                .property("broker.heartbeat.interval.ms", "500")
                .processes()
                .start();
    }

    private static void create(Admin admin) throws Exception {
        admin.createTopics(
                        List.of(new NewTopic(TOPIC, PARTITIONS, (short) 2).configs(Map.of("min.insync.replicas", "1"))))
                .all()
                .get();
    }

    @Test
    void carriesOnWhenABrokerIsKilled() throws Exception {
        // Given
        ObjectStore store = FileStore.at(directory);
        List<Manifest.Partition> archived;
        List<String> expected;
        try (EmbeddedKafka source = cluster();
                Admin admin = source.admin();
                EngineRun copy = new EngineRun(source.clientProperties(), "request.timeout.ms", "5000")) {
            create(admin);
            Random random = new Random(3);
            try (KafkaProducer<byte[], byte[]> producer =
                    TestTopics.producer(source.clientProperties(), "batch.size", "8000", "acks", "all")) {
                for (int i = 0; i < RECORDS; i++) {
                    byte[] value = new byte[200];
                    random.nextBytes(value);
                    TestTopics.send(producer, new ProducerRecord<>(TOPIC, i % PARTITIONS, bytes("k" + i), value));
                }
            }
            expected = TestTopics.digests(source.clientProperties(), admin, TOPIC);
            List<CopyEngine.Job> jobs = copy.jobs(TOPIC);
            CompletableFuture<Void> killed = killAfter(copy, 4, source, 0);

            // When
            copy.copy(jobs, store, EngineRun.settings(300_000, PARTITIONS, STALL));

            // Then
            assertThat(killed).isCompleted();
            assertThat(copy.failed).isEmpty();
            assertThat(copy.done).hasSize(PARTITIONS);
            assertThat(copy.verify(jobs, store)).isEmpty();
            archived = jobs.stream().map(copy::manifest).toList();
        }
        try (EmbeddedKafka target = cluster();
                Admin admin = target.admin();
                EngineRun restore = new EngineRun(target.clientProperties(), "request.timeout.ms", "5000")) {
            create(admin);
            CompletableFuture<Void> killed = killAfter(restore, 40, target, 1);

            // When
            restore.restore(archived, store, STALL);

            // Then
            assertThat(killed).isCompleted();
            assertThat(restore.failed).isEmpty();
            assertThat(restore.done).hasSize(PARTITIONS);
            assertThat(TestTopics.digests(target.clientProperties(), admin, TOPIC))
                    .isEqualTo(expected);
        }
    }
}
