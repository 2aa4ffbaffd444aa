package io.eventbroker.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ProxiedKafkaTest {
    @Test
    void cutsAClientOffAndLetsItBackIn() throws Exception {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(2).throughProxies().start()) {
            kafka.admin()
                    .createTopics(List.of(new NewTopic("orders", 2, (short) 2)))
                    .all()
                    .get();
            Map<String, Object> config = new HashMap<>(kafka.clientProperties());
            config.put("delivery.timeout.ms", "1500");
            config.put("request.timeout.ms", "1000");
            config.put("max.block.ms", "1500");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("orders", 0, "", "one")).get();
                producer.send(new ProducerRecord<>("orders", 1, "", "two")).get();

                for (BrokerNode broker : kafka.brokers()) {
                    assertThat(broker.endpoints().get("PLAINTEXT"))
                            .endsWith(":" + kafka.proxy(broker.id()).port());
                    assertThat(kafka.proxy(broker.id()).accepted()).isPositive();
                    kafka.proxy(broker.id()).refuse();
                    kafka.proxy(broker.id()).reset();
                }

                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", 0, "", "lost"))
                                .get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
                assertThat(kafka.admin().describeCluster().nodes().get())
                        .as("brokers among themselves do not pass the proxies")
                        .hasSize(2);
                kafka.brokers().forEach(broker -> kafka.proxy(broker.id()).heal());
                producer.send(new ProducerRecord<>("orders", 0, "", "three")).get();
                producer.close(Duration.ofSeconds(1));
            }
            assertThat(Records.read(kafka.clientProperties(), "orders", 3))
                    .containsExactlyInAnyOrder("one", "two", "three");
        }
    }
}
