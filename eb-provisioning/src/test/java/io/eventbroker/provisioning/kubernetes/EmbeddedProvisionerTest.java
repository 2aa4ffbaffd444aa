package io.eventbroker.provisioning.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only an API server that misbehaves on purpose can show. */
class EmbeddedProvisionerTest extends ProvisionerContract {
    private static EmbeddedKubernetes kubernetes;

    @BeforeAll
    static void startServer() {
        kubernetes = EmbeddedKubernetes.start().customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas");
    }

    @AfterAll
    static void stopServer() {
        kubernetes.close();
    }

    @AfterEach
    void noFaults() {
        kubernetes.faults().clear();
    }

    @Override
    KubernetesClient client() {
        return kubernetes.client();
    }

    @Test
    void appliesCustomResources() {
        Manifests three =
                Samples.manifests(Samples.namespace(namespace), Samples.kafka(namespace, 3, List.of("a=1", "b=2")));
        run(plan(three)).requireSuccess();
        assertThat(plan(three).actions()).isEmpty();

        Plan<ManifestAction> change = plan(
                Samples.manifests(Samples.namespace(namespace), Samples.kafka(namespace, 3, List.of("a=1", "b=3"))));

        assertThat(change.actions())
                .extracting(ManifestAction::summary)
                .containsExactly("change Kafka " + namespace
                        + "/kafka: .spec.configOverrides.server [\"a=1\",\"b=2\"] → [\"a=1\",\"b=3\"]");
    }

    @Test
    void aChangedBrokerPropertyShowsOnTheStatefulSetWhosePodsMustRestart() throws IOException {
        // Given
        String yaml = Files.readString(Path.of("src/test/resources/platform.yaml"));
        Topology before = Specs.standard().parse("platform.yaml", yaml).topology("kafka-prod");
        Topology after = Specs.standard()
                .parse(
                        "platform.yaml",
                        yaml.replace("num.partitions: 12", "num.partitions: 12\n      num.io.threads: 16"))
                .topology("kafka-prod");
        try (EmbeddedKubernetes own = EmbeddedKubernetes.start()) {
            Provisioner provisioner = Provisioner.on(own.client());
            provisioner
                    .run(
                            provisioner.plan(provisioner.read(Manifests.statefulSet(before), soon())),
                            RunOptions.defaults())
                    .await(soon())
                    .requireSuccess();

            // When
            Plan<ManifestAction> plan = provisioner.plan(provisioner.read(Manifests.statefulSet(after), soon()));

            // Then
            assertThat(plan.actions())
                    .extracting(action ->
                            action.object().kind() + " " + action.object().name() + " " + action.risk())
                    .containsExactly("ConfigMap kafka-prod-config SAFE", "StatefulSet kafka-prod DISRUPTIVE");
            assertThat(plan.actions().get(1).dependsOn())
                    .as("pods that restart find the new configuration")
                    .contains(plan.actions().get(0).id());
            assertThat(plan.notes()).anyMatch(note -> note.contains("OnDelete"));
        }
    }

    @Test
    void saysWhichDefinitionIsMissing() {
        try (EmbeddedKubernetes bare = EmbeddedKubernetes.start()) {
            Provisioner other = Provisioner.on(bare.client());

            assertThatThrownBy(() -> other.read(Samples.manifests(Samples.kafka("default", 3, List.of())), soon()))
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("Kafka")
                    .hasMessageContaining("custom resource definitions");
        }
    }

    @Test
    void refusesAPlanOfAnotherCluster() {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));
        try (EmbeddedKubernetes other = EmbeddedKubernetes.start()) {
            assertThatThrownBy(() -> Provisioner.on(other.client())
                            .run(plan, RunOptions.defaults())
                            .await(soon()))
                    .isInstanceOf(PlanStaleException.class)
                    .hasMessageContaining(kubernetes.clusterId());
        }
    }

    @Test
    void triesAgainWhatWasRefusedForAWhile() {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));
        kubernetes.faults().refuseNextWrites(2);

        run(plan).requireSuccess();

        assertThat(plan(platform(3, "image:1")).actions()).isEmpty();
    }

    @Test
    void looksWhenAnAnswerWasLostAndDoesNotRepeat() {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));
        kubernetes.faults().loseNextAnswers(1);

        Report report = run(plan);

        report.requireSuccess();
        assertThat(report.results()).anyMatch(result -> result.detail().contains("found in place"));
        assertThat(plan(platform(3, "image:1")).actions()).isEmpty();
    }

    @Test
    void failsWhileTheServerRefusesAndSucceedsWithTheSamePlanAndJournalLater(@TempDir Path folder) {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));
        RunOptions options = RunOptions.defaults().journal(Journal.file(folder.resolve("run.journal")));
        kubernetes.faults().refuseNextWrites(1000);

        Report refused = provisioner.run(plan, options).await(Deadline.after(Duration.ofMinutes(2)));

        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.results().get(0).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refused.results().get(1).outcome()).isEqualTo(Outcome.NOT_REACHED);

        kubernetes.faults().clear();
        provisioner.run(plan, options).await(soon()).requireSuccess();
        assertThat(plan(platform(3, "image:1")).actions()).isEmpty();
    }

    @Test
    void givesUpReadingAtTheDeadline() {
        kubernetes.faults().refuseNext(1000);

        assertThatThrownBy(() -> provisioner.read(platform(3, "image:1"), Deadline.after(Duration.ofMillis(500))))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void givesUpReadingFromAServerThatDoesNotAnswer() {
        kubernetes.faults().delayNext(1000, Duration.ofSeconds(20));

        long start = System.nanoTime();
        assertThatThrownBy(() -> provisioner.read(platform(3, "image:1"), Deadline.after(Duration.ofMillis(700))))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void printsAPlanForPeople() {
        run(plan(Samples.manifests(
                        Samples.namespace(namespace), Samples.configMap(namespace, "settings", Map.of("a", "1")))))
                .requireSuccess();
        StringBuilder text = new StringBuilder();

        plan(platform(3, "image:1")).printTo(text);

        assertThat(text.toString())
                .contains("change ConfigMap " + namespace + "/settings: .data.b = \"2\"")
                .contains("create Service " + namespace + "/kafka  (not there)");
    }
}
