package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.SaslMechanism;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every part on real brokers, seen by one who may see all, and by those who may see some. */
class ClusterPartsTest {
    private static final TopicName ORDERS = TopicName.of("orders");
    private static final TopicName SECRETS = TopicName.of("secrets");
    private static final TopicName BILLS = TopicName.of("bills");
    private static final int RECORDS = 60;
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .racks("az-a", "az-b", "az-c")
                .listener(KafkaListener.saslPlaintext("SASL", SaslMechanism.SCRAM_SHA_512))
                .authorizer("User:root")
                .user("root", "root-password")
                .user("clerk", "clerk-password")
                .user("nobody", "nobody-password")
                .start();
        admin = kafka.admin();
        admin.createTopics(List.of(
                        new NewTopic("orders", 2, (short) 3).configs(Map.of("retention.ms", "3600000")),
                        new NewTopic("secrets", 1, (short) 1),
                        new NewTopic("bills", 1, (short) 1)))
                .all()
                .get();
        admin.createAcls(List.of(
                        allow(ResourceType.TOPIC, "orders", AclOperation.READ),
                        allow(ResourceType.TOPIC, "orders", AclOperation.WRITE),
                        allow(ResourceType.TOPIC, "orders", AclOperation.DESCRIBE_CONFIGS),
                        allow(ResourceType.TOPIC, "bills", AclOperation.DESCRIBE),
                        allow(ResourceType.GROUP, "billing", AclOperation.READ)))
                .all()
                .get();
        admin.alterClientQuotas(List.of(quota(Map.of("user", "clerk"), 1_000_000), quota(user(null), 5_000_000)))
                .all()
                .get();
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "clerk", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 8192), "another-password")))
                .all()
                .get();
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        List.of(new AlterConfigOp(new ConfigEntry("message.max.bytes", "2000000"), OpType.SET)),
                        new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        List.of(new AlterConfigOp(new ConfigEntry("num.io.threads", "3"), OpType.SET))))
                .all()
                .get();
        produce();
        commit("billing", 42);
        commit("hidden", 1);
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static AclBinding allow(ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:clerk", "*", operation, AclPermissionType.ALLOW));
    }

    private static Map<String, String> user(String name) {
        Map<String, String> entity = new HashMap<>();
        entity.put("user", name);
        return entity;
    }

    private static ClientQuotaAlteration quota(Map<String, String> entity, double rate) {
        return new ClientQuotaAlteration(
                new ClientQuotaEntity(entity), List.of(new ClientQuotaAlteration.Op("producer_byte_rate", rate)));
    }

    /** A connection with all rights. */
    private static Map<String, Object> trusted(Map<String, Object> own) {
        Map<String, Object> properties = new TreeMap<>(own);
        properties.putAll(kafka.clientProperties("SASL", "root", "root-password"));
        return properties;
    }

    private static void produce() throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                trusted(Map.of("acks", "all")), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("orders", 0, null, new byte[10]))
                        .get();
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String group, String protocol) {
        return new KafkaConsumer<>(
                trusted(Map.of("group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static void commit(String group, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group, "classic")) {
            TopicPartition partition = new TopicPartition("orders", 0);
            consumer.assign(List.of(partition));
            consumer.commitSync(
                    Map.of(partition, new org.apache.kafka.clients.consumer.OffsetAndMetadata(offset, "half way")));
        }
    }

    @Test
    void readsEveryPart() {
        ClusterState state = ClusterState.read(admin, soon());

        assertThat(state.gaps()).isEmpty();
        state.requireWhole(Part.values());
        assertThat(state.features().finalized()).containsKey("metadata.version").containsKey("share.version");
        assertThat(state.features().supported())
                .containsOnlyKeys(state.brokers().keySet());
        assertThat(state.features()
                        .supported()
                        .get(BrokerId.of(1))
                        .get("metadata.version")
                        .max())
                .isGreaterThanOrEqualTo(state.features().finalized().get("metadata.version"));
        Quorum quorum = state.quorum();
        assertThat(quorum.voters()).hasSize(3).anyMatch(voter -> voter.node() == quorum.leader());
        assertThat(quorum.highWatermark()).isPositive();
        assertThat(quorum.voters()).allSatisfy(voter -> {
            assertThat(quorum.lag(voter).orElseThrow()).isNotNegative();
            assertThat(voter.lastCaughtUp()).isPresent();
        });
        PartitionState partition =
                state.topic(ORDERS).orElseThrow().partitions().get(0);
        assertThat(partition.preferredLeader()).isEqualTo(partition.replicas().get(0));
        assertThat(partition.eligibleLeaders()).contains(List.of());
        assertThat(partition.sizes()).hasSize(3).allMatch(size -> size > 0);
        assertThat(partition.sizeOn(partition.replicas().get(2))).isPositive();
        assertThat(state.logDirs().get(BrokerId.of(0))).singleElement().satisfies(dir -> {
            assertThat(dir.totalBytes().orElseThrow())
                    .isGreaterThan(dir.usableBytes().orElseThrow());
            assertThat(dir.replicaBytes()).isPositive();
            assertThat(dir.error()).isEmpty();
        });
        assertThat(state.topic(ORDERS).orElseThrow().configs().get("retention.ms"))
                .satisfies(value -> assertThat(value.dynamic()).isTrue());
        ConfigValue threads = state.brokerConfigs().get(BrokerId.of(1)).get("num.io.threads");
        assertThat(threads.value()).isEqualTo("3");
        assertThat(threads.origin()).isEqualTo(ConfigValue.Origin.BROKER);
        ConfigValue largest = state.brokerConfigs().get(BrokerId.of(2)).get("message.max.bytes");
        assertThat(largest.origin()).isEqualTo(ConfigValue.Origin.CLUSTER);
        assertThat(largest.clusterWide()).contains("2000000");
        assertThat(state.acls().enforced()).isTrue();
        assertThat(state.acls().bindings())
                .hasSize(5)
                .contains(allow(ResourceType.TOPIC, "bills", AclOperation.DESCRIBE));
        assertThat(state.quotas()).extracting(ClientQuota::subject).containsExactly("user (default)", "user clerk");
        assertThat(state.quotas().get(1).limits()).containsEntry("producer_byte_rate", 1_000_000.0);
        assertThat(state.scramUsers().get("clerk").iterations())
                .isEqualTo(Map.of("SCRAM-SHA-256", 8192, "SCRAM-SHA-512", 4096));
        assertThat(state.scramUsers()).containsKey("nobody");
        assertThat(state.toJson()).doesNotContain("clerk-password").doesNotContain("another-password");
        assertThat(ClusterState.fromJson(state.toJson())).isEqualTo(state);
        GroupState billing = state.groups().get("billing");
        assertThat(billing.type()).isEqualTo("Classic");
        assertThat(billing.members()).isEqualTo(OptionalInt.of(0));
        assertThat(billing.lags()).containsEntry(new TopicPartition("orders", 0), RECORDS - 42L);
    }

    @Test
    void someRightsGiveAStateThatSaysWhatIsMissing() {
        try (Admin clerk = Admin.create(kafka.clientProperties("SASL", "clerk", "clerk-password"))) {
            ClusterState state = ClusterState.read(clerk, soon());

            assertThat(state.topics()).containsOnlyKeys(BILLS, ORDERS);
            assertThat(state.topic(ORDERS).orElseThrow().overrides()).containsKey("retention.ms");
            assertThat(state.topic(ORDERS).orElseThrow().partitions().get(0).endOffset())
                    .isEqualTo(RECORDS);
            assertThat(state.topic(ORDERS).orElseThrow().partitions().get(0).size())
                    .isEqualTo(-1);
            assertThatThrownBy(() -> state.topic(BILLS).orElseThrow().overrides())
                    .isInstanceOf(NotReadException.class)
                    .hasMessageContaining("topic bills");
            assertThat(state.groups()).containsOnlyKeys("billing");
            assertThat(state.groups().get("billing").lags()).containsValue(RECORDS - 42L);
            assertThat(state.gaps())
                    .extracting(Gap::part)
                    .containsOnly(
                            Part.CONFIGS,
                            Part.SIZES,
                            Part.BROKER_CONFIGS,
                            Part.QUORUM,
                            Part.ACLS,
                            Part.QUOTAS,
                            Part.SCRAM_USERS);
            assertThat(state.gaps()).allMatch(gap -> gap.reason() == Gap.Reason.NOT_AUTHORIZED);
            assertThat(state.gaps().get(0))
                    .hasToString(
                            "CONFIGS of topic bills: the client's principal lacks the right DescribeConfigs on the topic");
            assertThatThrownBy(state::acls)
                    .isInstanceOf(NotReadException.class)
                    .hasMessageContaining("Describe on the cluster");
            assertThatThrownBy(state::logDirs).isInstanceOf(NotReadException.class);
            assertThatThrownBy(state::brokerConfigs).hasMessageContaining("DescribeConfigs on the cluster");
            assertThatThrownBy(state::quorum).isInstanceOf(NotReadException.class);
            assertThatThrownBy(state::quotas).isInstanceOf(NotReadException.class);
            assertThatThrownBy(state::scramUsers).isInstanceOf(NotReadException.class);
            assertThat(state.features().finalized()).isNotEmpty();
            assertThatThrownBy(() -> state.requireWhole(Part.GROUPS, Part.ACLS, Part.SIZES))
                    .isInstanceOf(NotReadException.class)
                    .hasMessageContaining("ACLS of cluster")
                    .hasMessageContaining("SIZES of broker 0, broker 1, broker 2");
            assertThat(ClusterState.fromJson(state.toJson())).isEqualTo(state);
        }
    }

    @Test
    void aTopicThatIsNamedAndMayNotBeSeenIsAGap() {
        try (Admin clerk = Admin.create(kafka.clientProperties("SASL", "clerk", "clerk-password"))) {
            ClusterState state =
                    ClusterState.read(clerk, soon(), Set.of(Part.CONFIGS, Part.OFFSETS), List.of(ORDERS, SECRETS));

            assertThat(state.topics()).containsOnlyKeys(ORDERS);
            assertThat(state.gaps()).anySatisfy(gap -> {
                assertThat(gap.part()).isEqualTo(Part.TOPICS);
                assertThat(gap.resources()).containsExactly("topic secrets");
            });
            assertThatThrownBy(() -> state.requireWhole(Part.TOPICS)).hasMessageContaining("topic secrets");
            assertThatThrownBy(state::groups).hasMessageContaining("Part.GROUPS");
        }
    }

    @Test
    void noRightsAtAllStillGiveTheBrokers() {
        try (Admin nobody = Admin.create(kafka.clientProperties("SASL", "nobody", "nobody-password"))) {
            ClusterState state = ClusterState.read(nobody, soon());

            assertThat(state.brokers()).hasSize(3);
            assertThat(state.topics()).isEmpty();
            assertThat(state.groups()).isEmpty();
            assertThat(state.gaps()).isNotEmpty();
        }
    }

    /** One who may see that all groups are there, but read only some. */
    @Test
    void aGroupThatMayNotBeReadIsNotAGroupWithoutOffsets() throws Exception {
        admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL),
                        new AccessControlEntry("User:nobody", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))))
                .all()
                .get();
        try (Admin nobody = Admin.create(kafka.clientProperties("SASL", "nobody", "nobody-password"))) {
            ClusterState state = await().until(
                            () -> ClusterState.read(nobody, soon(), Set.of(Part.GROUPS)),
                            read -> read.groups().containsKey("billing"));

            GroupState billing = state.groups().get("billing");
            assertThat(billing.members()).isEmpty();
            assertThatThrownBy(billing::offsets)
                    .isInstanceOf(NotReadException.class)
                    .hasMessageContaining("group billing");
            assertThat(state.gaps())
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.resources()).contains("group billing", "group hidden"));
        } finally {
            admin.deleteAcls(List.of(new org.apache.kafka.common.acl.AclBindingFilter(
                            new org.apache.kafka.common.resource.ResourcePatternFilter(
                                    ResourceType.CLUSTER, null, PatternType.ANY),
                            org.apache.kafka.common.acl.AccessControlEntryFilter.ANY)))
                    .all()
                    .get();
        }
    }

    @Test
    void groupsOfAllTypesHaveMembersOffsetsAndLag() throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, "share-group"),
                        List.of(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), OpType.SET))))
                .all()
                .get();
        try (KafkaConsumer<byte[], byte[]> classic = consumer("classic-group", "classic");
                KafkaConsumer<byte[], byte[]> modern = consumer("consumer-group", "consumer")) {
            read(classic);
            read(modern);
            classic.commitSync();
            modern.commitSync();
            try (KafkaShareConsumer<byte[], byte[]> share = share();
                    KafkaStreams streams = streams()) {
                share.subscribe(List.of("orders"));
                streams.start();

                ClusterState[] last = new ClusterState[1];
                await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                    share.poll(Duration.ofMillis(200));
                    share.commitSync();
                    classic.poll(Duration.ofMillis(10));
                    modern.poll(Duration.ofMillis(10));
                    ClusterState now = ClusterState.read(admin, soon(), EnumSet.of(Part.GROUPS, Part.OFFSETS));
                    assertActive(now, "classic-group", "Classic");
                    assertActive(now, "consumer-group", "Consumer");
                    assertActive(now, "share-group", "Share");
                    assertActive(now, "streams-group", "Streams");
                    last[0] = now;
                });
                ClusterState state = last[0];

                assertThat(state.gaps()).isEmpty();
                for (String id : List.of("classic-group", "consumer-group")) {
                    assertThat(state.groups().get(id).lags()).as(id).containsEntry(new TopicPartition("orders", 0), 0L);
                }
                assertThat(ClusterState.fromJson(state.toJson())).isEqualTo(state);
            }
        }
    }

    private static void assertActive(ClusterState state, String id, String type) {
        GroupState group = state.groups().get(id);
        assertThat(group).as(id).isNotNull();
        assertThat(group.type()).isEqualTo(type);
        assertThat(group.isActive()).as("%s", group).isTrue();
        assertThat(group.members()).as("%s", group).isEqualTo(OptionalInt.of(1));
        assertThat(group.offsets()).as("%s", group).containsKey(new TopicPartition("orders", 0));
        assertThat(group.lags()).as("%s", group).containsKey(new TopicPartition("orders", 0));
    }

    private static void read(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of("orders"));
        int[] seen = new int[1];
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            seen[0] += consumer.poll(Duration.ofMillis(100)).count();
            return seen[0] >= RECORDS;
        });
    }

    private static KafkaShareConsumer<byte[], byte[]> share() {
        return new KafkaShareConsumer<>(
                trusted(Map.of("group.id", "share-group")), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaStreams streams() {
        StreamsBuilder topology = new StreamsBuilder();
        topology.stream("orders").foreach((key, value) -> {});
        Properties properties = new Properties();
        properties.putAll(trusted(Map.of(
                "application.id",
                "streams-group",
                "group.protocol",
                "streams",
                "commit.interval.ms",
                "100",
                "auto.offset.reset",
                "earliest",
                "default.key.serde",
                Serdes.ByteArraySerde.class.getName(),
                "default.value.serde",
                Serdes.ByteArraySerde.class.getName())));
        properties.put(
                "state.dir",
                kafka.brokers().get(0).dataDirectory().resolveSibling("streams").toString());
        return new KafkaStreams(topology.build(), properties);
    }
}
