package io.eventbroker.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.testkit.TestKitException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    @Test
    void keepsDataOverStopAndStartAndTakesInAnotherBroker() throws Exception {
        EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(3).racks("az-a", "az-b", "az-c").start();
        Path data;
        try (kafka) {
            Admin admin = kafka.admin();
            List<String> values =
                    IntStream.range(0, 1000).mapToObj(i -> "order-" + i).toList();
            admin.createTopics(List.of(new NewTopic("orders", 3, (short) 3)))
                    .all()
                    .get();
            Records.write(kafka.clientProperties(), "orders", values);
            kafka.stopBroker(1);
            assertThat(kafka.brokers()).extracting(BrokerNode::running).containsExactly(true, false, true);
            kafka.startBroker(1);
            assertThat(Records.read(kafka.clientProperties(), "orders", 1000))
                    .containsExactlyInAnyOrderElementsOf(values);
            int added = kafka.addBroker("az-b");

            assertThat(added).isEqualTo(3);
            Set<String> racks = admin.describeCluster().nodes().get().stream()
                    .map(Node::rack)
                    .collect(Collectors.toSet());
            assertThat(racks).containsExactlyInAnyOrder("az-a", "az-b", "az-c");
            assertThat(admin.describeCluster().nodes().get()).hasSize(4);
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(kafka.clusterId());
            data = kafka.brokers().get(0).dataDirectory();
        }
        assertThat(kafka.leftBehind()).isEmpty();
        assertThat(data).doesNotExist();
    }

    @Test
    void stopsSoonWithoutAQuorumAndLeavesNoThread() throws Exception {
        Set<String> before = threadNames();
        EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start();
        kafka.admin()
                .createTopics(List.of(new NewTopic("orders", 3, (short) 3)))
                .all()
                .get();
        kafka.stopBroker(0);
        kafka.stopBroker(1);

        long began = System.nanoTime();
        kafka.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(kafka.leftBehind()).isEmpty();
        assertThat(threadNames())
                .isSubsetOf(Stream.concat(
                                before.stream(),
                                threadNames().stream().filter(name -> name.startsWith("metrics-meter-tick")))
                        .toList());
        kafka.close();
        assertThatThrownBy(kafka::addBroker)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void keepsADirectoryThatWasGivenAndTakesItUpAgain(@TempDir Path directory) throws Exception {
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().directory(directory).start()) {
            clusterId = kafka.clusterId();
            kafka.admin()
                    .createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
            Records.write(kafka.clientProperties(), "orders", List.of("one"));
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.builder().directory(directory).start()) {
            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            assertThat(Records.read(kafka.clientProperties(), "orders", 1)).containsExactly("one");
        }
        assertThat(directory).isNotEmptyDirectory();
    }

    @Test
    void survivesTheLossOfBrokersWithSeparateControllers() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .brokers(2)
                .separateControllers(1)
                .property("broker.session.timeout.ms", "1500")
                .property("message.max.bytes", "2000")
                .property(1, "message.max.bytes", "3000")
                .start()) {
            assertThat(kafka.brokers()).extracting(BrokerNode::id).containsExactly(0, 1);
            kafka.stopBroker(0);
            kafka.stopBroker(1);
            kafka.startBroker(1);
            assertThat(kafka.admin().describeCluster().nodes().get())
                    .extracting(Node::id)
                    .containsExactly(1);
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            assertThat(kafka.admin()
                            .describeConfigs(List.of(broker))
                            .values()
                            .get(broker)
                            .get()
                            .get("message.max.bytes")
                            .value())
                    .isEqualTo("3000");
        }
    }

    @Test
    void listensOnFixedPortsAndSaysWhichIsTaken() throws Exception {
        EmbeddedKafkaBuilder builder;
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            builder = EmbeddedKafka.builder()
                    .listener(KafkaListener.plaintext("PLAINTEXT").ports(port));
            assertThatThrownBy(builder::start)
                    .isInstanceOf(TestKitException.class)
                    .hasMessageContaining("port " + port + " on 127.0.0.1 is in use");
        }

        try (EmbeddedKafka kafka = builder.start()) {
            assertThat(kafka.bootstrapServers()).isEqualTo("localhost:" + port);
        }
    }

    @Test
    void saysWhatAFailedStartMissedAndLeavesNothing() {
        Set<String> before = threadNames();

        assertThatThrownBy(EmbeddedKafka.builder().property("num.io.threads", "-1")::start)
                .isInstanceOf(TestKitException.class)
                .hasMessageContaining("num.io.threads")
                .hasMessageContaining("node 0 failed");
        assertThatThrownBy(EmbeddedKafka.builder().brokers(3).startTimeout(Duration.ofMillis(50))::start)
                .isInstanceOf(TestKitException.class)
                .hasMessageContaining("startTimeout");

        // A node that was given up in the middle of its start is shut down as soon as it can be.
        await().pollInSameThread()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(threadNames().stream().filter(name -> !name.startsWith("metrics-meter-tick")))
                                .allMatch(before::contains));
    }

    @Test
    void isUnharmedByABrokerThatWantsToEndTheJvm() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            assertThatThrownBy(() -> Exit.halt(1, "no")).isInstanceOf(Error.class);
            assertThatThrownBy(() -> Exit.exit(1, "no")).isInstanceOf(Error.class);
            assertThat(kafka.admin().describeCluster().nodes().get()).hasSize(1);
        }
        AtomicInteger asked = new AtomicInteger();
        Exit.setHaltProcedure((status, message) -> asked.set(status));
        try {
            EmbeddedKafka.builder().start().close();
            Exit.halt(7, "the host's own procedure is back");
            assertThat(asked).hasValue(7);
        } finally {
            Exit.setHaltProcedure((status, message) -> Runtime.getRuntime().halt(status));
        }
    }

    private static Set<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
