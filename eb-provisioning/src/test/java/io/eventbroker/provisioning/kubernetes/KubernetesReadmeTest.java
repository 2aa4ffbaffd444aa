package io.eventbroker.provisioning.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's snippet on Kubernetes, and sees to it that it is the same as here. */
class KubernetesReadmeTest {
    @TempDir
    Path dir;

    @Test
    void snippetRuns() throws IOException {
        Files.copy(Path.of("src/test/resources/platform.yaml"), dir.resolve("platform.yaml"));
        StringBuilder out = new StringBuilder();
        try (EmbeddedKubernetes kubernetes = EmbeddedKubernetes.start()) {
            apply(kubernetes.client(), out);
        }
        assertThat(out.toString()).contains("create StatefulSet event-broker/kafka-prod");
    }

    private void apply(KubernetesClient kubernetes, Appendable out) {
        Deadline soon = Deadline.after(Duration.ofSeconds(60));
        // snippet: kubernetes
        Platform platform = Specs.standard().read(dir.resolve("platform.yaml"));
        Manifests manifests = Manifests.statefulSet(platform.topology("kafka-prod")); // or Manifests.confluent(…)

        Provisioner provisioner = Provisioner.on(kubernetes);
        KubernetesState live = provisioner.read(manifests, soon);
        Plan<ManifestAction> plan = provisioner.plan(live);
        plan.printTo(out);
        RunOptions options = RunOptions.defaults().journal(Journal.file(dir.resolve("apply.journal")));
        provisioner.run(plan, options).await(soon).requireSuccess();
        // end
    }

    @Test
    void readmeShowsWhatRuns() {
        Readme.of(KubernetesReadmeTest.class).assertShowsSnippets("kubernetes");
    }
}
