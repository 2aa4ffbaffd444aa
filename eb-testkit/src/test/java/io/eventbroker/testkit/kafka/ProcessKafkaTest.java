package io.eventbroker.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.kafka.internal.NodeConfig;
import io.eventbroker.testkit.kafka.internal.ProcessNode;
import java.io.BufferedReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessKafkaTest {
    @Test
    void keepsAcknowledgedDataOverKillAndRestart() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(1).processes().start();
        List<Long> pids;
        try (kafka) {
            List<String> values =
                    IntStream.range(0, 500).mapToObj(i -> "order-" + i).toList();
            kafka.admin()
                    .createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
            Records.write(kafka.clientProperties(), "orders", values);
            long before = kafka.brokers().get(0).pid().orElseThrow();

            kafka.killBroker(0);

            assertThat(ProcessHandle.of(before)).isEmpty();
            assertThat(kafka.brokers().get(0).running()).isFalse();
            kafka.startBroker(0);
            assertThat(Records.read(kafka.clientProperties(), "orders", 500)).containsExactlyElementsOf(values);
            pids = kafka.brokers().stream()
                    .flatMap(broker -> broker.pid().stream())
                    .toList();
            assertThat(pids).hasSize(1).doesNotContain(before);
        }
        assertThat(kafka.leftBehind()).isEmpty();
        assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void startsNoProcessThatWasKilledBeforeItWasThere(@TempDir Path directory) throws Exception {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        NodeConfig config = new NodeConfig(
                0,
                "killed-early",
                directory,
                Uuid.randomUuid().toString(),
                Optional.empty(),
                "CONTROLLER",
                List.of(),
                Map.of(
                        "process.roles",
                        "controller",
                        "node.id",
                        "0",
                        "listeners",
                        "CONTROLLER://localhost:" + port,
                        "controller.listener.names",
                        "CONTROLLER",
                        "controller.quorum.voters",
                        "0@localhost:" + port,
                        "log.dirs",
                        directory.resolve("data").toString()));
        ProcessNode node = new ProcessNode(config, List.of("-Xmx256m"), System.getProperty("java.class.path"));

        // When
        CompletableFuture<Void> up = node.start();
        node.kill();

        // Then
        try {
            assertThatThrownBy(() -> up.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            assertThat(node.isRunning()).isFalse();
        } finally {
            node.kill();
        }
    }

    @Test
    void saysWhyABrokerProcessDoesNotStart() {
        EmbeddedKafkaBuilder builder = EmbeddedKafka.builder().processes().property("num.io.threads", "-1");

        assertThatThrownBy(builder::start)
                .isInstanceOf(TestKitException.class)
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("num.io.threads");
    }

    @Test
    void endsWithItsParentEvenWhenThatIsKilled(@TempDir Path directory) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
            long broker = Long.parseLong(output.readLine());
            assertThat(ProcessHandle.of(broker)).isPresent();

            parent.destroyForcibly();

            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> ProcessHandle.of(broker).isEmpty());
        } finally {
            parent.destroyForcibly();
        }
    }

    /** The host application that is killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) {
            EmbeddedKafka kafka = EmbeddedKafka.builder()
                    .processes()
                    .directory(Path.of(args[0]))
                    .start();
            System.out.println(kafka.brokers().get(0).pid().orElseThrow());
            while (true) {
                LockSupport.park();
            }
        }
    }
}
