package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.TopicName;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterStateTest {
    private static final TopicName ORDERS = TopicName.of("orders");
    private static final int RECORDS = 100;
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(3).racks("az-a", "az-b", "az-c").start();
        admin = kafka.admin();
        admin.createTopics(List.of(new NewTopic("orders", Map.of(0, List.of(0, 1, 2), 1, List.of(2, 0, 1)))
                        .configs(Map.of("retention.ms", "3600000"))))
                .all()
                .get();
        Map<String, Object> producer = new TreeMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(), ProducerConfig.ACKS_CONFIG, "all"));
        try (KafkaProducer<byte[], byte[]> sender =
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(sender.send(
                        new ProducerRecord<>("orders", 0, null, ("order " + i).getBytes(StandardCharsets.UTF_8))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        Map<String, Object> consumer = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "billing");
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(List.of(new TopicPartition("orders", 0)));
            reader.commitSync(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(42, "half way")));
        }
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    @Test
    void readsWhatTheClusterHas() {
        ClusterState state = ClusterState.read(admin, soon());

        assertThat(state.clusterId()).isEqualTo(kafka.clusterId());
        assertThat(state.racks()).containsExactly("az-a", "az-b", "az-c");
        assertThat(state.brokers()).containsOnlyKeys(BrokerId.of(0), BrokerId.of(1), BrokerId.of(2));
        TopicState orders = state.topic(ORDERS).orElseThrow();
        assertThat(orders.replicationFactor()).isEqualTo(3);
        assertThat(orders.partitions().get(1).replicas())
                .containsExactly(BrokerId.of(2), BrokerId.of(0), BrokerId.of(1));
        assertThat(orders.partitions().get(0).endOffset()).isEqualTo(RECORDS);
        assertThat(orders.partitions().get(0).startOffset()).isZero();
        assertThat(orders.partitions().get(0).size()).isPositive();
        assertThat(orders.partitions().get(1).size()).isZero();
        assertThat(orders.overrides()).containsEntry("retention.ms", "3600000");
        assertThat(orders.configs().get("cleanup.policy")).isEqualTo(new ConfigValue("delete", false));
        assertThat(state.groups().get("billing").offsets())
                .containsEntry(new TopicPartition("orders", 0), new OffsetAndMetadata(42, "half way"));
        assertThat(state.groups().get("billing").isActive()).isFalse();
        assertThat(state.topics().keySet()).anyMatch(TopicName::isInternal);
        assertThat(state.acls()).as("a cluster without an authorizer").isEqualTo(new Acls(false, List.of()));
        assertThat(state.quotas()).isEmpty();
        assertThat(state.scramUsers()).isEmpty();
        assertThat(state.gaps()).isEmpty();
    }

    @Test
    void leavesOutWhatWasNotAskedFor() {
        ClusterState state = ClusterState.read(admin, soon(), Set.of());

        PartitionState partition =
                state.topic(ORDERS).orElseThrow().partitions().get(0);
        assertThat(partition.size()).isEqualTo(-1);
        assertThat(partition.endOffset()).isEqualTo(-1);
        TopicState orders = state.topic(ORDERS).orElseThrow();
        assertThat(orders.hasConfigs()).isFalse();
        assertThatThrownBy(orders::configs).isInstanceOf(NotReadException.class).hasMessageContaining("Part.CONFIGS");
        assertThatThrownBy(orders::overrides).isInstanceOf(NotReadException.class);
        assertThatThrownBy(state::groups)
                .isInstanceOf(NotReadException.class)
                .hasMessageContaining("read the state with Part.GROUPS");
    }

    /** Deletes a topic between the question what there is and that for its offsets. */
    private static final class Deleting extends ForwardingAdmin {
        private final String topic;
        private final AtomicBoolean deleted = new AtomicBoolean();

        Deleting(String topic) {
            super(Map.of("bootstrap.servers", kafka.bootstrapServers()));
            this.topic = topic;
        }

        @Override
        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> partitions, ListOffsetsOptions options) {
            try {
                if (!deleted.getAndSet(true)) { // a broker may list it for a while yet
                    admin.deleteTopics(List.of(topic)).all().get();
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
            return super.listOffsets(partitions, options);
        }
    }

    @Test
    void leavesOutATopicThatIsDeletedMeanwhile() throws Exception {
        admin.createTopics(List.of(new NewTopic("doomed", 3, (short) 1))).all().get();
        await().until(() -> ClusterState.read(admin, soon(), Set.of())
                .topic(TopicName.of("doomed"))
                .isPresent());

        try (Admin deleting = new Deleting("doomed")) {
            ClusterState state = ClusterState.read(deleting, soon());

            assertThat(state.topics()).containsKey(ORDERS).doesNotContainKey(TopicName.of("doomed"));
            assertThat(state.topic(ORDERS).orElseThrow().partitions().get(0).endOffset())
                    .isEqualTo(RECORDS);
        }
    }

    @Test
    void countsABrokerThatTheQuorumHasNotHeardOfAsBehind() {
        assertThat(BrokerMetadata.behind(Map.of(0, 10L, 1, 9L), Set.of(0, 1, 2), 10))
                .containsExactly(1, 2);
    }

    @Test
    void tellsAnInterruptedReadFromAnInterruptedChange() {
        KafkaFuture<String> never = new KafkaFutureImpl<>();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> AdminCalls.read(never, "look", soon()))
                .isInstanceOf(EventBrokerException.class)
                .isNotInstanceOf(OutcomeUnknownException.class);
        assertThatThrownBy(() -> AdminCalls.change(never, "act", soon())).isInstanceOf(OutcomeUnknownException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void readsTheTopicsThatItIsAskedForAlone() {
        ClusterState state = ClusterState.read(
                admin,
                soon(),
                Set.of(ClusterState.Part.OFFSETS, ClusterState.Part.CONFIGS),
                List.of(ORDERS, TopicName.of("no-such-topic")));

        assertThat(state.topics()).containsOnlyKeys(ORDERS);
        assertThat(state.topic(ORDERS).orElseThrow().partitions().get(0).endOffset())
                .isEqualTo(RECORDS);
    }

    @Test
    void givesUpAtTheDeadline() {
        assertThatThrownBy(() -> ClusterState.read(admin, Deadline.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("gave up waiting");
    }

    @Test
    void saysWhatCouldNotBeReadWithoutACluster() {
        try (Admin lost = Admin.create(Map.of(
                "bootstrap.servers", "127.0.0.1:1", "request.timeout.ms", "500", "default.api.timeout.ms", "1000"))) {
            assertThatThrownBy(() -> ClusterState.read(lost, Deadline.after(Duration.ofSeconds(2))))
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("describe the cluster");
        }
    }

    @Test
    void simulatesWithoutTouchingTheState() {
        ClusterState state = ClusterState.read(admin, soon());
        TopicName added = TopicName.of("added");

        ClusterState after = state.simulate()
                .addBroker(new Broker(BrokerId.of(7), "host", 9092, Optional.of("az-a")))
                .createTopic(added, 4, 3, Map.of("retention.ms", "1"))
                .addPartitionsUpTo(ORDERS, 5)
                .setConfig(ORDERS, "retention.ms", Optional.empty())
                .moveReplicas(ORDERS, 0, List.of(BrokerId.of(7), BrokerId.of(1)))
                .state();

        assertThat(after.topic(added).orElseThrow().partitions()).hasSize(4);
        assertThat(after.topic(added).orElseThrow().overrides()).containsEntry("retention.ms", "1");
        TopicState orders = after.topic(ORDERS).orElseThrow();
        assertThat(orders.partitions()).hasSize(5);
        assertThat(orders.overrides()).isEmpty();
        assertThat(orders.partitions().get(0).leader()).contains(BrokerId.of(7));
        assertThat(after.simulate().deleteTopic(added).state().topic(added)).isEmpty();
        assertThat(state.topic(added)).isEmpty();
        assertThat(state.topic(ORDERS))
                .isEqualTo(ClusterState.read(admin, soon()).topic(ORDERS));
        assertThatThrownBy(() -> state.simulate().createTopic(added, 1, 4, Map.of()))
                .hasMessageContaining("3 brokers cannot hold 4 replicas");
    }
}
