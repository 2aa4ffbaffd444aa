package io.eventbroker.testkit.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedConnectTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private static HttpResponse<String> send(String method, URI address, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void runsConnectorsAndGoesOnWithoutALostWorker() throws Exception {
        Path file = Files.writeString(folder.resolve("in.txt"), "one\ntwo\n");
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                EmbeddedConnect connect = EmbeddedConnect.over(kafka).workers(2).start()) {
            String config = "{\"connector.class\":\"org.apache.kafka.connect.file.FileStreamSourceConnector\","
                    + "\"tasks.max\":\"1\",\"topic\":\"lines\",\"topic.creation.default.partitions\":\"1\","
                    + "\"topic.creation.default.replication.factor\":\"1\",\"file\":\"" + file + "\"}";
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> send("PUT", connect.endpoint(0).resolve("/connectors/lines/config"), config)
                                    .statusCode()
                            != 409);
            assertThat(lines(kafka, 2)).containsExactly("one", "two");

            connect.killWorker(0);
            Files.writeString(file, "one\ntwo\nthree\n");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> lines(kafka, 3).contains("three"));
            assertThat(send("GET", connect.endpoint(1).resolve("/connectors"), "")
                            .body())
                    .isEqualTo("[\"lines\"]");
            assertThatThrownBy(() -> connect.endpoint(2)).hasMessageContaining("there are 2");
        }
    }

    private static List<String> lines(EmbeddedKafka kafka, int atLeast) {
        Map<String, Object> properties = new TreeMap<>(kafka.clientProperties());
        properties.put("group.id", "reader-" + System.nanoTime());
        properties.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("lines"));
            List<String> found = new java.util.ArrayList<>();
            for (int i = 0; i < 20 && found.size() < atLeast; i++) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> found.add(record.value()));
            }
            return found;
        }
    }

    @Test
    void saysWhyAWorkerDidNotStart() {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            assertThatThrownBy(() -> EmbeddedConnect.over(kafka)
                            .property("key.converter", "com.example.Missing")
                            .start())
                    .isInstanceOf(TestKitException.class)
                    .hasMessageContaining("ended with status")
                    .hasMessageContaining("com.example.Missing");
            assertThatThrownBy(() -> EmbeddedConnect.over(kafka).workers(0)).hasMessageContaining("at least one");
        }
    }
}
