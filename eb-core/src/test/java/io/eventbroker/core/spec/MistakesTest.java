package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person who made mistakes gets to read. */
class MistakesTest {
    private static final Path SAMPLES = Path.of("src/test/resources/spec");

    @TempDir
    Path dir;

    @Test
    void printsEveryProblemOnALine() {
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(SAMPLES.resolve("twenty-mistakes.yaml")));
        StringBuilder out = new StringBuilder();

        refused.problems().printTo(out);

        assertThat(out.toString()).isEqualTo(refused.problems() + "\n");
        assertThat(refused.getMessage()).endsWith(refused.problems().toString());
    }

    @Test
    void reportsEveryMistakeOfAFileAtOnceWithPlaceAndRemedy() {
        // When
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(SAMPLES.resolve("twenty-mistakes.yaml")));

        // Then
        assertThat(refused.problems().asList().stream()
                        .map(problem -> problem.toString().replace(SAMPLES + "/twenty-mistakes.yaml", "f")))
                .containsExactly(
                        "f:6:3 spec: nothing coordinates the brokers; add 'controllers'",
                        "f:6:3 spec.enviroment: unknown key 'enviroment'; did you mean 'environment'?",
                        "f:7:24 spec.distribution.type: expected one of confluent, apache, found 'confluemt'; did you mean 'confluent'?",
                        "f:8:10 spec.zones: expected a list, found 'az-a'; write it as a list: [az-a]",
                        "f:10:20 spec.security.authorization: expected one of none, acl, rbac, found 'acls'; did you mean 'acl'?",
                        "f:12:5 spec.brokers.rackAware: unknown key 'rackAware'; known keys are name, namespace, replicas, version, image, resources, jvm, storage, zones, config, firstId, listeners",
                        "f:13:15 spec.brokers.replicas: 2 brokers cannot hold default.replication.factor=3; add brokers or lower the factor",
                        "f:14:14 spec.brokers.firstId: expected a whole number, found the text \"0\"; remove the quotes",
                        "f:15:26 spec.brokers.image.application: 'confluentinc/cp server:7.9.2' is not an image reference; write registry/repository:tag",
                        "f:17:23 spec.brokers.resources.requests.cpu: '4 cores' is not processor time; write cores such as 4 or 1.5, or thousandths such as 500m",
                        "f:18:32 spec.brokers.resources.limits.memory: '4Q' is not a size; write a number and Ki, Mi, Gi or Ti, such as 512Mi",
                        "f:20:29 spec.brokers.jvm.heap.max: the maximum of 2Gi is below the start of 4Gi; raise max or lower min",
                        "f:21:17 spec.brokers.jvm.options[0]: 'ExitOnOutOfMemoryError' is not a JVM option; begin it with '-'",
                        "f:23:39 spec.brokers.storage.data.storageClass: expected text, found a list; write a single value",
                        "f:25:32 spec.brokers.listeners[0].port: must lie between 1 and 65535, was 70000; write a free port such as 9092",
                        "f:26:16 spec.brokers.listeners[1].name: 'Extern' is not a listener name; use 1 to 15 lower-case letters, digits and '-', beginning with a letter",
                        "f:26:41 spec.brokers.listeners[1].tls: expected true or false, found 'yes'; write true or false, without quotes",
                        "f:30:7: the key 'min.insync.replicas' is already given in line 29; keep one of the two",
                        "f:32:13 apiVersion: expected eventbroker.io/v1, found 'eventbroker.io/v2'; write 'apiVersion: eventbroker.io/v1'",
                        "f:33:1 spec: is missing: expected a map; add 'spec:'",
                        "f:33:7 kind: unknown kind 'TopicSett'; registered are ConfigLayer, Environment, LintPolicy, MultiRegion, TopicSet, Topology; did you mean 'TopicSet'?",
                        "f:35:9 metadata.name: 'Orders!' is not a name; use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
                        "f:43:26 spec.defaults.partitions: must lie between 1 and 100000, was 0; write 1 or more",
                        "f:45:13 spec.topics[0].name: 'orders order' is not a topic name; use 1 to 249 letters, digits, '.', '_' or '-', and not '.' or '..' alone",
                        "f:46:7 spec.topics[1].name: is missing: expected a topic name; add 'name:'",
                        "f:46:19 spec.topics[1].partitions: must lie between -2147483648 and 2147483647, was 99999999999; write a number between these",
                        "f:48:14 spec.topics[3].name: topic 'orders.order.placed' is already described by topics[2]; keep one of the two",
                        "f:48:47 spec.topics[3].partitions: expected a whole number, found 'twelve'; write a whole number such as 12, without quotes",
                        "f:48:55 spec.topics[3].colour: unknown key 'colour'; known keys are name, partitions, replicationFactor,"
                                + " owner, classification, ingressPerSecond, configs");
        assertThat(refused.problems().asList()).hasSizeGreaterThanOrEqualTo(20).allSatisfy(problem -> {
            assertThat(problem.location().column()).isPositive();
            assertThat(problem.remedy()).isNotBlank();
        });
        assertThat(refused).hasMessageContaining("29 errors in 1 file\n");
    }

    @Test
    void aWrongNameHidesNothingOfItsDocument() throws IOException {
        // Given
        String text = Files.readString(SAMPLES.resolve("small.yaml"))
                .replace("zones: [az-a]", "zones: az-a")
                .replace("replicas: 3", "replicas: three")
                .replace("replicationFactor: 3", "replicationFactor: 0");
        List<String> rightlyNamed = problems(Specs.standard(), text);

        for (String name : List.of("name: Kafka_Test", "name: [kafka-test]", "nome: kafka-test", "name: ''")) {
            // When
            List<String> problems = problems(Specs.standard(), text.replace("name: kafka-test", name));

            // Then
            assertThat(rightlyNamed).hasSize(4);
            assertThat(problems).containsAll(rightlyNamed).anyMatch(line -> line.contains("metadata.name"));
        }
    }

    @Test
    void aWrongNameBringsNoProblemThatAnOverlayMends() throws IOException {
        // Given
        String right = Files.readString(SAMPLES.resolve("small.yaml"));
        Path overlay = Files.writeString(dir.resolve("overlay.yaml"), """
                apiVersion: eventbroker.io/v1
                kind: Topology
                metadata: {name: kafka-test}
                spec: {zones: [az-a]}
                """);
        String wrong =
                right.replace("zones: [az-a]", "zones: [az-a, az-a]").replace("name: kafka-test", "name: Kafka_Test");

        // When
        List<String> problems = problems(Specs.standard().overlay(overlay), wrong);

        // Then
        assertThat(problems).singleElement().asString().contains("'Kafka_Test' is not a name");
    }

    private static List<String> problems(Specs specs, String text) {
        return catchThrowableOfType(InvalidSpecException.class, () -> specs.parse("f", text))
                .problems()
                .asList()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void anUnknownKeyDoesNotHideWhatElseIsWrongInItsRecord() throws IOException {
        // Given
        String text =
                small().replaceFirst("    replicas: 3\n    image: \\{app", "    replicas: 2\n    image: {tint: 1, app")
                        + "    - {name: orders.order.placed, colour: blue}\n";

        // When, Then
        assertThat(mistakesIn(text))
                .containsExactly(
                        "f:10:15 spec.brokers.replicas: 2 brokers cannot hold default.replication.factor=3; "
                                + "add brokers or lower the factor",
                        "f:11:13 spec.brokers.image.tint: unknown key 'tint'; known keys are application, init",
                        "f:40:14 spec.topics[1].name: topic 'orders.order.placed' is already described by topics[0]; "
                                + "keep one of the two",
                        "f:40:35 spec.topics[1].colour: unknown key 'colour'; known keys are name, partitions, "
                                + "replicationFactor, owner, classification, ingressPerSecond, configs");
    }

    @Test
    void aWrongTypeDoesNotHideWhatElseIsWrongInItsRecord() throws IOException {
        // Given
        String text = small().replaceFirst("    replicas: 3\n", "    replicas: 2\n    firstId: first\n")
                + "    - {name: orders.order.placed, partitions: many}\n";

        // When, Then
        assertThat(mistakesIn(text))
                .containsExactly(
                        "f:10:15 spec.brokers.replicas: 2 brokers cannot hold default.replication.factor=3; "
                                + "add brokers or lower the factor",
                        "f:11:14 spec.brokers.firstId: expected a whole number, found 'first'; write a whole number such as 12, without quotes",
                        "f:41:14 spec.topics[1].name: topic 'orders.order.placed' is already described by topics[0]; "
                                + "keep one of the two",
                        "f:41:47 spec.topics[1].partitions: expected a whole number, found 'many'; write a whole number such as 12, without quotes");
    }

    @Test
    void namesTheNearestKnownKey() throws IOException {
        assertThat(mistakesIn(small().replace("    replicas: 3\n    image: {app", "    replcias: 3\n    image: {app")))
                .anyMatch(line ->
                        line.equals("f:10:5 spec.brokers.replcias: unknown key 'replcias'; did you mean 'replicas'?"));
    }

    @Test
    void refusesFewerBrokersThanReplicas() throws IOException {
        assertThat(mistakesIn(small().replace(
                                "zones: [az-a]\n  brokers:\n    replicas: 3",
                                "zones: [az-a]\n  brokers:\n    replicas: 2")))
                .containsExactly("f:10:15 spec.brokers.replicas: 2 brokers cannot hold default.replication.factor=3; "
                        + "add brokers or lower the factor");
    }

    @Test
    void refusesMinInsyncAboveTheReplicationFactor() throws IOException {
        assertThat(mistakesIn(small().replace("min.insync.replicas: 2", "min.insync.replicas: 4")))
                .containsExactly(
                        "f:23:28 spec.brokers.config[min.insync.replicas]: 4 in-sync replicas can never be reached "
                                + "with default.replication.factor=3; lower it, or raise default.replication.factor");
    }

    @Test
    void refusesAScaleThatDoesNotSuitTheEnvironment() throws IOException {
        assertThat(mistakesIn(small().replace("environment: development", "environment: production")))
                .containsExactly(
                        "f:8:10 spec.zones: 1 zone does not suit the environment 'production', which asks for at least 3; "
                                + "add zones, choose another environment, or describe one (kind: Environment)",
                        "f:10:15 spec.brokers.replicas: 3 brokers do not suit the environment 'production', which asks for "
                                + "12 or more; change the number, choose another environment, or describe one (kind: Environment)");
    }

    @Test
    void refusesAnUnknownEnvironment() throws IOException {
        assertThat(mistakesIn(small().replace("environment: development", "environment: producton")))
                .containsExactly("f:6:16 spec.environment: unknown environment 'producton'; there are development, qa, "
                        + "staging, production, dr; did you mean 'production'?");
    }

    @Test
    void refusesListenersThatShareAPort() throws IOException {
        assertThat(mistakesIn(small().replace(
                                "authentication: mtls}\n",
                                "authentication: mtls}\n      - {name: internal, port: 9092}\n")))
                .containsExactly(
                        "f:21:16 spec.brokers.listeners[1].name: 'internal' is also the name of listeners[0]; "
                                + "give each listener its own name",
                        "f:21:32 spec.brokers.listeners[1].port: port 9092 is also that of listeners[0]; "
                                + "give each listener its own port");
    }

    @Test
    void namesBothPlacesOfATopicThatIsDescribedTwice() throws IOException {
        String others = """
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: others}
                spec:
                  cluster: kafka-test
                  retired:
                """;
        String twice =
                small() + "    - name: orders.order.placed\n" + others + "    - payments.old\n    - payments.old\n";
        assertThat(mistakesIn(twice))
                .containsExactly(
                        "f:40:13 spec.topics[1].name: topic 'orders.order.placed' is already described by topics[0]; "
                                + "keep one of the two",
                        "f:49:7 spec.retired[1]: is already in the list; remove it");
        String across = small() + others + "    - orders.order.placed\n";
        assertThat(mistakesIn(across))
                .containsExactly(
                        "f:47:7 spec.retired[0]: topic 'orders.order.placed' is already in the TopicSet 'orders' "
                                + "at f:38:13; keep one of the two");
    }

    @Test
    void refusesMoreReplicasThanTheClusterHasBrokers() throws IOException {
        assertThat(mistakesIn(small().replace("replicationFactor: 3", "replicationFactor: 4")))
                .containsExactly("f:39:26 spec.topics[0].replicationFactor: 4 replicas do not fit on the 3 brokers of "
                        + "'kafka-test'; lower the factor or add brokers");
        assertThat(mistakesIn(small().replace("cluster: kafka-test", "cluster: kafka-tost")))
                .containsExactly("f:36:12 spec.cluster: there is no Topology 'kafka-tost'; did you mean 'kafka-test'?");
    }

    @Test
    void doesNotCallAReferenceWrongBecauseItsTargetIs() throws IOException {
        assertThat(mistakesIn(small().replace("version: 4.3.1", "version: latest")))
                .containsExactly("f:7:41 spec.distribution.version: 'latest' is not a version; write it like 7.9.2");
    }

    @Test
    void checksOtherFilesWhenOneHasASyntaxError() throws IOException {
        // Given
        Files.writeString(
                dir.resolve("a.yaml"), "apiVersion: eventbroker.io/v1\nkind: [Topology\nmetadata:\n  name: x\n");
        Files.writeString(dir.resolve("b.yaml"), small().replace("replicas: 3", "replicas: many"));
        Files.writeString(dir.resolve("c.txt"), "not read");

        // When
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(dir));

        // Then
        List<Problem> problems = refused.problems().asList();
        assertThat(problems).hasSize(3);
        assertThat(problems.get(0).toString()).startsWith(dir.resolve("a.yaml") + ":3:9: not valid YAML: ");
        assertThat(problems.get(1).location().line()).isEqualTo(10);
    }

    @Test
    void refusesTheSameNameTwice() throws IOException {
        Files.writeString(dir.resolve("a.yaml"), small());
        Files.writeString(dir.resolve("b.yaml"), small());

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(dir));

        assertThat(refused.problems().asList())
                .extracting(Problem::message)
                .containsExactly(
                        "Topology 'kafka-test' is already defined at " + dir.resolve("a.yaml") + ":4:9",
                        "TopicSet 'orders' is already defined at " + dir.resolve("a.yaml") + ":34:9");
    }

    @Test
    void saysWhichFileIsMissing() {
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(dir.resolve("none.yaml"), dir));

        assertThat(refused.problems().asList())
                .extracting(Problem::toString)
                .containsExactly(
                        dir + ": no file that ends in .yaml, .yml or .json; name a folder that has some",
                        dir.resolve("none.yaml") + ": does not exist; name a file or folder that does");
    }

    private static String small() throws IOException {
        return Files.readString(SAMPLES.resolve("small.yaml"));
    }

    private static List<String> mistakesIn(String text) {
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("f", text));
        return refused.problems().asList().stream().map(Problem::toString).toList();
    }

    record Keyed(Map<Integer, String> names) {}

    /** A key may stand in quotes whatever it is. */
    @Test
    void asksForNoKeyWithoutQuotes() {
        Specs specs = Specs.standard().with(Kind.of("Keyed", Keyed.class));

        String found = catchThrowableOfType(
                        InvalidSpecException.class,
                        () -> specs.parse(
                                "f.yaml",
                                "{apiVersion: eventbroker.io/v1, kind: Keyed, metadata: {name: a}, spec: {names: {one: b}}}"))
                .problems()
                .toString();

        assertThat(found)
                .contains("found 'one'; write a whole number such as 12")
                .doesNotContain("quotes");
    }
}
