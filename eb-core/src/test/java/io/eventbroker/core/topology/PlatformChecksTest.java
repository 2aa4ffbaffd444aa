package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found between the parts of a platform, with place and remedy. The sample is two clusters in two regions. */
class PlatformChecksTest {
    private static final Path SAMPLE = Path.of("src/test/resources/topology/production.yaml");

    @Test
    void readsThePlatformOfTwoRegionsWithoutAWord() {
        // When
        Platform platform = Specs.standard().read(SAMPLE);

        // Then
        Topology prod = platform.topology("kafka-prod");
        MultiRegion regions = platform.one(MultiRegions.KIND, "event-platform");
        assertThat(platform.warnings()).isEmpty();
        assertThat(prod.componentsByKey().keySet())
                .containsExactly(
                        "controllers", "brokers", "schemaRegistry", "restProxy", "connect", "ksqlDb", "controlCenter");
        assertThat(prod.controlCenter().map(prod::versionOf)).contains(Version.of(2, 2));
        assertThat(prod.versionOf(prod.brokers())).hasToString("7.9.2");
        assertThat(prod.restProxy().map(prod::zonesOf)).contains(List.of(new Zone("az-a"), new Zone("az-b")));
        assertThat(prod.connect().map(Component::listeners))
                .contains(List.of(
                        new Listener("https", 8083, Listener.Exposure.INTERNAL, true, Listener.Authentication.NONE)));
        assertThat(regions.actives()).containsExactly("kafka-prod");
        assertThat(regions.standbys()).containsExactly("kafka-standby");
    }

    @Test
    void knowsWhatEachComponentNeedsAndOverWhichListener() {
        Topology prod = Specs.standard().read(SAMPLE).topology("kafka-prod");

        assertThat(prod.dependencies())
                .extracting(needed -> needed.from().key() + " → " + needed.to().key() + " over "
                        + needed.over().map(Listener::name).orElse("nothing"))
                .contains(
                        "brokers → controllers over controller",
                        "restProxy → brokers over internal",
                        "connect → schemaRegistry over https",
                        "controlCenter → ksqlDb over https")
                .doesNotHaveDuplicates();
    }

    @Test
    void namesBrokersForClientsOutside() {
        Topology prod = Specs.standard().read(SAMPLE).topology("kafka-prod");
        Listener external = prod.brokers().listener("external").orElseThrow();

        assertThat(prod.externalBootstrapName(external)).contains("external.kafka.example.com");
        assertThat(prod.externalName(external, prod.brokers().brokerIds().get(4)))
                .contains("external-4.kafka.example.com");
        assertThat(prod.externalBootstrapName(prod.brokers().listeners().get(0)))
                .isEmpty();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "zones: [az-a, az-b]\n",
                        "zones: [az-a, az-x]\n",
                        "spec.restProxy.zones[1]: 'az-x' is not among the zones of the topology: [az-a, az-b, az-c];"
                                + " choose one of them, or add it there"),
                Arguments.of(
                        "  ksqlDb:\n",
                        "  ksqlDb:\n    brokerListener: inside\n",
                        "spec.ksqlDb.brokerListener: the brokers have no listener 'inside'; there are internal, external;"
                                + " name one of them"),
                Arguments.of(
                        "access: private-link",
                        "access: internal-only",
                        "spec.brokers.listeners[1].exposure: the listener 'external' is external, but network.access is"
                                + " internal-only; make it internal, or choose another access"),
                Arguments.of(
                        "to: [restProxy]",
                        "to: [mirrorMaker]",
                        "spec.network.gateways[0].to: there is no service 'mirrorMaker'; there are schemaRegistry,"
                                + " restProxy, connect, ksqlDb, controlCenter; name one of them, or describe it"),
                Arguments.of(
                        "protocols: [ssl, sasl-ssl]",
                        "protocols: [ssl]",
                        "spec.brokers.listeners[1]: the listener 'external' speaks SASL_SSL, which security.protocols does"
                                + " not allow; change its tls or authentication, or allow the protocol"),
                Arguments.of(
                        "connect: User:CN=connect",
                        "mirrorMaker: User:CN=connect",
                        "spec.security.principals.mirrorMaker: there is no component 'mirrorMaker'; there are controllers,"
                                + " brokers, schemaRegistry, restProxy, connect, ksqlDb, controlCenter; name one of them, or"
                                + " describe it"),
                Arguments.of(
                        "metrics: {every: 15s}",
                        "metrics: {port: 9093}",
                        "spec.monitoring.metrics.port: port 9093 is also that of the listener 'external' of brokers;"
                                + " choose another port"),
                Arguments.of(
                        "version: 2.2.0",
                        "version: 2.0.0",
                        // 2.0 still works with 7.9
                        ""),
                Arguments.of(
                        "authentication: oauthbearer}\n  connect:",
                        "authentication: scram-sha-512}\n  connect:",
                        "spec.restProxy.listeners[0].authentication: SCRAM is a mechanism of Kafka's own listeners, not of"
                                + " HTTP; use mtls, plain (HTTP basic authentication) or oauthbearer"),
                Arguments.of(
                        "cluster: kafka-standby}",
                        "cluster: kafka-standbi}",
                        "spec.flows[0].to: 'kafka-standby' is not a cluster of these regions; they are kafka-prod,"
                                + " kafka-standbi; name one of them, or add its region"),
                Arguments.of(
                        "to: kafka-standby,",
                        "to: kafka-prod,",
                        "spec.flows[0].to: 'kafka-prod' would copy to itself; name another cluster"),
                Arguments.of(
                        "over: {type: mirror-maker}",
                        "over: {type: mirror-maker, runsIn: kafka-prod}",
                        "spec.flows[0].over: the topology 'kafka-prod' has no MirrorMaker to copy with; add 'mirrorMaker'"
                                + " to it, or name another cluster with 'runsIn'"),
                Arguments.of(
                        "over: {type: mirror-maker}",
                        "over: {type: mirror-maker, runsIn: elsewhere}",
                        "spec.flows[0].over.runsIn: 'elsewhere' is neither end of the flow; name kafka-standby, which is"
                                + " written to, or kafka-prod"),
                Arguments.of(
                        "over: {type: mirror-maker}, topics: ['orders.*', 'payments.*']}\n",
                        "over: {type: mirror-maker}}\n    - {from: kafka-standby, to: kafka-prod, over: {type:"
                                + " cluster-link, link: back}}\n",
                        "spec.flows[1]: closes the cycle kafka-prod → kafka-standby → kafka-prod, so that no cluster"
                                + " stands by; remove a flow, or choose the mode active-active"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhereAndWhatToDo(String right, String wrong, String expected) throws IOException {
        // Given
        String text = Files.readString(SAMPLE);
        assertThat(text).contains(right);

        // When
        List<Problem> problems = problems(text.replace(right, wrong));

        // Then
        if (expected.isEmpty()) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .extracting(problem -> problem.path() + ": " + problem.message() + "; " + problem.remedy())
                    .contains(expected);
            assertThat(problems).allSatisfy(problem -> {
                assertThat(problem.location().line()).isPositive();
                assertThat(problem.remedy()).isNotBlank();
            });
        }
    }

    @Test
    void demandsThatAStandbyIsReplicated() throws IOException {
        String text = Files.readString(SAMPLE);
        String alone = text.substring(0, text.lastIndexOf("---\n"));

        assertThat(problems(alone))
                .singleElement()
                .hasToString(
                        "sample.yaml:"
                                + (1
                                        + text.substring(0, text.indexOf("environment: dr"))
                                                .lines()
                                                .count()
                                        - 1)
                                + ":16 spec.environment: the environment 'dr' is geo-replicated, but no flow copies to or from"
                                + " 'kafka-standby'; describe the flow with 'kind: MultiRegion', or choose another environment");
    }

    @Test
    void saysOfAMistypedClusterNothingThatFollowsFromItElsewhere() throws IOException {
        // Given a region whose cluster is mistyped, where the flow names the right one
        String sample = Files.readString(SAMPLE);
        String text = sample.replace("cluster: kafka-standby", "cluster: kafka-stamdby");
        assertThat(text).isNotEqualTo(sample);

        // When
        List<Problem> problems = problems(text);

        // Then
        assertThat(problems)
                .noneSatisfy(problem -> assertThat(problem.message()).contains("geo-replicated"))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains("there is no topology 'kafka-stamdby'", "did you mean 'kafka-standby'?"));
    }

    @Test
    void doesNotMissAFlowThatItCouldNotRead() throws IOException {
        String text = Files.readString(SAMPLE).replace("mode: active-passive", "mode: [active-passive]");

        assertThat(problems(text)).singleElement().extracting(Problem::path).isEqualTo("spec.mode");
    }

    @Test
    void findsTheFaultsOfOneComponentTogether() throws IOException {
        String text = Files.readString(SAMPLE)
                .replace("replicas: 12\n", "replicas: 2\n    firstId: -1\n")
                .replace("heap: {min: 12Gi, max: 12Gi}\n      options", "heap: {min: 12Gi, max: 32Gi}\n      options");

        assertThat(problems(text))
                .extracting(Problem::path)
                .contains("spec.brokers.replicas", "spec.brokers.firstId", "spec.brokers.jvm.heap.max");
    }

    @Test
    void wantsVolumesForWhatKeepsData() throws IOException {
        String text =
                Files.readString(SAMPLE).replace("    storage:\n      data: {size: 50Gi, storageClass: gp3}\n", "");

        assertThat(problems(text))
                .extracting(problem -> problem.path() + ": " + problem.message())
                .contains("spec.controllers.storage: is missing: what it holds must survive a restart");
    }

    @Test
    void knowsThatControlCenterLeftThePlatform() throws IOException {
        String text = Files.readString(SAMPLE)
                .replace("{type: confluent, version: 7.9.2}", "{type: confluent, version: 8.1.0}");

        assertThat(problems(text))
                .extracting(problem -> problem.path() + ": " + problem.message())
                .containsExactly("spec.controlCenter.version: Control Center 2.2.0 works with Confluent Platform 7.7 to"
                        + " 8.0, not 8.1.0");
        assertThat(problems(text.replace("    version: 2.2.0\n", "")))
                .extracting(problem -> problem.path() + ": " + problem.message())
                .containsExactly(
                        "spec.controlCenter.version: Confluent Platform 8.1.0 does not bring a Control Center any more");
    }

    private static List<Problem> problems(String text) {
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("sample.yaml", text));
        return refused == null ? List.of() : refused.problems().asList();
    }
}
