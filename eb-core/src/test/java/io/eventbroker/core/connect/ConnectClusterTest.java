package io.eventbroker.core.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.RestEndpoint;
import io.eventbroker.testkit.connect.EmbeddedConnect;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real worker with the file connectors of Kafka. */
class ConnectClusterTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static EmbeddedKafka kafka;
    private static EmbeddedConnect embedded;
    private static ConnectCluster connect;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().start();
        embedded = EmbeddedConnect.over(kafka)
                .property("config.providers", "file")
                .property("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider")
                .start();
        connect = ConnectCluster.on(RestEndpoint.at(HTTP, embedded.endpoint()));
    }

    @AfterAll
    static void stop() {
        embedded.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(90));
    }

    private static Map<String, String> source(Path file) {
        return Map.of(
                "connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector",
                "tasks.max", "1",
                "file", file.toString(),
                "topic", "lines",
                // The brokers make no topics by themselves.
                "topic.creation.default.partitions", "1",
                "topic.creation.default.replication.factor", "1");
    }

    private static Map<String, String> named(String name, Map<String, String> config) {
        Map<String, String> all = new TreeMap<>(config);
        all.put("name", name);
        return all;
    }

    private static void awaitRunning(String name) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> connect.findConnector(name, soon())
                        .filter(connector -> connector.state() == ConnectorState.RUNNING)
                        .filter(connector -> !connector.tasks().isEmpty()
                                && connector.tasks().stream().allMatch(task -> task.state() == ConnectorState.RUNNING))
                        .isPresent());
    }

    @Test
    void makesPausesStopsAndDeletesAConnector() throws Exception {
        Path file = Files.writeString(folder.resolve("life.txt"), "one\n");
        connect.put("life", source(file), soon());
        awaitRunning("life");
        assertThat(connect.connectors(soon()).get("life").config()).isEqualTo(named("life", source(file)));

        connect.pause("life", soon());
        assertThat(connect.findConnector("life", soon()).orElseThrow().state()).isEqualTo(ConnectorState.PAUSED);
        connect.resume("life", soon());
        awaitRunning("life");
        connect.stop("life", soon());
        assertThat(connect.findConnector("life", soon()).orElseThrow().tasks()).isEmpty();

        connect.delete("life", soon());
        connect.delete("life", soon());
        Awaitility.await().until(() -> connect.findConnector("life", soon()).isEmpty());
    }

    @Test
    void movesOffsetsToAnotherConnector() throws Exception {
        Path file = Files.writeString(folder.resolve("offsets.txt"), "one\ntwo\n");
        connect.put("reader", source(file), soon());
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !connect.offsets("reader", soon()).isEmpty());
        assertThatThrownBy(() -> connect.resetOffsets("reader", soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("reset the offsets of connector reader")
                .hasMessageContaining("STOPPED");
        connect.stop("reader", soon());
        List<ConnectorOffset> offsets = connect.offsets("reader", soon());
        assertThat(offsets)
                .containsExactly(
                        new ConnectorOffset("{\"filename\":\"" + file + "\"}", Optional.of("{\"position\":8}")));

        connect.createStopped("copy", source(file), soon());
        connect.createStopped("copy", source(file), soon());
        assertThat(connect.offsets("copy", soon())).isEmpty();
        connect.alterOffsets("copy", offsets, soon());
        assertThat(connect.offsets("copy", soon())).isEqualTo(offsets);

        assertThat(connect.resetOffsets("reader", soon())).isNotEmpty();
        assertThat(connect.offsets("reader", soon())).isEmpty();
        assertThatThrownBy(() -> connect.createStopped("copy", source(folder.resolve("other")), soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("already exists");
        connect.delete("reader", soon());
        connect.delete("copy", soon());
    }

    @Test
    void tellsWhichPropertiesAreSecret() {
        Map<String, String> config = new TreeMap<>(source(folder.resolve("x")));
        config.put("producer.override.sasl.jaas.config", "secret-value");
        config.put("producer.override.acks", "all");
        config.put("admin.override.ssl.key.password", "${file:/etc/secrets:key}");
        config.put("transforms", "mask");
        config.put("transforms.mask.type", "org.apache.kafka.connect.transforms.MaskField$Value");
        config.put("transforms.mask.fields", "card");

        assertThat(connect.secretKeys(config, soon()))
                .containsExactly("admin.override.ssl.key.password", "producer.override.sasl.jaas.config");
        config.put("connector.class", "com.example.Missing");
        assertThatThrownBy(() -> connect.secretKeys(config, soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("com.example.Missing");
    }

    @Test
    void keepsReferencesUnresolvedAndValuesOutOfItsText() throws Exception {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "topic=resolved-topic\n");
        Map<String, String> config = new TreeMap<>(source(folder.resolve("none.txt")));
        config.put("topic", "${file:" + secrets + ":topic}");
        connect.put("referring", config, soon());

        Connector read = connect.findConnector("referring", soon()).orElseThrow();

        assertThat(read.config()).isEqualTo(named("referring", config));
        assertThat(read.toString()).contains("referring", "topic").doesNotContain("none.txt", "${file");
        connect.delete("referring", soon());
    }

    @Test
    void validates() {
        Map<String, String> config = new TreeMap<>(source(folder.resolve("x")));
        assertThat(connect.validate(named("valid", config), soon())).isEmpty();

        config.remove("topic");
        assertThat(connect.validate(named("invalid", config), soon())).containsOnlyKeys("topic");
        assertThatThrownBy(() -> connect.put("invalid", config, soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("configure connector invalid")
                .hasMessageContaining("topic");
    }

    @Test
    void knowsItsKafkaAndItsPlugins() {
        assertThat(connect.kafkaClusterId(soon())).isEqualTo(kafka.clusterId());
        assertThat(connect.plugins(soon()))
                .extracting(ConnectorPlugin::className)
                .contains(
                        "org.apache.kafka.connect.file.FileStreamSinkConnector",
                        "org.apache.kafka.connect.transforms.MaskField$Value");
        assertThat(connect.findConnector("nobody", soon())).isEmpty();
        assertThatThrownBy(() -> connect.pause("nobody", soon()))
                .isInstanceOf(ConnectApiException.class)
                .hasMessageContaining("404");
    }

    @Test
    void goesOnAfterTheConnectionWasCut() {
        try (FaultProxy proxy = FaultProxy.to(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), embedded.endpoint().getPort()))) {
            ConnectCluster behind =
                    ConnectCluster.on(RestEndpoint.at(HTTP, URI.create("http://127.0.0.1:" + proxy.port())));
            assertThat(behind.kafkaClusterId(soon())).isNotEmpty();
            proxy.reset();
            assertThat(behind.kafkaClusterId(soon())).isNotEmpty();
            proxy.refuse();
            proxy.reset();
            // without a connection of before, on which the request might have gone out
            ConnectCluster refused = ConnectCluster.on(
                    RestEndpoint.at(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:" + proxy.port())));
            assertThatThrownBy(() -> refused.delete("nobody", soon())).isInstanceOf(RetryableException.class);
        }
    }
}
