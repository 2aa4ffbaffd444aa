package io.eventbroker.backup.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.RetryableException;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A broker that neither answers nor refuses must not stop what others could answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaWireTest {
    private EmbeddedKafka kafka;

    @BeforeAll
    void start() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(2).throughProxies().start();
        try (Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(0), 1, List.of(1)))))
                    .all()
                    .get();
        }
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    private String broker() {
        String all = kafka.bootstrapServers();
        return all.substring(0, all.indexOf(','));
    }

    private static FaultProxy inFrontOf(String broker) {
        int port = Integer.parseInt(broker.substring(broker.indexOf(':') + 1));
        return FaultProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static KafkaWire wire(String bootstrap) {
        return new KafkaWire(ClientSettings.from(Map.of("bootstrap.servers", bootstrap)));
    }

    @Test
    void asksTheNextBrokerWhenOneIsSilent() {
        // Given
        String broker = broker();
        try (FaultProxy silent = inFrontOf(broker);
                KafkaWire wire = wire("127.0.0.1:" + silent.port() + "," + broker)) {
            silent.stall();

            // When
            ClusterMetadata metadata = wire.metadata(List.of("t"), Deadline.after(Duration.ofSeconds(6)));

            // Then
            assertThat(metadata.topics().get("t").partitions()).hasSize(2);
        }
    }

    @Test
    void saysThatItMayBeTriedAgainWhenAllAreSilent() {
        // Given
        String broker = broker();
        try (FaultProxy silent = inFrontOf(broker);
                KafkaWire wire = wire("127.0.0.1:" + silent.port())) {
            silent.stall();
            Deadline deadline = Deadline.after(Duration.ofSeconds(2));

            // When
            assertThatThrownBy(() -> wire.metadata(List.of("t"), deadline))
                    // Then
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("metadata");
        }
    }

    @Test
    void givesTheOffsetsThatItHas() {
        // Given
        List<TopicPartition> both = List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));
        try (KafkaWire wire = wire(kafka.bootstrapServers())) {
            assertThat(wire.listOffsets(both, BrokerConnection.LATEST, Deadline.after(Duration.ofSeconds(30))))
                    .hasSize(2);
            kafka.proxy(0).stall();

            // When
            Map<TopicPartition, Long> known =
                    wire.listKnownOffsets(both, BrokerConnection.LATEST, Deadline.after(Duration.ofSeconds(6)));

            // Then
            assertThat(known).isEqualTo(Map.of(new TopicPartition("t", 1), 0L));
            assertThatThrownBy(() ->
                            wire.listOffsets(both, BrokerConnection.LATEST, Deadline.after(Duration.ofSeconds(3))))
                    .isInstanceOf(RetryableException.class);
        } finally {
            kafka.proxy(0).heal();
        }
    }
}
