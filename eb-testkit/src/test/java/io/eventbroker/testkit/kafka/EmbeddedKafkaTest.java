package io.eventbroker.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaTest {
    @Test
    void keepsDataOverStopAndStartAndTakesInAnotherBroker() throws Exception {
        long t0 = System.nanoTime();
        EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(3).racks("az-a", "az-b", "az-c").start();
        System.err.println("START " + Duration.ofNanos(System.nanoTime() - t0).toMillis());
        Path data;
        try (kafka) {
            Admin admin = kafka.admin();
            List<String> values =
                    IntStream.range(0, 1000).mapToObj(i -> "order-" + i).toList();
            admin.createTopics(List.of(new NewTopic("orders", 3, (short) 3)))
                    .all()
                    .get();
            Records.write(kafka.clientProperties(), "orders", values);
            t0 = System.nanoTime();
            kafka.stopBroker(1);
            System.err.println(
                    "STOP " + Duration.ofNanos(System.nanoTime() - t0).toMillis());
            assertThat(kafka.brokers()).extracting(BrokerNode::running).containsExactly(true, false, true);
            t0 = System.nanoTime();
            kafka.startBroker(1);
            System.err.println(
                    "RESTART " + Duration.ofNanos(System.nanoTime() - t0).toMillis());
            t0 = System.nanoTime();
            assertThat(Records.read(kafka.clientProperties(), "orders", 1000))
                    .containsExactlyInAnyOrderElementsOf(values);
            System.err.println(
                    "READ " + Duration.ofNanos(System.nanoTime() - t0).toMillis());
            t0 = System.nanoTime();
            int added = kafka.addBroker("az-b");
            System.err.println("ADD " + Duration.ofNanos(System.nanoTime() - t0).toMillis());

            assertThat(added).isEqualTo(3);
            Set<String> racks = admin.describeCluster().nodes().get().stream()
                    .map(Node::rack)
                    .collect(Collectors.toSet());
            assertThat(racks).containsExactlyInAnyOrder("az-a", "az-b", "az-c");
            assertThat(admin.describeCluster().nodes().get()).hasSize(4);
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(kafka.clusterId());
            data = kafka.brokers().get(0).dataDirectory();
            t0 = System.nanoTime();
        }
        System.err.println("CLOSE " + Duration.ofNanos(System.nanoTime() - t0).toMillis());
        assertThat(kafka.leftBehind()).isEmpty();
        assertThat(data).doesNotExist();
    }
}
