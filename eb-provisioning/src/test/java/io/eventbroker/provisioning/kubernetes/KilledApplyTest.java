package io.eventbroker.provisioning.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.provisioning.KilledProcesses;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they apply manifests; the last one goes on, and ends where one process would have. */
class KilledApplyTest {
    private static final String NAMESPACE = "orders";
    private static final Deletes DELETES = Deletes.atMost(10);

    @TempDir
    Path folder;

    /** The process that is killed: the API server's address, the plan's file, the journal's. */
    public static void main(String[] args) throws Exception {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(args[0])
                .withNamespace("default")
                .withOauthToken("embedded")
                .withHttp2Disable(true)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            Plan<ManifestAction> plan = Provisioner.PLANS.read(Files.readString(Path.of(args[1])));
            RunOptions options = RunOptions.defaults()
                    .journal(Journal.file(Path.of(args[2])))
                    .allow(DELETES);
            Provisioner.on(client).run(plan, options).await(soon()).requireSuccess();
        }
    }

    @Test
    void endsWhereAnUndisturbedRunWouldHave() throws Exception {
        try (EmbeddedKubernetes undisturbed = start();
                EmbeddedKubernetes disturbed = start()) {
            Provisioner once = Provisioner.on(undisturbed.client());
            once.run(planFor(undisturbed), RunOptions.defaults().allow(DELETES))
                    .await(soon())
                    .requireSuccess();
            Plan<ManifestAction> plan = planFor(disturbed);
            assertThat(plan.actions()).hasSizeGreaterThan(12);
            Path saved = Files.writeString(folder.resolve("plan.json"), plan.toJson());
            // Late answers, so that the kills come between and within requests.
            disturbed.faults().delayNext(Integer.MAX_VALUE, Duration.ofMillis(60));

            int midRun = new KilledProcesses(KilledApplyTest.class, folder, new Random(20261120), 60)
                    .run(saved, folder.resolve("journal"), 3, disturbed.url().toString());

            assertThat(midRun).isPositive();
            disturbed.faults().clear();
            assertThat(Samples.stateOf(disturbed.client(), NAMESPACE))
                    .isEqualTo(Samples.stateOf(undisturbed.client(), NAMESPACE));
            assertThat(planFor(disturbed).actions()).isEmpty();
        }
    }

    private static EmbeddedKubernetes start() {
        EmbeddedKubernetes kubernetes =
                EmbeddedKubernetes.start().customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas");
        Provisioner provisioner = Provisioner.on(kubernetes.client());
        provisioner
                .run(provisioner.plan(provisioner.read(earlier(), soon())), RunOptions.defaults())
                .await(soon())
                .requireSuccess();
        return kubernetes;
    }

    private static Plan<ManifestAction> planFor(EmbeddedKubernetes kubernetes) {
        Provisioner provisioner = Provisioner.on(kubernetes.client());
        return provisioner.planPruning(provisioner.read(wanted(), soon()));
    }

    private static Manifests earlier() {
        return Samples.manifests(
                Samples.namespace(NAMESPACE),
                Samples.configMap(NAMESPACE, "changed", Map.of("a", "1", "b", "1")),
                Samples.configMap(NAMESPACE, "gone", Map.of("a", "1")),
                Samples.service(NAMESPACE, "gone", 9090),
                Samples.statefulSet(NAMESPACE, "kafka", 3, "image:1", "1Gi"));
    }

    private static Manifests wanted() {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(Samples.namespace(NAMESPACE));
        objects.add(Samples.configMap(NAMESPACE, "changed", Map.of("a", "2")));
        for (int i = 0; i < 8; i++) {
            objects.add(Samples.configMap(NAMESPACE, "new-" + i, Map.of("a", "" + i)));
        }
        objects.add(Samples.service(NAMESPACE, "kafka", 9092));
        objects.add(Samples.statefulSet(NAMESPACE, "kafka", 4, "image:2", "1Gi"));
        objects.add(Samples.kafka(NAMESPACE, 3, List.of("a=1")));
        return Samples.manifests(objects.toArray(HasMetadata[]::new));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}
