package io.eventbroker.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.security.access.AccessPolicies;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The files that the quick start reads. */
class QuickStartFilesTest {
    private static final Path FILES = Path.of("src/main/resources/quickstart");

    @Test
    void describesTheProductionPlatform() {
        // When
        Platform platform = Specs.standard().with(AccessPolicies.KIND).read(FILES.resolve("event-broker.yaml"));

        // Then
        Topology prod = platform.topology("kafka-prod");
        assertThat(prod.brokers().replicas()).isEqualTo(12);
        assertThat(prod.brokers().storage().data().size()).hasToString("1Ti");
        assertThat(prod.components()).hasSize(8);
        assertThat(prod.controllers().orElseThrow().name()).isEqualTo("kafka-prod-controller");
        assertThat(prod.brokers().hostNames(BrokerId.of(0)))
                .startsWith("kafka-prod-0", "kafka-prod-0.kafka-prod", "kafka-prod-0.kafka-prod.event-broker")
                .contains("kafka-prod-0.kafka-prod.event-broker.svc.cluster.local")
                .contains("kafka-prod.event-broker.svc.cluster.local");
        assertThat(platform.warnings()).isEmpty();
    }

    @Test
    void overlayFitsItIntoOneProcess() {
        // When
        Platform platform = Specs.standard()
                .with(AccessPolicies.KIND)
                .overlay(FILES.resolve("overlay.yaml"))
                .read(FILES.resolve("event-broker.yaml"));

        // Then
        Topology local = platform.topology("kafka-prod");
        assertThat(local.brokers().brokerIds()).hasSize(3);
        assertThat(local.brokers().storage().logs()).isEmpty();
        assertThat(local.mirrorMaker()).isEmpty();
        assertThat(platform.environment(local).name()).isEqualTo("quickstart");
        assertThat(local.zoneOf(BrokerId.of(2))).hasToString("az-c");
        TopicSet orders = platform.one(TopicSets.KIND, "orders");
        assertThat(orders.wanted().get(TopicName.of("orders.order.placed")).partitions())
                .contains(12);
        assertThat(platform.overlayChanges().toString())
                .contains("spec.brokers.replicas ")
                .contains("12 -> 3")
                .contains("overlay.yaml:19:15");
    }
}
