package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterConfigTest {
    private static final String LAYERS = """
            apiVersion: eventbroker.io/v1
            kind: ConfigLayer
            metadata: {name: everywhere}
            spec:
              brokers: {min.insync.replicas: 1, num.io.threads: 8, log.retention.hours: 24}
              topics: {compression.type: zstd}
              connect: {offset.flush.interval.ms: 5000}
            ---
            apiVersion: eventbroker.io/v1
            kind: ConfigLayer
            metadata: {name: development}
            spec:
              environment: development
              brokers:
                num.io.threads: 4
                ssl.keystore.password: '${secret:kafka-tls/keystore-password}'
            ---
            apiVersion: eventbroker.io/v1
            kind: ConfigLayer
            metadata: {name: big-machines}
            spec:
              cluster: kafka-test
              brokerIds: [1, 2]
              brokers: {num.io.threads: 16}
            ---
            apiVersion: eventbroker.io/v1
            kind: ConfigLayer
            metadata: {name: other}
            spec:
              environment: production
              brokers: {num.io.threads: 64}
            """;

    @TempDir
    Path folder;

    private Platform read(String... layers) throws IOException {
        Files.copy(Path.of("src/test/resources/spec/small.yaml"), folder.resolve("kafka.yaml"));
        for (int i = 0; i < layers.length; i++) {
            Files.writeString(folder.resolve("layers-" + i + ".yaml"), layers[i]);
        }
        return Specs.standard().read(folder);
    }

    private Problems refused(String layer) {
        InvalidSpecException refused = catchThrowableOfType(InvalidSpecException.class, () -> read(layer));
        assertThat(refused).isNotNull();
        return refused.problems();
    }

    private static String layer(String spec) {
        return "apiVersion: eventbroker.io/v1\nkind: ConfigLayer\nmetadata: {name: wrong}\nspec: " + spec + "\n";
    }

    private static String places(String explanation, Path folder) {
        return explanation.replace(folder + "/", "");
    }

    @Test
    void laysPlatformEnvironmentClusterAndBrokerOverKafkasDefaults() throws IOException {
        // When
        ClusterConfig config = ClusterConfig.of(read(LAYERS), "kafka-test");

        // Then
        assertThat(places(config.broker(BrokerId.of(1)).explain("num.io.threads"), folder))
                .isEqualTo("16 ← layers-0.yaml:24, broker (over 4 ← layers-0.yaml:15, environment;"
                        + " over 8 ← layers-0.yaml:5, platform; over 8 ← Kafka 4.3 default)");
        assertThat(places(config.broker(BrokerId.of(0)).explain("num.io.threads"), folder))
                .isEqualTo("4 ← layers-0.yaml:15, environment (over 8 ← layers-0.yaml:5, platform;"
                        + " over 8 ← Kafka 4.3 default)");
        assertThat(places(config.brokers().explain("min.insync.replicas"), folder))
                .isEqualTo("2 ← kafka.yaml:23, cluster (over 1 ← layers-0.yaml:5, platform;"
                        + " over 1 ← Kafka 4.3 default)");
        assertThat(config.brokers().explain("num.network.threads")).isEqualTo("3 ← Kafka 4.3 default");
        assertThat(config.component(ConfigTarget.CONNECT)
                        .find("offset.flush.interval.ms")
                        .map(Setting::value))
                .contains("5000");
    }

    @Test
    void showsNoDefaultOfWhatTheTopologySays() throws IOException {
        ClusterConfig config = read(LAYERS).config("kafka-test");

        assertThat(config.brokers().settings()).extracting(Setting::key).noneMatch(KafkaBrokers::isModelled);
        assertThat(config.component(ConfigTarget.CONTROLLERS).settings())
                .extracting(Setting::key)
                .noneMatch(KafkaBrokers::isModelled);
        assertThat(config.broker(BrokerId.of(1)).find("listeners")).isEmpty();
        assertThat(config.brokers().explain("log.dirs"))
                .isEqualTo(
                        "not a property here; it follows from the Topology (ids, listeners, zones, volumes, quorum)");
    }

    /** Connect and MirrorMaker have listeners too, which their own properties set. */
    @Test
    void showsThePropertiesOfOtherComponentsThatAreCalledTheSame() throws IOException {
        ClusterConfig config = read(LAYERS).config("kafka-test");

        for (ConfigTarget target : Set.of(ConfigTarget.CONNECT, ConfigTarget.MIRROR_MAKER)) {
            assertThat(config.component(target).find("listeners").map(Setting::value))
                    .as("%s", target)
                    .contains("http://:8083");
            assertThat(config.component(target).explain("listeners")).contains("Kafka 4.3 default");
            assertThat(config.component(target).explain("node.id")).isEqualTo("not set");
        }
        assertThat(config.component(ConfigTarget.CONTROLLERS).explain("node.id"))
                .isEqualTo(
                        "not a property here; it follows from the Topology (ids, listeners, zones, volumes, quorum)");
        assertThat(config.broker(BrokerId.of(1)).explain("listeners")).startsWith("not a property here");
    }

    @Test
    void checksValuesForClustersThatCannotBeRead() {
        // Given
        String cluster = """
                apiVersion: eventbroker.io/v1
                kind: Topology
                metadata: {name: kafka-prod}
                spec:
                ---
                """;

        // When
        Problems problems = refused(cluster
                + layer("{environment: production, brokers: {num.io.threads: many, ssl.key.password: hunter2}}")
                + "---\n"
                + layer("{cluster: kafka-prod, brokers: {num.io.threads: 8, log.retention.hours: x}}")
                        .replace("wrong", "other")
                + """
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: of-prod}
                spec:
                  cluster: kafka-prod
                  topics: [{name: a, configs: {retention.ms: soon}}]
                """);

        // Then
        assertThat(problems.asList())
                .extracting(Problem::path)
                .containsExactly(
                        "spec",
                        "spec.brokers[num.io.threads]",
                        "spec.brokers[ssl.key.password]",
                        "spec.brokers[log.retention.hours]",
                        "spec.topics[0].configs[retention.ms]");
        assertThat(problems.toString()).doesNotContain("hunter2");
    }

    @Test
    void controllersHaveWhatBrokersAreToldOfNewTopics() throws IOException {
        // When
        ClusterConfig config = ClusterConfig.of(
                read(layer("{cluster: kafka-test, brokers: {num.partitions: 6}, controllers: {num.partitions: 8}}")),
                "kafka-test");

        // Then
        EffectiveConfig controllers = config.component(ConfigTarget.CONTROLLERS);
        assertThat(places(controllers.explain("default.replication.factor"), folder))
                .isEqualTo("3 ← kafka.yaml:22, cluster (over 1 ← Kafka 4.3 default)");
        assertThat(places(controllers.explain("num.partitions"), folder))
                .isEqualTo(
                        "8 ← layers-0.yaml:4, cluster (over 6 ← layers-0.yaml:4, cluster; over 1 ← Kafka 4.3 default)");
        assertThat(controllers.explain("min.insync.replicas")).isEqualTo("1 ← Kafka 4.3 default");
    }

    @Test
    void sharesOneConfigurationBetweenBrokersWithoutALayerOfTheirOwn() throws IOException {
        ClusterConfig config = ClusterConfig.of(read(LAYERS), "kafka-test");
        assertThat(config.broker(BrokerId.of(0))).isSameAs(config.brokers());
        assertThatThrownBy(() -> config.broker(BrokerId.of(7)))
                .hasMessage("the cluster has the brokers [0, 1, 2], not 7");
    }

    @Test
    void explainsOfTopicsEveryLayerOfTheBrokers() throws IOException {
        // Given
        String environment = """
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: hours}
                spec: {environment: development, brokers: {log.retention.hours: 72, log.cleanup.policy: compact}}
                ---
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: minutes}
                spec: {brokers: {log.retention.minutes: 10}}
                """;

        // When
        EffectiveConfig topics =
                ClusterConfig.of(read(LAYERS, environment), "kafka-test").topics();

        // Then
        assertThat(places(topics.explain("retention.ms"), folder))
                .isEqualTo("600000 ← layers-1.yaml:9, platform, log.retention.minutes=10"
                        + " (over 259200000 ← layers-1.yaml:4, environment, log.retention.hours=72;"
                        + " over 86400000 ← layers-0.yaml:5, platform, log.retention.hours=24;"
                        + " over 604800000 ← Kafka 4.3 default)");
        assertThat(places(topics.explain("cleanup.policy"), folder))
                .startsWith("compact ← layers-1.yaml:4, environment, log.cleanup.policy=compact (over delete");
        assertThat(places(topics.explain("min.insync.replicas"), folder))
                .startsWith("2 ← kafka.yaml:23, cluster (over 1 ← layers-0.yaml:5, platform; over 1");
    }

    @Test
    void topicsInheritWhatBrokersSetInTheirOwnUnits() throws IOException {
        // Given
        String sets = """
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: payments}
                spec:
                  cluster: kafka-test
                  defaults: {configs: {compression.type: lz4}}
                  topics:
                    - {name: payments.payment.made, configs: {retention.ms: 60000}}
                    - {name: payments.payment.failed}
                """;

        // When
        ClusterConfig config = ClusterConfig.of(read(LAYERS, sets), "kafka-test");

        // Then
        assertThat(places(config.topic(TopicName.of("payments.payment.made")).explain("retention.ms"), folder))
                .isEqualTo(
                        "60000 ← layers-1.yaml:8, topic (over 86400000 ← layers-0.yaml:5, platform, log.retention.hours=24;"
                                + " over 604800000 ← Kafka 4.3 default)");
        assertThat(places(config.topic(TopicName.of("payments.payment.failed")).explain("compression.type"), folder))
                .isEqualTo("lz4 ← layers-1.yaml:6, topic (over zstd ← layers-0.yaml:6, platform;"
                        + " over producer ← Kafka 4.3 default)");
        assertThat(config.topic(TopicName.of("nobody.knows.it"))
                        .find("min.insync.replicas")
                        .map(Setting::value))
                .contains("2");
    }

    @Test
    void carriesReferencesAndNeverTheirValues() throws IOException {
        Setting password = ClusterConfig.of(read(LAYERS), "kafka-test")
                .brokers()
                .find("ssl.keystore.password")
                .orElseThrow();
        assertThat(password.sensitive()).isTrue();
        assertThat(password.reference()).contains(new ConfigReference("secret", "kafka-tls/keystore-password"));
        assertThat(password.shown()).isEqualTo("${secret:kafka-tls/keystore-password}");
    }

    @Test
    void refusesValuesThatKafkaWouldRefuse() {
        assertThat(refused(layer("{brokers: {num.io.threads: lots}}")).toString())
                .endsWith(
                        "layers-0.yaml:4:34 spec.brokers[num.io.threads]: expected a whole number from 1, found 'lots';"
                                + " write a value such as 8");
    }

    @Test
    void refusesTheSameValueOfSeveralTopicsAtEachOfThem() {
        assertThat(refused("""
                        apiVersion: eventbroker.io/v1
                        kind: TopicSet
                        metadata: {name: payments}
                        spec:
                          cluster: kafka-test
                          topics:
                            - {name: payments.payment.made, configs: {retention.ms: soon}}
                            - {name: payments.payment.due, configs: {retention.ms: 1000}}
                            - {name: payments.payment.failed, configs: {retention.ms: soon}}
                        """).asList())
                .extracting(problem -> problem.location().line() + " " + problem.path())
                .containsExactly("7 spec.topics[0].configs[retention.ms]", "9 spec.topics[2].configs[retention.ms]");
    }

    @Test
    void refusesSecretsInFilesWithoutRepeatingThem() {
        assertThat(refused(layer("{brokers: {ssl.keystore.password: open sesame}}"))
                        .toString())
                .contains("'ssl.keystore.password' is a secret and must not stand in a file; write a reference such as"
                        + " ${secret:NAME/KEY}")
                .doesNotContain("sesame");
    }

    @Test
    void refusesAKeyThatTwoDocumentsOfOneLayerSet() {
        assertThat(refused(layer("{cluster: kafka-test, brokers: {min.insync.replicas: 2}}"))
                        .toString())
                .contains("'min.insync.replicas' is already set in the same layer, at ", "kafka.yaml:23");
    }

    @Test
    void refusesLayersOfWhatIsNotThere() {
        assertThat(refused(layer("{cluster: kafka-tset, brokers: {num.io.threads: 9}}"))
                        .toString())
                .contains("there is no Topology 'kafka-tset'");
    }

    @Test
    void refusesBrokersThatTheClusterDoesNotHave() {
        assertThat(refused(layer("{cluster: kafka-test, brokerIds: [2, 3], brokers: {num.io.threads: 9}}"))
                        .toString())
                .contains("spec.brokerIds[1]: 'kafka-test' has the brokers 0 to 2, not 3");
    }

    @Test
    void refusesAnEnvironmentThatIsNotThere() {
        assertThat(refused(layer("{environment: prod, brokers: {num.io.threads: 9}}"))
                        .toString())
                .contains("unknown environment 'prod'; there are development, qa, staging, production, dr");
    }

    @Test
    void refusesWhatTheModelSaysAndLayersThatDoNotKnowWhoseTheyAre() {
        assertThat(refused(layer("{environment: qa, cluster: kafka-test, brokerIds: [1], brokers: {node.id: 7},"
                                + " topics: {retention.ms: 1}}"))
                        .toString())
                .contains("a layer is either an environment's or a cluster's")
                .contains("spec.brokers[node.id]: is set by the model")
                .contains("spec.topics: a layer of single brokers sets nothing else");
    }

    @Test
    void leavesToLintWhatKafkaWouldIgnoreAndWhatIsDeprecated() throws IOException {
        Platform platform =
                read(layer("{brokers: {num.io.thread: 9, zookeeper.set.acl: true, log.cleaner.enable: true}}"));

        assertThat(platform.warnings()).isEmpty();
        assertThat(ClusterConfig.of(platform, "kafka-test").problems()).isEmpty();
    }

    @Test
    void namesTheClustersThatThereAre() throws IOException {
        Platform platform = read(LAYERS);
        assertThatThrownBy(() -> ClusterConfig.of(platform, "kafka"))
                .isInstanceOf(EventBrokerException.class)
                .hasMessage("no Topology 'kafka' was read; there are: kafka-test");
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void layersReadBackAsTheyAreWritten(long seed) {
        // Given
        Random random = new Random(seed);
        ConfigLayer layer = new ConfigLayer(
                "layer-" + seed,
                random.nextBoolean() ? Optional.of("qa") : Optional.empty(),
                Optional.empty(),
                Set.of(),
                some(random, ConfigScope.BROKER),
                some(random, ConfigScope.CONTROLLER),
                some(random, ConfigScope.TOPIC),
                new TreeMap<>(),
                new TreeMap<>(Map.of("kafkastore.topic", "_schemas: 'of' \"all\" #1")),
                new TreeMap<>(),
                some(random, ConfigScope.CONNECT),
                new TreeMap<>(),
                new TreeMap<>(Map.of("a", "", "b", "\u2190 0x10", "c", "${secret:x/y}")),
                some(random, ConfigScope.MIRROR_MAKER));

        // When
        Platform read = Specs.standard().parse("layer.yaml", SpecWriter.write(ConfigLayers.KIND, layer));

        // Then
        assertThat(read.one(ConfigLayers.KIND, "layer-" + seed)).isEqualTo(layer);
    }

    private static SortedMap<String, String> some(Random random, ConfigScope scope) {
        SortedMap<String, String> some = new TreeMap<>();
        ConfigCatalogue.of(Version.of(4, 3)).keys(scope).values().stream()
                .filter(key -> random.nextInt(10) == 0 && !KafkaBrokers.isModelled(key.name()))
                .forEach(key -> some.put(key.name(), key.defaultValue().orElse("${env:SOMETHING}")));
        return some;
    }
}
