package io.eventbroker.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.testkit.connect.EmbeddedConnect;
import io.eventbroker.testkit.fault.Direction;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.junit.WithKafka;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.SaslMechanism;
import io.eventbroker.testkit.kafka.TlsFiles;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import io.eventbroker.testkit.registry.EmbeddedSchemaRegistry;
import io.eventbroker.testkit.stub.EmbeddedKms;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The snippets of the README compile, and are the same there as here; those that need no certificates also run. */
class ReadmeSnippetsTest {
    private static final Pattern IN_SOURCE =
            Pattern.compile("(?m)^ *// snippet: ([a-z-]+)\\n(.*?)^ *// end of snippet\\n", Pattern.DOTALL);
    private static final Pattern IN_README =
            Pattern.compile("<!-- snippet: ([a-z-]+) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);

    @Test
    void readmeShowsWhatCompiles() throws IOException {
        Map<String, String> compiled =
                snippets(IN_SOURCE, Path.of("src/test/java/io/eventbroker/testkit/ReadmeSnippetsTest.java"));
        Map<String, String> shown = snippets(IN_README, Path.of("README.md"));

        assertThat(compiled).isNotEmpty();
        assertThat(shown).containsAllEntriesOf(compiled);
    }

    private static Map<String, String> snippets(Pattern pattern, Path file) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = pattern.matcher(Files.readString(file, StandardCharsets.UTF_8));
        while (matcher.find()) {
            // A last line without text would count as not indented.
            found.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent());
        }
        return found;
    }

    @Test
    void startsACluster() throws Exception {
        // snippet: cluster
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .brokers(3)
                        .racks("az-a", "az-b", "az-c")
                        .property("message.max.bytes", "2097152")
                        .start();
                Admin admin = kafka.admin();
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", 6, (short) 3)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("orders", "42", "paid")).get();

            kafka.stopBroker(1);
            kafka.startBroker(1); // same data, same ports
            int fourth = kafka.addBroker("az-a");
            assertThat(fourth).isEqualTo(3);
        }
        // end of snippet
    }

    @Test
    void cutsClientsOff() throws Exception {
        // snippet: faults
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().throughProxies().start()) {
            FaultProxy proxy = kafka.proxy(0);
            proxy.delay(Duration.ofMillis(80));
            proxy.throttle(Direction.TO_CLIENT, 1_000_000); // bytes per second, on each connection
            proxy.stall(); // half-open: nothing passes, nothing closes
            proxy.heal();
            proxy.refuse(); // new connections
            proxy.reset(); // present ones
            proxy.heal();
        }
        // end of snippet
    }

    @Test
    void keepsObjects() {
        // snippet: store
        try (EmbeddedObjectStore store = EmbeddedObjectStore.start()) {
            String bucket = store.bucket("backups");
            S3AsyncClient s3 = store.asyncClient(); // closed with the store

            store.faults().refuseNext(2); // 503 SlowDown; this client tries again by itself
            s3.putObject(put -> put.bucket(bucket).key("manifest"), AsyncRequestBody.fromString("1"))
                    .join();

            store.faults().loseNextAnswers(1); // takes effect and is answered 500: was it deleted?
            s3.deleteObject(delete -> delete.bucket(bucket).key("manifest")).join();
            assertThat(store.faults().count()).isEqualTo(3);
        }
        // end of snippet
    }

    @Test
    void appliesObjects() {
        // snippet: kubernetes
        try (EmbeddedKubernetes kubernetes = EmbeddedKubernetes.start()) {
            KubernetesClient client = kubernetes.client(); // closed with the server
            ConfigMapBuilder settings = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("settings")
                    .withNamespace("default")
                    .endMetadata();
            client.resource(settings.addToData("level", "info").build())
                    .fieldManager("my-tool")
                    .serverSideApply();

            ConfigMap other = settings.addToData("level", "debug").build();
            assertThatThrownBy(() ->
                            client.resource(other).fieldManager("somebody").serverSideApply())
                    .hasMessageContaining("conflict with \"my-tool\"");

            kubernetes.faults().refuseNextWrites(1); // 503; this client tries again by itself
            client.resource(other).fieldManager("somebody").forceConflicts().serverSideApply();
        }
        // end of snippet
    }

    @Test
    void wrapsDataKeys() {
        // snippet: kms
        try (EmbeddedKms embedded = EmbeddedKms.start();
                KmsClient kms = embedded.client()) {
            String arn = embedded.createKey();
            embedded.throttleNext(1); // this client tries again by itself
            kms.generateDataKey(request -> request.keyId(arn).keySpec(DataKeySpec.AES_256));
            embedded.disable(arn);
            assertThat(embedded.requests()).endsWith("GenerateDataKey " + arn);
        }
        // end of snippet
    }

    /** Compiled only: {@code EmbeddedConnectTest} and {@code EmbeddedSchemaRegistryTest} do the same at more length. */
    static void servers() {
        // snippet: servers
        try (EmbeddedSchemaRegistry registry = EmbeddedSchemaRegistry.start();
                EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                EmbeddedConnect connect = EmbeddedConnect.over(kafka)
                        .workers(2)
                        .property("config.providers", "env")
                        .property(
                                "config.providers.env.class",
                                "org.apache.kafka.common.config.provider.EnvVarConfigProvider")
                        .start()) {
            URI subjects = URI.create(registry.endpoint() + "/subjects");
            URI connectors = connect.endpoint().resolve("/connectors");
            assertThat(subjects).isNotEqualTo(connectors);
            connect.killWorker(1); // SIGKILL; the other one takes over
        }
        // end of snippet
    }

    /** Compiled only: the certificates would come from the host. */
    static void secured(IntFunction<TlsFiles> brokerFiles, TlsFiles clientFiles) {
        // snippet: secured
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .brokers(3)
                .listener(KafkaListener.mutualTls("SECURE", brokerFiles).property("ssl.enabled.protocols", "TLSv1.3"))
                .listener(KafkaListener.saslSsl("USERS", SaslMechanism.SCRAM_SHA_512, brokerFiles))
                .user("alice", "alice's password")
                .authorizer("User:alice")
                .start()) {
            Map<String, Object> withCertificate = kafka.clientProperties("SECURE", clientFiles);
            Map<String, Object> asAlice = kafka.clientProperties("USERS", "alice", "alice's password");
            assertThat(withCertificate).isNotEqualTo(asAlice);
        }
        // end of snippet
    }

    /** Compiled only: {@code ProcessKafkaTest} does the same at more length. */
    static void killed() {
        // snippet: processes
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(3).processes().start()) {
            kafka.killBroker(2); // SIGKILL
            kafka.startBroker(2);
        }
        // end of snippet
    }

    // snippet: junit
    @WithKafka(
            brokers = 3,
            racks = {"az-a", "az-b", "az-c"})
    @Nested
    class OnboardingTest {
        @Test
        void makesTopics(EmbeddedKafka kafka, Admin admin) throws Exception {
            admin.createTopics(List.of(new NewTopic("orders", 6, (short) 3)))
                    .all()
                    .get();
            assertThat(kafka.brokers()).hasSize(3);
        }

        @Test
        void copiesToAnotherCluster(EmbeddedKafka source, @WithKafka EmbeddedKafka target) {
            assertThat(target.clusterId()).isNotEqualTo(source.clusterId());
        }
    }
    // end of snippet
}
