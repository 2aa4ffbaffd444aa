package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.config.ConfigDifference.Kind;
import io.eventbroker.core.config.LiveConfig.Origin;
import io.eventbroker.core.config.LiveConfig.Value;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Version;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDriftTest {
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @TempDir
    Path folder;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(3).start();
        admin = kafka.admin();
        admin.createTopics(List.of(
                        new NewTopic("as-described", 1, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact,delete", "retention.ms", "3600000")),
                        new NewTopic("drifted", 1, (short) 1)
                                .configs(Map.of("retention.ms", "7200000", "segment.ms", "600000"))))
                .all()
                .get();
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(
                broker(""), List.of(set("num.replica.fetchers", "2"), set("log.cleaner.backoff.ms", "20000")),
                broker("1"), List.of(set("num.io.threads", "4"), set("log.retention.ms", "1000000")));
        admin.incrementalAlterConfigs(changes).all().get();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            LiveConfig live = LiveConfig.read(admin, soon());
            assertThat(live.brokers().get(BrokerId.of(1)).get("num.io.threads").text())
                    .isEqualTo("4");
            live.brokers()
                    .values()
                    .forEach(values -> assertThat(
                                    values.get("log.cleaner.backoff.ms").text())
                            .isEqualTo("20000"));
        });
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static ConfigResource broker(String id) {
        return new ConfigResource(ConfigResource.Type.BROKER, id);
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), OpType.SET);
    }

    private ClusterConfig described(String brokers) throws Exception {
        Files.copy(Path.of("src/test/resources/spec/small.yaml"), folder.resolve("kafka.yaml"));
        Files.writeString(folder.resolve("layers.yaml"), """
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: cluster}
                spec:
                  cluster: kafka-test
                  brokers: %s
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: topics}
                spec:
                  cluster: kafka-test
                  topics:
                    - {name: as-described, configs: {cleanup.policy: 'delete, compact', retention.ms: ' 3600000'}}
                    - {name: drifted, configs: {retention.ms: 3600000}}
                    - {name: gone}
                """.formatted(brokers));
        Platform platform = Specs.standard().read(folder);
        return ClusterConfig.of(platform, "kafka-test");
    }

    private static List<String> lines(ConfigDrift drift, Path folder) {
        List<String> lines = new ArrayList<>();
        drift.differences().forEach(one -> lines.add(one.toString().replace(folder + "/", "")));
        return lines;
    }

    @Test
    void tellsHowEveryDifferenceOfABrokerIsChanged() throws Exception {
        // Given
        ClusterConfig config =
                described("{num.replica.fetchers: '2 ', log.cleaner.backoff.ms: 16000, num.io.threads: 8,"
                        + " queued.max.requests: 600, ssl.keystore.password: '${secret:tls/key}'}");
        Set<String> keys = Set.of(
                "num.replica.fetchers",
                "log.cleaner.backoff.ms",
                "num.io.threads",
                "queued.max.requests",
                "log.retention.ms",
                "ssl.keystore.password");

        // When
        ConfigDrift drift = ConfigDrift.ofBrokers(config, LiveConfig.read(admin, soon()), keys::contains);

        // Then
        assertThat(lines(drift, folder).stream().filter(line -> line.startsWith("broker 1 ")))
                .containsExactly(
                        "broker 1 log.cleaner.backoff.ms: 20000, should be 16000 ← layers.yaml:6, cluster (over 15000 ← Kafka 4.3"
                                + " default); changes cluster-wide",
                        "broker 1 log.retention.ms: 1000000 is set dynamically and in no file; without it nothing is"
                                + " set; changes per broker",
                        "broker 1 num.io.threads: 4 is set dynamically per broker, over what is set cluster-wide;"
                                + " should be 8 ← layers.yaml:6, cluster (over 8 ← Kafka 4.3 default); remove it there,"
                                + " then set it cluster-wide if it still differs; changes per broker",
                        "broker 1 queued.max.requests: 500, should be 600 ← layers.yaml:6, cluster (over 500 ← Kafka"
                                + " 4.3 default); changes with a restart");
        assertThat(drift.restarts()).containsExactly(BrokerId.of(0), BrokerId.of(1), BrokerId.of(2));
        assertThat(drift.notes())
                .containsExactly("not compared, because their values are secrets or references: ssl.keystore.password");
    }

    @Test
    void findsNothingWhereTheClusterIsAsDescribed() throws Exception {
        // Given
        ClusterConfig config = described("{num.replica.fetchers: 2, log.cleaner.backoff.ms: 20000}");
        LiveConfig live = LiveConfig.read(admin, soon());
        Set<String> keys = Set.of("num.replica.fetchers", "log.cleaner.backoff.ms");

        // Then
        ConfigDrift drift = ConfigDrift.ofBrokers(config, live, keys::contains);
        assertThat(drift.isEmpty()).as(drift.toString()).isTrue();
        assertThat(drift.restarts()).isEmpty();
    }

    @Test
    void namesWhatIsOnlyInTheBrokersOwnFileAndLeavesOutWhatTheModelSays() throws Exception {
        ConfigDrift drift = ConfigDrift.ofBrokers(described("{}"), LiveConfig.read(admin, soon()));
        assertThat(drift.differences())
                .anyMatch(one -> one.kind() == Kind.UNDESCRIBED)
                .noneMatch(one -> one.key().equals("node.id") || one.key().equals("listeners"))
                .noneMatch(one ->
                        one.kind() == Kind.CHANGED && one.wanted().orElseThrow().layer() == Layer.KAFKA);
    }

    @Test
    void comparesTopicsByWhatTheirValuesMean() throws Exception {
        // When
        ConfigDrift drift =
                ConfigDrift.ofTopics(described("{}"), ClusterState.read(admin, soon(), Set.of(Part.CONFIGS)));

        // Then
        assertThat(drift.differences())
                .filteredOn(one -> one.topic().equals(Optional.of(TopicName.of("drifted")))
                        && one.key().endsWith(".ms"))
                .map(one -> one.toString().replace(folder + "/", ""))
                .containsExactly(
                        "topic drifted retention.ms: 7200000, should be 3600000 ← layers.yaml:15, topic (over 604800000 ←"
                                + " Kafka 4.3 default); changes per topic",
                        "topic drifted segment.ms: 600000 is set dynamically and in no file; without it 604800000 ←"
                                + " Kafka 4.3 default; changes per topic");
        assertThat(drift.differences())
                .filteredOn(one -> one.topic().equals(Optional.of(TopicName.of("as-described"))))
                .extracting(ConfigDifference::key)
                .doesNotContain("cleanup.policy", "retention.ms");
    }

    /** A cluster-wide change would do nothing where a broker's own value wins, and too much where one broker differs. */
    @Test
    void doesNotChangeForAllBrokersWhatIsDifferentOnOne() throws Exception {
        // Given
        ClusterConfig config = described("""
                {num.io.threads: 2}
                ---
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: single}
                spec:
                  cluster: kafka-test
                  brokerIds: [2]
                  brokers: {background.threads: 5}""");
        LiveConfig live = live(Map.of(
                0, Map.of("num.io.threads", new Value("3", Origin.CLUSTER, false, false, Optional.of("3"))),
                1, Map.of("num.io.threads", new Value("3", Origin.BROKER, false, false, Optional.of("2"))),
                2,
                        Map.of(
                                "num.io.threads", new Value("2", Origin.BROKER, false, false, Optional.of("3")),
                                "background.threads", new Value("4", Origin.BROKER, false, false, Optional.empty()))));

        // When
        ConfigDrift drift =
                ConfigDrift.ofBrokers(config, live, Set.of("num.io.threads", "background.threads")::contains);

        // Then
        assertThat(drift.differences())
                .extracting(one -> one.broker().orElseThrow() + " " + one.key() + " " + one.kind() + " "
                        + one.updateMode().name())
                .containsExactly(
                        "0 num.io.threads CHANGED CLUSTER_WIDE",
                        "1 num.io.threads OVERRIDDEN PER_BROKER",
                        "2 background.threads CHANGED PER_BROKER");
    }

    private static LiveConfig live(Map<Integer, Map<String, Value>> brokers) {
        TreeMap<BrokerId, java.util.SortedMap<String, Value>> values = new TreeMap<>();
        brokers.forEach((id, own) -> values.put(BrokerId.of(id), new TreeMap<>(own)));
        return new LiveConfig(values);
    }

    @Test
    void whatMakesNoDifferenceNeedsNoRestart() throws Exception {
        // Given
        Value asByDefault = new Value("3", Origin.FILE, false, true, Optional.empty());
        Value other = new Value("600", Origin.FILE, false, true, Optional.empty());
        Map<String, Value> both = Map.of("offsets.topic.replication.factor", asByDefault, "queued.max.requests", other);
        LiveConfig live = live(Map.of(0, both, 1, both, 2, Map.of("offsets.topic.replication.factor", asByDefault)));

        // When
        ConfigDrift drift = ConfigDrift.ofBrokers(
                described("{}"), live, Set.of("offsets.topic.replication.factor", "queued.max.requests")::contains);

        // Then
        assertThat(drift.restarts()).containsExactly(BrokerId.of(0), BrokerId.of(1));
        assertThat(drift.toString())
                .isEqualTo(
                        "brokers 0, 1 queued.max.requests: 600 is in the broker's own file and in none that was read;"
                                + " without it 500 ← Kafka 4.3 default; changes with a restart\n"
                                + "note: no difference, because they are in no file but are what holds without them: 3 values of"
                                + " offsets.topic.replication.factor\n");
    }

    @Test
    void whatTopicsInheritIsTheDriftOfTheBrokers() throws Exception {
        // Given
        ClusterConfig config = described("{log.segment.bytes: 500000000, log.roll.ms: 700000, log.retention.ms: 5000}\n"
                + "  topics: {max.message.bytes: 5000}");

        // When
        ConfigDrift drift = ConfigDrift.ofTopics(config, ClusterState.read(admin, soon(), Set.of(Part.CONFIGS)));

        // Then
        assertThat(drift.differences())
                .extracting(one -> one.topic().orElseThrow() + " " + one.key() + " " + one.kind() + " "
                        + one.wanted().orElseThrow().value())
                .containsExactly(
                        "as-described max.message.bytes CHANGED 5000",
                        "drifted max.message.bytes CHANGED 5000",
                        "drifted retention.ms CHANGED 3600000",
                        "drifted segment.ms STRAY 700000");
        assertThat(drift.notes()).contains("described, but not on the cluster or not read: gone, orders.order.placed");
    }

    @Test
    void liveValuesAreALayerOverTheFiles() throws Exception {
        EffectiveConfig now = described("{num.io.threads: 9}")
                .broker(BrokerId.of(1))
                .overriddenBy(LiveConfig.read(admin, soon()).dynamic(BrokerId.of(1)));
        assertThat(now.explain("num.io.threads").replace(folder + "/", ""))
                .isEqualTo("4 ← dynamic, for broker 1 (over 9 ← layers.yaml:6, cluster; over 8 ← Kafka 4.3 default)");
        assertThat(now.explain("num.replica.fetchers"))
                .isEqualTo("2 ← dynamic, for all brokers (over 1 ← Kafka 4.3 default)");
    }

    @Test
    void everyLiveDefaultIsTheCataloguedOne() {
        // Given
        ConfigCatalogue catalogue = ConfigCatalogue.of(Version.of(4, 3));
        LiveConfig live = LiveConfig.read(admin, soon());

        // Then
        live.brokers()
                .values()
                .forEach(values -> values.forEach((key, value) -> {
                    if (value.origin() == Origin.DEFAULT && value.text() != null) {
                        catalogue
                                .find(ConfigScope.BROKER, key)
                                .flatMap(ConfigKey::defaultValue)
                                .ifPresent(
                                        text -> assertThat(value.text()).as(key).isEqualTo(text));
                    }
                    catalogue
                            .find(ConfigScope.BROKER, key)
                            .ifPresent(known -> assertThat(value.readOnly())
                                    .as(key)
                                    .isEqualTo(known.updateMode() == UpdateMode.READ_ONLY));
                }));
    }

    @Test
    void refusesAStateWithoutConfigurations() throws Exception {
        ClusterConfig config = described("{}");
        ClusterState state = ClusterState.read(admin, soon(), Set.of());
        assertThatThrownBy(() -> ConfigDrift.ofTopics(config, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read it with Part.CONFIGS");
    }

    @Test
    void saysWhichBrokersWereNotComparedAndShowsNoSecret() throws Exception {
        // Given
        Value secret = new Value("open sesame", Origin.BROKER, true, false, Optional.empty());
        LiveConfig live = new LiveConfig(new TreeMap<>(Map.of(
                BrokerId.of(0), new TreeMap<>(Map.of("ssl.key.password", secret)),
                BrokerId.of(9), new TreeMap<>())));

        // When
        ConfigDrift drift = ConfigDrift.ofBrokers(described("{}"), live, "ssl.key.password"::equals);

        // Then
        assertThat(drift.toString())
                .isEqualTo(
                        "broker 0 ssl.key.password: [hidden] is set dynamically and in no file; without it nothing is"
                                + " set; changes per broker\n"
                                + "note: broker 9 is in no file and was not compared\n"
                                + "note: broker 1 is not alive and was not compared\n"
                                + "note: broker 2 is not alive and was not compared\n");
        assertThat(live.toString() + live.dynamic(BrokerId.of(0))).doesNotContain("sesame");
    }
}
