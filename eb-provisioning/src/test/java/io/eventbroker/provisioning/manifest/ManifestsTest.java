package io.eventbroker.provisioning.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.provisioning.kubernetes.Provisioner;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    private static final String PLATFORM = readSample();

    @TempDir
    Path folder;

    @Test
    void rendersTheSameTwice() {
        assertThat(Manifests.confluent(topology(PLATFORM))).isEqualTo(Manifests.confluent(topology(PLATFORM)));
        assertThat(Manifests.statefulSet(topology(PLATFORM)).toYaml())
                .isEqualTo(Manifests.statefulSet(topology(PLATFORM)).toYaml());
    }

    @Test
    void writesTheOperatorsFieldNames() {
        Manifests manifests = Manifests.confluent(topology(PLATFORM));

        JsonNode spec = get(manifests, "Kafka", "kafka-prod").get("spec");
        assertThat(spec.at("/replicas").asInt()).isEqualTo(12);
        assertThat(spec.at("/image/init").asText()).isEqualTo("confluentinc/confluent-init-container:2.11.2");
        assertThat(spec.at("/dataVolumeCapacity").asText()).isEqualTo("1Ti");
        assertThat(spec.at("/storageClass/name").asText()).isEqualTo("gp3");
        assertThat(spec.at("/rackAssignment/nodeLabels/0").asText()).isEqualTo("topology.kubernetes.io/zone");
        assertThat(spec.at("/rackAssignment/availabilityZoneCount").asInt()).isEqualTo(3);
        assertThat(spec.at("/oneReplicaPerNode").asBoolean()).isTrue();
        assertThat(spec.at("/listeners/internal").toString()).doesNotContain("port");
        assertThat(spec.at("/listeners/internal/authentication/type").asText()).isEqualTo("mtls");
        assertThat(spec.at("/listeners/external/externalAccess/loadBalancer/domain")
                        .asText())
                .isEqualTo("kafka.example.com");
        assertThat(spec.at("/listeners/custom/0/port").asInt()).isEqualTo(9094);
        assertThat(spec.at("/authorization/type").asText()).isEqualTo("simple");
        assertThat(spec.at("/configOverrides/server").toString())
                .isEqualTo("[\"auto.create.topics.enable=false\",\"default.replication.factor=3\","
                        + "\"min.insync.replicas=2\",\"num.partitions=12\"]");
        assertThat(spec.at("/configOverrides/jvm/1").asText()).isEqualTo("-Xmx12g");
        assertThat(spec.at("/dependencies/kRaftController/clusterRef/name").asText())
                .isEqualTo("kafka-prod-controller");
        assertThat(get(manifests, "KRaftController", "kafka-prod-controller")
                        .at("/spec/listeners/controller/tls/enabled")
                        .asBoolean())
                .isTrue();
        assertThat(manifests.requiredSecrets())
                .contains("event-broker/kafka-prod-tls", "event-broker/kafka-prod-controller-tls");
        assertThat(manifests.notes())
                .anyMatch(note -> note.contains("SchemaRegistry"))
                .anyMatch(note -> note.contains("port of the listener 'internal'"));
    }

    @Test
    @EnabledIfSystemProperty(
            named = "eb.crds",
            matches = ".+",
            disabledReason = "needs the operator's schemas: -Deb.crds=DIR with confluent-for-kubernetes-3.3.0 in it")
    void isWhatTheOperatorsSchemaAllows() throws Exception {
        Path schemas = Path.of(System.getProperty("eb.crds")).resolve("confluent-for-kubernetes-3.3.0");
        Manifests manifests = Manifests.confluent(topology(PLATFORM));

        for (ObjectRef ref : manifests.refs()) {
            if (!ref.kind().equals("Namespace")) {
                JsonNode schema = CanonicalJson.readTree(
                        Files.readString(schemas.resolve(ref.kind().toLowerCase(Locale.ROOT) + "_v1beta1.json")));
                assertThat(CrdSchema.violations(schema, manifests.get(ref), ref.kind()))
                        .isEmpty();
            }
        }
    }

    @Test
    void namesAllThatTheOperatorCannotDoAtOnce() {
        String asking = PLATFORM.replace("authorization: acl", "authorization: rbac")
                .replace("authentication: oauthbearer", "authentication: scram-sha-512")
                .replace("port: 9094", "port: 9080");

        assertThatThrownBy(() -> Manifests.confluent(topology(asking)))
                .isInstanceOfSatisfying(
                        CannotRenderException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.path())
                                .containsExactlyInAnyOrder(
                                        "spec.security.authorization",
                                        "spec.brokers.listeners[2].authentication",
                                        "spec.brokers.listeners[2].port"));
    }

    @Test
    void refusesAWayFromOutsideThatItDoesNotRender() {
        String asking = PLATFORM.replace("externalDomain:", "access: private-link\n    externalDomain:");

        for (Function<Topology, Manifests> render :
                List.<Function<Topology, Manifests>>of(Manifests::confluent, Manifests::statefulSet)) {
            assertThatThrownBy(() -> render.apply(topology(asking)))
                    .hasMessageContaining("spec.network.access: external listeners are rendered behind a load balancer"
                            + " only, found private-link");
        }
    }

    @Test
    void pinsAComponentToItsOwnZones() {
        String asking = PLATFORM.replace("  controllers:\n", "  controllers:\n    zones: [az-b]\n");

        JsonNode pod = get(Manifests.statefulSet(topology(asking)), "StatefulSet", "kafka-prod-controller")
                .at("/spec/template/spec");

        assertThat(pod.at("/affinity/nodeAffinity").findValue("values").toString())
                .isEqualTo("[\"az-b\"]");
        assertThat(Manifests.confluent(topology(asking)).notes())
                .anyMatch(note -> note.contains("those of 'kafka-prod-controller' are not carried over"));
    }

    @Test
    void acceptsTheVersionsOfTlsThatAreAskedFor() {
        String asking = PLATFORM.replace("authorization: acl", "authorization: acl\n    minimumTls: '1.2'");

        assertThat(properties(Manifests.statefulSet(topology(asking))))
                .contains("ssl.enabled.protocols=TLSv1.2,TLSv1.3\n");
        assertThat(properties(Manifests.statefulSet(topology(PLATFORM)))).contains("ssl.enabled.protocols=TLSv1.3\n");
    }

    private static String properties(Manifests manifests) {
        return get(manifests, "ConfigMap", "kafka-prod-config")
                .at("/data/server.properties")
                .asText();
    }

    @Test
    void rendersPodsThatMayDoLittle() {
        Manifests manifests = Manifests.statefulSet(topology(PLATFORM));

        for (String name : List.of("kafka-prod", "kafka-prod-controller")) {
            JsonNode pod = get(manifests, "StatefulSet", name).at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                    .isEqualTo("ALL");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.path(probe).has("tcpSocket")).as(probe).isTrue();
            }
            assertThat(container.at("/startupProbe/failureThreshold").asInt()
                            * container.at("/startupProbe/periodSeconds").asInt())
                    .as("seconds for the recovery of logs")
                    .isGreaterThanOrEqualTo(3600);
        }
        assertThat(get(manifests, "Namespace", "event-broker")
                        .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .asText())
                .isEqualTo("restricted");
    }

    @Test
    void spreadsBrokersOverZonesAndKeepsDataAndLogsApart() {
        JsonNode spec = get(Manifests.statefulSet(topology(PLATFORM)), "StatefulSet", "kafka-prod")
                .get("spec");

        assertThat(spec.at("/template/spec/topologySpreadConstraints/0/topologyKey")
                        .asText())
                .isEqualTo("topology.kubernetes.io/zone");
        assertThat(spec.at("/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution")
                        .size())
                .isEqualTo(1);
        assertThat(spec.get("volumeClaimTemplates").findValuesAsText("storage")).containsExactly("1Ti", "20Gi");
        assertThat(spec.at("/persistentVolumeClaimRetentionPolicy/whenDeleted").asText())
                .isEqualTo("Retain");
        assertThat(spec.at("/updateStrategy/type").asText()).isEqualTo("OnDelete");
    }

    @Test
    void letsOnlyKafkaReachTheControllers() {
        JsonNode rules = get(Manifests.statefulSet(topology(PLATFORM)), "NetworkPolicy", "kafka-prod-controller")
                .at("/spec/ingress");

        assertThat(rules).hasSize(1);
        assertThat(rules.at("/0/from").findValuesAsText("app.kubernetes.io/instance"))
                .containsExactly("kafka-prod-controller", "kafka-prod");
    }

    @Test
    void changesTheTemplateWithTheConfiguration() {
        String path = "/spec/template/metadata/annotations/eventbroker.io~1config";
        String before = get(Manifests.statefulSet(topology(PLATFORM)), "StatefulSet", "kafka-prod")
                .at(path)
                .asText();
        String after = get(
                        Manifests.statefulSet(topology(PLATFORM.replace("num.partitions: 12", "num.partitions: 6"))),
                        "StatefulSet",
                        "kafka-prod")
                .at(path)
                .asText();

        assertThat(after).isNotBlank().isNotEqualTo(before);
    }

    /** The script runs with stand-ins for Kafka's programs; what it makes must be what Kafka itself accepts. */
    @Test
    void startsWithAConfigurationThatKafkaAccepts() throws Exception {
        Manifests manifests = Manifests.statefulSet(topology(PLATFORM));

        KafkaConfig broker = start(manifests, "kafka-prod-config", "kafka-prod-4", "az-b");
        KafkaConfig controller = start(manifests, "kafka-prod-controller-config", "kafka-prod-controller-2", "");

        assertThat(broker.nodeId()).isEqualTo(4);
        assertThat(broker.originals().get("broker.rack")).isEqualTo("az-b");
        assertThat(broker.originals().get("advertised.listeners").toString())
                .contains("INTERNAL://kafka-prod-4.kafka-prod.event-broker.svc.cluster.local:9092")
                .contains("EXTERNAL://external-4.kafka.example.com:9093");
        assertThat(broker.interBrokerListenerName().value()).isEqualTo("INTERNAL");
        assertThat(broker.numPartitions()).isEqualTo(12);
        assertThat(controller.nodeId()).isEqualTo(9992);
        assertThat(controller.numPartitions())
                .as("of new topics, which controllers fill in")
                .isEqualTo(12);
        assertThat(controller.defaultReplicationFactor()).isEqualTo(3);
        assertThat(controller.originals().get("controller.quorum.voters").toString())
                .startsWith("9990@kafka-prod-controller-0.kafka-prod-controller.event-broker.svc.cluster.local:9074,");
    }

    @Test
    void doesNotStartABrokerWhoseZoneIsNotKnown() {
        assertThatThrownBy(
                        () -> start(Manifests.statefulSet(topology(PLATFORM)), "kafka-prod-config", "kafka-prod-0", ""))
                .hasMessageContaining("rack is not known");
    }

    private KafkaConfig start(Manifests manifests, String configMap, String pod, String zone) throws Exception {
        JsonNode data = get(manifests, "ConfigMap", configMap).get("data");
        Path home = Files.createDirectories(folder.resolve(pod));
        Files.writeString(
                home.resolve("server.properties.in"),
                data.get("server.properties").asText());
        String script = data.get("start.sh")
                .asText()
                .replace(
                        "/tmp/server.properties",
                        home.resolve("server.properties").toString())
                .replace(
                        "/etc/eventbroker/config/server.properties",
                        home.resolve("server.properties.in").toString())
                .replace("/usr/bin/kafka-storage ", "echo ")
                .replace("exec /usr/bin/kafka-server-start ", "exec echo ");
        Path file = Files.writeString(home.resolve("start.sh"), script);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("POD_NAME", pod, "ZONE", zone));
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new AssertionError(output);
        }
        assertThat(output).contains("format --ignore-formatted --cluster-id ");
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(home.resolve("server.properties"))));
        // The files that these point to are in the Secret.
        properties.keySet().removeIf(key -> key.toString().startsWith("config.providers"));
        properties.replaceAll((key, value) -> value.toString().startsWith("${file:") ? "resolved" : value);
        return KafkaConfig.fromProps(properties);
    }

    @Test
    void isAppliedAndThenThereIsNothingToDo() {
        Deadline soon = Deadline.after(Duration.ofSeconds(60));
        try (EmbeddedKubernetes kubernetes = EmbeddedKubernetes.start()
                .customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas")
                .customResource("platform.confluent.io/v1beta1", "KRaftController", "kraftcontrollers")) {
            Provisioner provisioner = Provisioner.on(kubernetes.client());
            for (Manifests manifests :
                    List.of(Manifests.statefulSet(topology(PLATFORM)), Manifests.confluent(topology(PLATFORM)))) {
                var plan = provisioner.plan(provisioner.read(manifests, soon));
                assertThat(plan.actions()).isNotEmpty();
                provisioner.run(plan, RunOptions.defaults()).await(soon).requireSuccess();
                assertThat(provisioner.plan(provisioner.read(manifests, soon)).actions())
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesSecrets() {
        HasMetadata secret = new SecretBuilder()
                .withNewMetadata()
                .withName("s")
                .endMetadata()
                .withStringData(Map.of("k", "v"))
                .build();
        HasMetadata properties = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("c")
                .endMetadata()
                .withData(Map.of("server.properties", "a=b\nssl.key.password=hunter2\n"))
                .build();

        assertThatThrownBy(() -> Manifests.of("p", List.of(secret))).hasMessageContaining("Secret s");
        assertThatThrownBy(() -> Manifests.of("p", List.of(properties)))
                .hasMessageContaining("ssl.key.password")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Manifests.statefulSet(topology(PLATFORM.replace(
                        "[-XX:+ExitOnOutOfMemoryError]",
                        "[-XX:+ExitOnOutOfMemoryError, -Djavax.net.ssl.keyStorePassword=hunter2]"))))
                .hasMessageContaining("javax.net.ssl.keyStorePassword")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesAnObjectThatOccursTwice() {
        HasMetadata one = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("c")
                .endMetadata()
                .build();

        assertThatThrownBy(() -> Manifests.of("p", List.of(one, one))).hasMessageContaining("occurs twice");
    }

    private static JsonNode get(Manifests manifests, String kind, String name) {
        return manifests.get(manifests.refs().stream()
                .filter(ref -> ref.kind().equals(kind) && ref.name().equals(name))
                .findFirst()
                .orElseThrow());
    }

    private Topology topology(String yaml) {
        try {
            return Specs.standard()
                    .read(Files.writeString(folder.resolve("platform.yaml"), yaml))
                    .topology("kafka-prod");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readSample() {
        try (var in = ManifestsTest.class.getResourceAsStream("/platform.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
