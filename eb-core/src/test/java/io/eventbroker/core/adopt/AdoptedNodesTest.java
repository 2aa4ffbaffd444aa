package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which ids nodes have, nodes of both roles, and what acts on the cluster from beside it. */
class AdoptedNodesTest {
    private static final String KAFKA = """
            apiVersion: kafka.strimzi.io/v1
            kind: Kafka
            metadata: {name: events, namespace: kafka}
            spec:
              kafka:
                version: 4.1.0
                listeners:
                - {name: plain, port: 9092, type: internal, tls: false}
            """;

    private static final String ASSUMED = """
            spec:
              environment: development
              zones: [az-a]
              brokers: {jvm: {heap: {min: 1Gi, max: 1Gi}}}
              controllers: {jvm: {heap: {min: 1Gi, max: 1Gi}}}
            """;

    private static final String SPLIT = """
            spec:
              controllers:
                replicas: 3
                firstId: 9990
                image: {application: apache/kafka:4.1.0}
                resources:
                  requests: {cpu: 500m, memory: 2Gi}
                  limits: {cpu: 1, memory: 2Gi}
                storage: {data: {size: 10Gi}}
            """;

    private static String pool(String name, String roles, String annotations, String status) {
        return """
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaNodePool
                metadata: {name: %s, labels: {strimzi.io/cluster: events}, annotations: {%s}}
                spec:
                  replicas: 3
                  roles: [%s]
                  resources:
                    requests: {cpu: 1, memory: 4Gi}
                    limits: {cpu: 2, memory: 4Gi}
                  storage: {type: persistent-claim, size: 100Gi}
                status: {%s}
                """.formatted(name, annotations, roles, status);
    }

    private static Adoption adoption(String... documents) {
        return Adoption.of(Sources.parse("in.yaml", KAFKA + String.join("", documents)))
                .assuming(Sources.parse("assumed.yaml", ASSUMED));
    }

    private static String refused(Adoption adoption) {
        return catchThrowableOfType(InvalidSpecException.class, adoption::adopt).getMessage();
    }

    private static int controllersFrom(Adopted adopted) {
        return adopted.topology().controllers().orElseThrow().firstId();
    }

    @Test
    void takesIdsFromTheStatusOfPools() {
        // When
        Adopted adopted = adoption(
                        pool("broker", "broker", "", "nodeIds: [3, 4, 5]"),
                        pool("controller", "controller", "", "nodeIds: [0, 1, 2]"))
                .adopt();

        // Then
        assertThat(adopted.topology().brokers().firstId()).isEqualTo(3);
        assertThat(controllersFrom(adopted)).isZero();
        assertThat(adopted.notCarried()).noneMatch(entry -> entry.toString().contains("firstId"));
    }

    @Test
    void takesIdsThatAnAnnotationPinsAndSaysThatOlderNodesKeepTheirs() {
        // When
        Adopted adopted = adoption(
                        pool("broker", "broker", "strimzi.io/next-node-ids: '[100-199]'", ""),
                        pool("controller", "controller", "strimzi.io/next-node-ids: '[7, 8, 9-10]'", ""))
                .adopt();

        // Then
        assertThat(adopted.topology().brokers().firstId()).isEqualTo(100);
        assertThat(controllersFrom(adopted)).isEqualTo(7);
        assertThat(adopted.notCarried(NotCarried.Kind.ASSUMED))
                .filteredOn(entry -> entry.path().contains("next-node-ids"))
                .hasSize(2)
                .allMatch(entry -> entry.remedy().contains("status.nodeIds"));
    }

    @Test
    void listsIdsThatNothingSays() {
        // When
        Adopted adopted = adoption(
                        pool("broker", "broker", "strimzi.io/next-node-ids: 'any'", ""),
                        pool("controller", "controller", "", "nodeIds: [x]"))
                .adopt();

        // Then
        assertThat(adopted.notCarried(NotCarried.Kind.ASSUMED))
                .filteredOn(entry -> entry.path().endsWith("firstId"))
                .extracting(NotCarried::path, NotCarried::found)
                .containsExactly(tuple("spec.brokers.firstId", "'0'"), tuple("spec.controllers.firstId", "'9990'"));
        assertThat(adopted.toString())
                .contains("the file does not say which the nodes of 'controller' have; read them from the running"
                        + " cluster (status.nodeIds of the KafkaNodePool) and assume spec.controllers.firstId before"
                        + " planning against it");
    }

    @Test
    void saysThatIdsHaveGaps() {
        // When
        Adopted adopted = adoption(
                        pool("broker", "broker", "", "nodeIds: [0, 1, 6]"),
                        pool("controller", "controller", "", "nodeIds: [3, 4, 5]"))
                .adopt();

        // Then
        assertThat(adopted.notCarried(NotCarried.Kind.CHANGED))
                .extracting(NotCarried::why)
                .contains(
                        "the brokers have the ids [0, 1, 6]; those of a Topology follow each other without a gap, here"
                                + " from 0 to 2");
    }

    @Test
    void saysFirstThatNodesOfAPoolHaveBothRoles() {
        // When
        List<String> lines = refused(
                        Adoption.of(Sources.parse("in.yaml", KAFKA + pool("dual", "broker, controller", "", ""))))
                .lines()
                .toList();

        // Then
        assertThat(lines.get(1))
                .startsWith("in.yaml:1:1: these nodes are brokers and controllers at once, which a Topology does not"
                        + " describe: it has controllers of their own (roles: [broker, controller] at in.yaml:")
                .contains("assume 'controllers:' as they are to be after a split", "apache/kafka:4.1.0");
        assertThat(lines).noneMatch(line -> line.contains("of controllers") && line.contains("does not say"));
    }

    @Test
    void describesTheSplitThatTheCallerAssumes() {
        // When
        Adopted adopted = adoption(pool("dual", "broker, controller", "", "nodeIds: [0, 1, 2]"))
                .assuming(Sources.parse("split.yaml", SPLIT))
                .adopt();

        // Then
        assertThat(controllersFrom(adopted)).isEqualTo(9990);
        assertThat(adopted.toString()).contains("they were taken for brokers; assume 'controllers:'");
    }

    @Test
    void saysFirstThatNodesOfAStatefulSetHaveBothRoles() {
        // Given
        String text = Samples.text("statefulset-kraft.yaml")
                .replace("KAFKA_PROCESS_ROLES, value: broker}", "KAFKA_PROCESS_ROLES, value: 'broker,controller'}")
                .replace(
                        "\"CLIENTS://:9093,INTERNAL_MTLS://:9092\"",
                        "\"CLIENTS://:9093,INTERNAL_MTLS://:9092,CONTROLLER://:9074\"");

        // When
        List<String> lines =
                refused(Adoption.of(Sources.parse("in.yaml", text))).lines().toList();

        // Then
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1))
                .startsWith("in.yaml:1:1: these nodes are brokers and controllers at once")
                .contains("(process.roles 'broker,controller' at in.yaml:", "apache/kafka:4.1.0");
        assertThat(lines).noneMatch(line -> line.contains("replicas of controllers"));
        assertThat(Samples.adoption("statefulset-kraft.yaml", text)
                        .assuming(Sources.parse("split.yaml", SPLIT))
                        .adopt()
                        .toString())
                .contains("it names these nodes themselves, as controllers");
    }

    @Test
    void saysWhatActsOnTheClusterFromBesideIt() {
        // Given
        String scaler = """

                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: %s, namespace: %s}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: events}
                """;
        String text = Samples.text("statefulset-kraft.yaml")
                        .replace(
                                "        - {name: KAFKA_PROCESS_ROLES",
                                "        - {name: CLUSTER_ID, value: 4L6g3nShT-eMCtK--X86sw}\n"
                                        + "        - {name: KAFKA_PROCESS_ROLES")
                + scaler.formatted("own", "messaging")
                + scaler.formatted("other", "elsewhere");

        // When
        Adopted adopted = Samples.adoption("statefulset-kraft.yaml", text).adopt();

        // Then
        assertThat(adopted.notCarried(NotCarried.Kind.LEFT_OUT))
                .extracting(entry -> entry.why() + "; " + entry.remedy())
                .contains(
                        "a HorizontalPodAutoscaler 'own': it scales this cluster's brokers, but new brokers get no"
                                + " partitions, and a broker that it removes takes its replicas away; remove it, and plan"
                                + " the number of brokers with the move of their partitions",
                        "a HorizontalPodAutoscaler 'other': it is no part of the cluster; see whether it is still needed",
                        "CLUSTER_ID is the cluster's identity: it is written on the volumes, and the running cluster"
                                + " keeps it; see that nothing formats the volumes with another one");
    }

    @Test
    void saysWhereATopicOfTheClusterBelongs() {
        // When
        Adopted adopted = Samples.adoption("strimzi-pools.yaml").adopt();

        // Then
        assertThat(adopted.toString())
                .contains(
                        "a KafkaTopic 'orders': it is a topic of this cluster, and topics are not in the Topology; write"
                                + " it into a TopicSet of the cluster");
    }

    @Test
    void saysFirstThatNodesOfARunningClusterHaveBothRoles() {
        // Given what is read from a cluster whose voters are brokers
        String live = """
                apiVersion: live
                brokers: [{id: 1}, {id: 2}, {id: 3}]
                quorum: {voters: [{id: 1}, {id: 2}, {id: 3}]}
                config: {listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093', controller.listener.names: CONTROLLER}
                """;

        // When
        List<String> lines =
                refused(Adoption.of(Sources.parse("live", live))).lines().toList();

        // Then
        assertThat(lines.get(1))
                .startsWith("live:1:1: these nodes are brokers and controllers at once")
                .contains("(the voters [1, 2, 3] of the quorum are brokers)");
        assertThat(lines).noneMatch(line -> line.contains("of controllers") && line.contains("does not say"));
    }
}
