package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.internal.copy.CopyEngine;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.testkit.fault.Direction;
import io.eventbroker.testkit.fault.ProxiedConnection;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where brokers choose replicas by rack, data need not cross from one zone into another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosestReplicaTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LEADER = 0;
    private static final int FOLLOWER = 1;
    private static final int RECORDS = 4_000;
    private static final long PAYLOAD = RECORDS * 1_000L;

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;

    @BeforeAll
    void start() throws Exception {
        kafka = EmbeddedKafka.builder()
                .brokers(2)
                .racks("a", "b")
                .property("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector")
                .throughProxies()
                .start();
        try (Admin admin = kafka.admin();
                KafkaProducer<byte[], byte[]> producer = TestTopics.producer(kafka.clientProperties())) {
            admin.createTopics(List.of(
                            new NewTopic("orders", Map.of(0, List.of(LEADER, FOLLOWER), 1, List.of(LEADER, FOLLOWER)))))
                    .all()
                    .get();
            for (int i = 0; i < RECORDS; i++) {
                TestTopics.send(producer, new ProducerRecord<>("orders", i % 2, null, bytes("x".repeat(1_000))));
            }
        }
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    private long passed(int broker) {
        return kafka.proxy(broker).connections().stream()
                .mapToLong(connection -> bytesOf(connection))
                .sum();
    }

    private static long bytesOf(ProxiedConnection connection) {
        return connection.bytes(Direction.TO_CLIENT);
    }

    /** Backs the topic up, and tells the most bytes that were seen to have come from a broker. */
    private long readFrom(int broker, String... settings) {
        AtomicLong most = new AtomicLong();
        try (EngineRun run = new EngineRun(kafka.clientProperties(), settings)) {
            run.onMoved = () -> most.accumulateAndGet(passed(broker), Math::max);
            List<CopyEngine.Job> jobs = await().atMost(LONG)
                    .until(() -> run.jobs("orders"), found -> found.stream().allMatch(job -> job.end() == RECORDS / 2));
            FileStore store = FileStore.at(directory.resolve("from-" + broker + "-" + settings.length));
            run.copy(jobs, store, EngineRun.settings(1 << 20, 8, Duration.ofSeconds(20)));
            assertThat(run.failed).isEmpty();
            assertThat(run.verify(jobs, store)).isEmpty();
        }
        return most.get();
    }

    @Test
    void readsFromTheFollowerInItsRack() {
        assertThat(readFrom(FOLLOWER, "client.rack", "b")).isGreaterThan(PAYLOAD / 2);
        assertThat(readFrom(LEADER, "client.rack", "b")).isLessThan(PAYLOAD / 4);
    }

    @Test
    void readsFromTheLeaderInItsOwnRackOrWithoutOne() {
        assertThat(readFrom(LEADER, "client.rack", "a")).isGreaterThan(PAYLOAD / 2);
        assertThat(readFrom(LEADER)).isGreaterThan(PAYLOAD / 2);
    }
}
