package io.eventbroker.provisioning.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class SyntheticTransactionTest {
    private static final TopicName TOPIC = TopicName.of("eb.synthetic");

    @Test
    void passesOnAWorkingClusterAndFailsOnOneThatCannotKeepItsPromise() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(2).start();
                Admin admin = kafka.admin()) {
            admin.createTopics(List.of(
                            new NewTopic("eb.synthetic", 3, (short) 2).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get();
            SyntheticTransaction transaction =
                    SyntheticTransaction.with(Map.of("bootstrap.servers", kafka.bootstrapServers()));

            SyntheticResult alone = transaction.run(TOPIC, 50, Deadline.after(Duration.ofSeconds(30)));

            assertThat(alone.records()).isEqualTo(50);
            assertThat(alone.median()).isPositive().isLessThanOrEqualTo(alone.p99());
            assertThat(alone.p99()).isLessThanOrEqualTo(alone.slowest());
            assertThat(alone.toString()).startsWith("50 records produced, consumed and compared");

            ExecutorService pool = Executors.newFixedThreadPool(2);
            try {
                List<CompletableFuture<SyntheticResult>> both = List.of(
                        CompletableFuture.supplyAsync(
                                () -> transaction.run(TOPIC, 100, Deadline.after(Duration.ofSeconds(30))), pool),
                        CompletableFuture.supplyAsync(
                                () -> transaction.run(TOPIC, 100, Deadline.after(Duration.ofSeconds(30))), pool));
                for (CompletableFuture<SyntheticResult> one : both) {
                    assertThat(one.get().records()).isEqualTo(100);
                }
            } finally {
                pool.shutdown();
            }

            kafka.stopBroker(1);
            assertThatThrownBy(() -> transaction.run(TOPIC, 3, Deadline.after(Duration.ofSeconds(5))))
                    .isInstanceOf(SyntheticTransactionFailedException.class)
                    .hasMessageContaining("eb.synthetic");
        }
    }
}
