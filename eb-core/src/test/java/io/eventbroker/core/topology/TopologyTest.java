package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.kind.InvalidValueException;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.topology.Listener.Authentication;
import io.eventbroker.core.topology.Listener.Exposure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that cannot exist invalid, also when no file is involved. */
class TopologyTest {
    private static final Image IMAGE = new Image("apache/kafka:4.3.1", Optional.empty());
    private static final Resources RESOURCES = new Resources(amount(1), amount(2));
    private static final Jvm JVM =
            new Jvm(new Jvm.Heap(DataSize.ofMebibytes(512), DataSize.ofMebibytes(512)), List.of());
    private static final Storage STORAGE = new Storage(
            new Storage.Volume(DataSize.ofGibibytes(10), Optional.empty(), Optional.empty()), Optional.empty());
    private static final Listener INTERNAL =
            new Listener("internal", 9092, Exposure.INTERNAL, true, Authentication.MTLS);

    @Test
    void knowsTheNamesOfItsBrokers() {
        KafkaBrokers brokers = brokers(3, Map.of());

        assertThat(brokers.hostNames(BrokerId.of(2)))
                .containsExactly(
                        "kafka-2",
                        "kafka-2.kafka",
                        "kafka-2.kafka.event-broker",
                        "kafka-2.kafka.event-broker.svc",
                        "kafka-2.kafka.event-broker.svc.cluster.local",
                        "kafka",
                        "kafka.event-broker",
                        "kafka.event-broker.svc",
                        "kafka.event-broker.svc.cluster.local");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> brokers.hostNames(BrokerId.of(3)))
                .withMessage("kafka has the replicas 0 to 2, not 3");
    }

    @Test
    void spreadsBrokersEvenlyOverZones() {
        Topology topology = topology(brokers(7, Map.of()), Distribution.Apache::new, "4.3.1");

        assertThat(topology.brokers().brokerIds().stream().map(topology::zoneOf).map(Zone::value))
                .containsExactly("a", "b", "c", "a", "b", "c", "a");
    }

    @Test
    void namesEveryFaultOfABrokerAtOnce() {
        assertThatThrownBy(() -> brokers(
                        2, Map.of("default.replication.factor", "3", "min.insync.replicas", "x", "node.id", "1")))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        e -> assertThat(e.violations())
                                .extracting(Violation::component)
                                .containsExactlyInAnyOrder(
                                        "replicas", "config[min.insync.replicas]", "config[node.id]"));
    }

    @ParameterizedTest
    @CsvSource({
        "MTLS, false, mtls needs TLS",
        "PLAIN, false, would send its secret unencrypted",
        "OAUTHBEARER, false, would send its secret unencrypted"
    })
    void refusesAuthenticationThatNeedsTls(Authentication authentication, boolean tls, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Listener("internal", 9092, Exposure.INTERNAL, tls, authentication))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, false, PLAINTEXT",
        "NONE, true, SSL",
        "MTLS, true, SSL",
        "SCRAM_SHA_512, false, SASL_PLAINTEXT",
        "PLAIN, true, SASL_SSL"
    })
    void knowsKafkasSecurityProtocol(Authentication authentication, boolean tls, String protocol) {
        assertThat(new Listener("x", 9092, Exposure.INTERNAL, tls, authentication).securityProtocol())
                .isEqualTo(protocol);
    }

    @ParameterizedTest
    @CsvSource({"7.3.1, 3.3.0", "7.9.2, 3.9.0", "8.0.0, 4.0.0"})
    void knowsWhichKafkaIsInConfluentPlatform(String confluent, String kafka) {
        assertThat(new Distribution.Confluent(Version.parse(confluent)).kafka()).hasToString(kafka);
    }

    @Test
    void refusesReleasesBeforeKraftWasReady() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution.Apache(Version.parse("3.2.0")))
                .withMessageContaining("version: Apache Kafka 3.2.0 is not supported; use 3.3 or later");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution.Confluent(Version.parse("7.2.9")))
                .withMessageContaining("version: Confluent Platform 7.2.9 is not supported; use 7.3 or later");
    }

    @Test
    void refusesControllersBeforeKraftWasReady() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology(brokers(3, Map.of()), Distribution.Confluent::new, "7.3.1"))
                .withMessageContaining(
                        "controllers: Confluent Platform 7.3.1 does not run KRaft in production (7.4.0 is the"
                                + " first that does); use a later version, or describe 'zooKeeper'");
    }

    @Test
    void refusesControllersWithTheIdsOfBrokers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology(brokers(3, Map.of()), controllers(3, 2), "4.3.1"))
                .withMessageContaining("controllers.firstId: the ids 2 to 4 overlap with those of the brokers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controllers(4, 9990))
                .withMessageContaining(
                        "replicas: an even number of 4 survives no more failures than 3; use an odd number");
    }

    @Test
    void refusesAHeapThatFillsTheMemoryLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RestProxy(
                        "rest",
                        workload(
                                1,
                                new Jvm(new Jvm.Heap(DataSize.ofGibibytes(2), DataSize.ofGibibytes(2)), List.of()),
                                Map.of()),
                        List.of(),
                        Optional.empty()))
                .withMessageContaining("jvm.heap.max: a heap of 2Gi leaves nothing of the memory limit of 2Gi");
    }

    @Test
    void writesTheHeapAsTheJvmReadsIt() {
        Jvm jvm = new Jvm(new Jvm.Heap(DataSize.ofMebibytes(1536), DataSize.ofGibibytes(8)), List.of("-XX:+UseG1GC"));

        assertThat(jvm.arguments()).containsExactly("-Xms1536m", "-Xmx8g", "-XX:+UseG1GC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Jvm(jvm.heap(), List.of("-Xmx9g")))
                .withMessageContaining("says the heap a second time");
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "500m, 500m", "1.5, 1500m", "2000m, 2", "0.25, 250m"})
    void readsProcessorTime(String written, String printed) {
        assertThat(Cpu.parse(written)).hasToString(printed);
    }

    private static Resources.Amount amount(int gibibytes) {
        return new Resources.Amount(Cpu.cores(gibibytes), DataSize.ofGibibytes(gibibytes));
    }

    private static Workload workload(int replicas, Jvm jvm, Map<String, String> config) {
        return new Workload(
                "event-broker",
                replicas,
                Optional.empty(),
                IMAGE,
                RESOURCES,
                jvm,
                Optional.of(STORAGE),
                List.of(),
                new TreeMap<>(config));
    }

    private static KafkaBrokers brokers(int replicas, Map<String, String> config) {
        return new KafkaBrokers("kafka", workload(replicas, JVM, config), 0, List.of(INTERNAL));
    }

    private static KRaftControllers controllers(int replicas, int firstId) {
        return new KRaftControllers(
                "kafka-controller",
                workload(replicas, JVM, Map.of()),
                firstId,
                new Listener("controller", 9074, Exposure.INTERNAL, true, Authentication.MTLS));
    }

    private static Topology topology(
            KafkaBrokers brokers, Function<Version, Distribution> distribution, String version) {
        return topology(brokers, controllers(3, 9990), distribution.apply(Version.parse(version)));
    }

    private static Topology topology(KafkaBrokers brokers, KRaftControllers controllers, String version) {
        return topology(brokers, controllers, new Distribution.Apache(Version.parse(version)));
    }

    private static Topology topology(KafkaBrokers brokers, KRaftControllers controllers, Distribution distribution) {
        return new Topology(
                "kafka",
                new TreeMap<>(),
                "development",
                "event-broker",
                distribution,
                List.of(new Zone("a"), new Zone("b"), new Zone("c")),
                new Security(Security.Authorization.ACL, Set.of(), Set.of(), "1.3", new TreeMap<>()),
                new Network(Optional.empty(), Network.Access.LOAD_BALANCER, Optional.empty(), List.of()),
                new Monitoring(Optional.empty(), false, Set.of()),
                brokers,
                Optional.of(controllers),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
