package io.eventbroker.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.BackupPlan;
import io.eventbroker.backup.Backups;
import io.eventbroker.backup.KafkaConnection;
import io.eventbroker.backup.RecoveryPoint;
import io.eventbroker.backup.RestoreOptions;
import io.eventbroker.backup.RestorePlan;
import io.eventbroker.backup.Selection;
import io.eventbroker.backup.TopicPattern;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.provisioning.kubernetes.ManifestAction;
import io.eventbroker.provisioning.kubernetes.Provisioner;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.topic.TopicAction;
import io.eventbroker.provisioning.topic.Topics;
import io.eventbroker.scaling.Band;
import io.eventbroker.scaling.Placement;
import io.eventbroker.scaling.PlacementPlan;
import io.eventbroker.scaling.Reassignment;
import io.eventbroker.security.access.AccessAction;
import io.eventbroker.security.access.AccessControl;
import io.eventbroker.security.access.AccessPolicies;
import io.eventbroker.security.certificate.CaProfile;
import io.eventbroker.security.certificate.CertificateAuthority;
import io.eventbroker.security.certificate.CertificateProfile;
import io.eventbroker.security.certificate.IssuedCertificate;
import io.eventbroker.security.certificate.KeyStores;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Runs the snippets of the root README, in its order, and sees to it that they are the same as here. */
class RootReadmeTest {
    private static final Path QUICK_START = Path.of("src/main/resources/quickstart");
    private static final TopicName PLACED = TopicName.of("orders.order.placed");

    @TempDir
    Path folder;

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(2));
    }

    @Test
    void snippetsRun() throws Exception {
        for (String file : new String[] {"event-broker.yaml", "overlay.yaml"}) {
            Files.copy(QUICK_START.resolve(file), folder.resolve(file));
        }
        try (EmbeddedKafka kafka = cluster();
                Admin admin = kafka.admin();
                EmbeddedObjectStore store = EmbeddedObjectStore.start();
                EmbeddedKubernetes api = EmbeddedKubernetes.start()) {
            Platform platform = describe(api.client(), admin);
            secure(platform, admin);
            produce(kafka, admin);
            try (EmbeddedKafka other = cluster();
                    Admin target = other.admin()) {
                backUp(
                        store.asyncClient(),
                        store.bucket(),
                        admin,
                        KafkaConnection.of(kafka.clientProperties()),
                        target,
                        KafkaConnection.of(other.clientProperties()));
                assertThat(placed(target)).isEqualTo(placed(admin));
            }
            kafka.addBroker("az-a");
            scale(admin);
        }
    }

    private static EmbeddedKafka cluster() {
        return EmbeddedKafka.builder()
                .brokers(3)
                .racks("az-a", "az-b", "az-c")
                .authorizer("User:ANONYMOUS")
                .start();
    }

    private Platform describe(KubernetesClient kubernetes, Admin admin) {
        // snippet: core
        Platform platform = Specs.standard()
                .with(AccessPolicies.KIND)
                .overlay(folder.resolve("overlay.yaml"))
                .read(folder.resolve("event-broker.yaml")); // InvalidSpecException: file:line:column, found, remedy
        platform.overlayChanges().printTo(System.out);
        Topology prod = platform.topology("kafka-prod");
        // end
        RunOptions options = RunOptions.defaults();
        // snippet: provisioning
        Provisioner provisioner = Provisioner.on(kubernetes);
        Plan<ManifestAction> plan = provisioner.plan(provisioner.read(Manifests.statefulSet(prod), soon()));
        plan.printTo(System.out); // what will change, why, at what risk
        provisioner.run(plan, options).await(soon()).requireSuccess();

        Topics topics = Topics.on(admin);
        Plan<TopicAction> wanted = topics.plan(topics.read(soon()), platform.all(TopicSets.KIND));
        topics.run(wanted, RunOptions.defaults()).await(soon()).requireSuccess();
        // end
        assertThat(topics.read(soon()).topic(PLACED).orElseThrow().partitions()).hasSize(12);
        return platform;
    }

    private void secure(Platform platform, Admin admin) {
        Secret password = Secret.random(24);
        // snippet: security
        CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"));
        IssuedCertificate client = ca.issue(CertificateProfile.client("order-service"));
        KeyStores.pkcs12(client, password)
                .writeTo(folder.resolve("order-service.v1.p12")); // readable by its owner alone

        AccessControl access = AccessControl.on(admin);
        Plan<AccessAction> rights = access.plan(access.read(soon()), platform.all(AccessPolicies.KIND));
        rights.printTo(System.out); // who gains and loses what
        access.run(rights, RunOptions.defaults().allow(Deletes.atMost(5)))
                .await(soon())
                .requireSuccess();
        // end
        assertThat(access.plan(access.read(soon()), platform.all(AccessPolicies.KIND)))
                .matches(Plan::isEmpty);
    }

    private static void produce(EmbeddedKafka kafka, Admin admin) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                sent.add(producer.send(new ProducerRecord<>(PLACED.value(), i % 12, null, new byte[10_000])));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        }
        admin.alterConsumerGroupOffsets(
                        "billing", Map.of(new TopicPartition(PLACED.value(), 3), new OffsetAndMetadata(42)))
                .all()
                .get();
    }

    /** The last offset of each partition, then the group's position. */
    private static String placed(Admin admin) {
        ClusterState state = ClusterState.read(admin, soon());
        return state.topic(PLACED).orElseThrow().partitions().stream()
                        .map(PartitionState::endOffset)
                        .toList()
                + " " + state.groups().get("billing");
    }

    private static void backUp(
            S3AsyncClient s3,
            String bucket,
            Admin admin,
            KafkaConnection source,
            Admin target,
            KafkaConnection targetConnection) {
        // snippet: backup
        Backups backups = Backups.in(S3Store.bucket(s3, bucket).prefix("prod"));
        BackupPlan copy = backups.plan(
                ClusterState.read(admin, soon()),
                Selection.topics(TopicPattern.glob("orders.*")).withGroups());
        RecoveryPoint point =
                backups.run(copy, source, RunOptions.defaults()).await(soon()).recoveryPoint();
        backups.verify(point, RunOptions.defaults()).await(soon()).requireSuccess();

        RestorePlan restore =
                backups.planRestore(point, ClusterState.read(target, soon()), RestoreOptions.everything());
        restore.printTo(System.out); // obstacles first, then what goes where
        backups.run(restore, targetConnection, RunOptions.defaults())
                .await(soon())
                .requireSuccess();
        // end
        assertThat(point.records()).isEqualTo(1_200);
    }

    private static void scale(Admin admin) {
        // snippet: scaling
        PlacementPlan moves = Placement.of(ClusterState.read(admin, soon()))
                .within(Band.percent(9))
                .plan();
        moves.printTo(System.out); // moves, bytes, the bound that no plan undercuts, each broker before and after
        Reassignment.on(admin)
                .throttledAt(Rate.mebibytesPerSecond(80)) // taken away again, also after a failure
                .run(moves, RunOptions.defaults())
                .await(soon())
                .requireSuccess();
        // end
        assertThat(moves.actions()).isNotEmpty();
    }

    @Test
    void partsStart() throws Exception {
        // snippet: testkit
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .brokers(3)
                        .racks("az-a", "az-b", "az-c")
                        .start();
                EmbeddedObjectStore store = EmbeddedObjectStore.start();
                EmbeddedKubernetes api = EmbeddedKubernetes.start();
                Admin client = kafka.admin()) {
            assertThat(client.describeCluster().nodes().get()).hasSize(3);
            assertThat(store.bucket()).isNotEmpty();
            assertThat(api.client().namespaces().withName("kube-system").get()).isNotNull();
        }
        // end
    }

    @Test
    void readmeShowsWhatRuns() {
        Readme.at(Path.of("../README.md"), RootReadmeTest.class).assertShowsEverySnippet();
    }
}
