package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** Brokers that do not know all that this client may ask. */
class OldBrokerTest {
    private static final String CLASS_PATH = Objects.requireNonNull(System.getProperty("eb.kafka39.classpath"));
    private static final TopicName ORDERS = TopicName.of("orders");

    @Test
    void readsAllThatKafka39CanTell() throws ExecutionException, InterruptedException {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .classPath(CLASS_PATH)
                        .metadataVersion("3.9-IV0")
                        .start();
                Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1).configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets(
                            "billing", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();

            ClusterState state = ClusterState.read(admin, Deadline.after(Duration.ofSeconds(60)));

            state.requireWhole(Part.values());
            TopicState orders = state.topic(ORDERS).orElseThrow();
            assertThat(orders.overrides()).containsEntry("retention.ms", "3600000");
            assertThat(orders.partitions()).hasSize(2).allSatisfy(partition -> {
                assertThat(partition.leader()).contains(BrokerId.of(0));
                assertThat(partition.size()).isZero();
                assertThat(partition.endOffset()).isZero();
            });
            assertThat(state.groups().get("billing").lags())
                    .containsExactly(Map.entry(new TopicPartition("orders", 0), 0L));
            assertThat(state.groups().get("billing").type()).isEqualTo("Classic");
            assertThat(state.features().finalized()).doesNotContainKey("share.version");
            assertThat(state.features()
                            .supported()
                            .get(BrokerId.of(0))
                            .get("metadata.version")
                            .max())
                    .isEqualTo(state.features().finalized().get("metadata.version"));
            assertThat(state.quorum().leader()).isZero();
            assertThat(state.acls().enforced()).isFalse();
            assertThat(ClusterState.fromJson(state.toJson())).isEqualTo(state);
        }
    }

    @Test
    void whatABrokerDoesNotKnowIsAGapWithItsReason() {
        KafkaFutureImpl<String> refused = new KafkaFutureImpl<>();
        refused.completeExceptionally(new UnsupportedVersionException("The node does not support DESCRIBE_QUORUM"));
        try (Admin unused = Admin.create(Map.of("bootstrap.servers", "localhost:1"))) {
            Reading reading = new Reading(unused, Deadline.after(Duration.ofSeconds(60)));

            Reading.Answer<String> answer = reading.answer(
                    refused,
                    new Reading.Question(
                            Part.QUORUM, "cluster", "describe the metadata quorum", "Describe on the cluster"));

            assertThat(answer).isEqualTo(new Reading.Answer<>(java.util.Optional.empty(), false));
            assertThat(reading.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(Gap.Reason.NOT_SUPPORTED);
                assertThat(gap)
                        .hasToString("QUORUM of cluster: the brokers' version cannot tell"
                                + " (The node does not support DESCRIBE_QUORUM)");
            });
        }
    }
}
