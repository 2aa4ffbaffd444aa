package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.config.ConfigDrift;
import io.eventbroker.core.config.LiveConfig;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.SaslMechanism;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running cluster of three racks becomes a topology that it does not differ from. */
class LiveAdoptionTest {
    private static final String ASSUMED = """
            metadata: {name: kafka-live}
            spec:
              environment: development
              distribution: {type: apache, version: 4.3.1}
              brokers:
                image: {application: apache/kafka:4.3.1}
                resources:
                  requests: {cpu: 1, memory: 2Gi}
                  limits: {cpu: 2, memory: 4Gi}
                jvm: {heap: {min: 1Gi, max: 1Gi}}
              controllers:
                image: {application: apache/kafka:4.3.1}
                resources:
                  requests: {cpu: 1, memory: 2Gi}
                  limits: {cpu: 2, memory: 4Gi}
                jvm: {heap: {min: 1Gi, max: 1Gi}}
                storage: {data: {size: 10Gi}}
            """;

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        LiveTls tls = LiveTls.in(folder);
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .separateControllers(3)
                .racks("az-a", "az-b", "az-c")
                .listener(KafkaListener.plaintext("PLAINTEXT"))
                .listener(KafkaListener.mutualTls("SECURE", tls::files))
                .listener(KafkaListener.saslSsl("CLIENTS", SaslMechanism.SCRAM_SHA_512, tls::files))
                .user("alice", "planted-alice")
                .property("num.io.threads", "5")
                .property("default.replication.factor", "3")
                .property("min.insync.replicas", "2")
                .property(2, "num.network.threads", "4")
                .start();
        admin = kafka.admin();
        ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
        ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, "1");
        admin.incrementalAlterConfigs(Map.of(
                        all, List.of(set("log.retention.ms", "3600000")),
                        one, List.of(set("background.threads", "4"))))
                .all()
                .get();
        admin.createTopics(List.of(
                        new NewTopic("orders.order.placed", 6, (short) 3).configs(Map.of("retention.ms", "1000000")),
                        new NewTopic("orders.order.paid", 1, (short) 1)))
                .all()
                .get();
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static Adoption live() {
        return Adoption.of(admin, soon()).assuming(Sources.parse("assumed.yaml", ASSUMED));
    }

    @Test
    void becomesATopologyThatItDoesNotDifferFrom() {
        // Given
        Adopted adopted = live().adopt();

        // When
        Platform platform = Specs.standard().parse("adopted.yaml", adopted.toYaml());
        ConfigDrift drift = ConfigDrift.ofBrokers(platform.config("kafka-live"), LiveConfig.read(admin, soon()));

        // Then
        assertThat(platform.topology("kafka-live")).isEqualTo(adopted.topology());
        assertThat(drift.differences()).isEmpty();
        assertThat(platform.config("kafka-live").broker(BrokerId.of(2)).explain("num.network.threads"))
                .startsWith("4 ");
        assertThat(platform.config("kafka-live").broker(BrokerId.of(1)).explain("background.threads"))
                .startsWith("4 ");
        assertThat(adopted.topology().brokers().config())
                .containsEntry("num.io.threads", "5")
                .containsEntry("log.retention.ms", "3600000")
                .containsEntry("background.threads", "2")
                .doesNotContainKeys("listeners", "node.id");
    }

    @Test
    void tellsBrokersZonesListenersAndControllers() {
        // When
        Topology topology = live().adopt().topology();

        // Then
        assertThat(topology.brokers().brokerIds()).extracting(BrokerId::value).containsExactly(0, 1, 2);
        assertThat(topology.zones()).hasToString("[az-a, az-b, az-c]");
        assertThat(topology.zoneOf(BrokerId.of(1))).hasToString("az-b");
        assertThat(topology.brokers().listeners())
                .extracting(Listener::name, Listener::securityProtocol, Listener::authentication)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("plaintext", "PLAINTEXT", Listener.Authentication.NONE),
                        org.assertj.core.groups.Tuple.tuple("secure", "SSL", Listener.Authentication.MTLS),
                        org.assertj.core.groups.Tuple.tuple(
                                "clients", "SASL_SSL", Listener.Authentication.SCRAM_SHA_512));
        assertThat(topology.controllers().orElseThrow().nodeIds())
                .extracting(BrokerId::value)
                .containsExactly(1000, 1001, 1002);
        assertThat(topology.controllers().orElseThrow().listener().tls()).isFalse();
        assertThat(topology.brokers().storage().data().size().bytes()).isPositive();
    }

    @Test
    void listsWhatKafkaDoesNotTellAndNoSecret() {
        // When
        Adopted adopted = live().adopt();

        // Then
        assertThat(adopted.toString())
                .contains(
                        "spec.brokers.image: assumed",
                        "spec.brokers.storage.data.size: assumed",
                        "brokers listen at different ports",
                        "brokers do not tell the properties of controllers",
                        "clusterId: left out")
                .doesNotContain("planted");
        assertThat(adopted.toYaml()).doesNotContain("planted").contains("${secret:");
        assertThat(adopted.notCarried())
                .allSatisfy(
                        entry -> assertThat(entry.at().source()).isIn("cluster " + kafka.clusterId(), "assumed.yaml"));
    }

    @Test
    void takesItsTopics() {
        // When
        Adopted adopted = Adoption.withTopicsOf(admin, soon())
                .assuming(Sources.parse("assumed.yaml", ASSUMED))
                .adopt();

        // Then
        TopicSet topics = adopted.topics().orElseThrow();
        assertThat(topics.cluster()).contains("kafka-live");
        assertThat(topics.wanted().get(TopicName.of("orders.order.placed"))).satisfies(topic -> {
            assertThat(topic.partitions()).isEqualTo(Optional.of(6));
            assertThat(topic.replicationFactor()).isEqualTo(Optional.of(3));
            assertThat(topic.configs()).containsEntry("retention.ms", "1000000");
        });
        assertThat(Specs.standard()
                        .parse("adopted.yaml", adopted.toYaml())
                        .one(io.eventbroker.core.topic.TopicSets.KIND, "kafka-live"))
                .isEqualTo(topics);
    }

    @Test
    void saysWhatMustBeAssumed() {
        // Given
        Adoption adoption = Adoption.of(admin, soon())
                .environment("development")
                .distribution(new Distribution.Apache(Version.of(4, 3)));

        // Then
        assertThatThrownBy(adoption::adopt)
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContainingAll(
                        "metadata.name", "spec.brokers.image.application", "spec.controllers: {image: {application:")
                .hasMessageNotContaining("spec.zones");
    }

    @Test
    void givesUpWhenTheDeadlineHasPassed() {
        assertThatThrownBy(() -> Adoption.of(admin, Deadline.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceededException.class);
    }
}
