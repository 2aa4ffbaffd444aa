package io.eventbroker.provisioning.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.DeletesNotAllowedException;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Progress;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.provisioning.kubernetes.ManifestAction.ChangeManifest;
import io.eventbroker.provisioning.kubernetes.ManifestAction.CreateManifest;
import io.eventbroker.provisioning.kubernetes.ManifestAction.DeleteManifest;
import io.eventbroker.provisioning.manifest.Manifests;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the provisioner does, on the embedded API server and on a real one. */
abstract class ProvisionerContract {
    final String namespace = "eb-prov-" + UUID.randomUUID().toString().substring(0, 8);
    Provisioner provisioner;

    abstract KubernetesClient client();

    @BeforeEach
    void start() {
        provisioner = Provisioner.on(client());
    }

    @AfterEach
    void deleteNamespace() {
        client().namespaces().withName(namespace).delete();
    }

    @Test
    void createsWhatIsNotThereAndThenHasNothingToDo() {
        // Given
        Manifests wanted = platform(3, "image:1");
        Plan<ManifestAction> plan = plan(wanted);
        assertThat(plan.actions()).hasSize(4).allMatch(CreateManifest.class::isInstance);
        assertThat(plan.actions().get(0).object().kind()).isEqualTo("Namespace");
        assertThat(plan.environment()).isEqualTo("test");
        assertThat(plan.basis().clusterId())
                .isEqualTo(client().namespaces()
                        .withName("kube-system")
                        .get()
                        .getMetadata()
                        .getUid());

        // When
        run(plan).requireSuccess();

        // Then
        assertThat(plan(wanted).actions()).isEmpty();
        assertThat(live("settings").getMetadata().getLabels())
                .containsEntry(Manifests.MANAGED_BY, "eventbroker")
                .containsEntry(Manifests.PLATFORM, "orders");
    }

    @Test
    void changesTheFieldsThatDiffer() {
        run(plan(platform(3, "image:1"))).requireSuccess();

        Plan<ManifestAction> upgrade = plan(platform(4, "image:2"));

        assertThat(upgrade.actions()).singleElement().isInstanceOfSatisfying(ChangeManifest.class, change -> {
            assertThat(change.changes())
                    .containsExactly(
                            new FieldChange(".spec.replicas", Optional.of("3"), Optional.of("4")),
                            new FieldChange(
                                    ".spec.template.spec.containers[name=\"kafka\"].image",
                                    Optional.of("\"image:1\""),
                                    Optional.of("\"image:2\"")));
            assertThat(change.risk()).isEqualTo(Risk.DISRUPTIVE);
            assertThat(change.summary()).contains(".spec.replicas 3 → 4");
        });
        run(upgrade).requireSuccess();
        assertThat(plan(platform(4, "image:2")).actions()).isEmpty();
    }

    @Test
    void restartsNothingToAddBrokersAndNeedsLeaveToTakeSomeAway() {
        run(plan(platform(3, "image:1"))).requireSuccess();
        assertThat(plan(platform(4, "image:1")).actions())
                .extracting(ManifestAction::risk)
                .containsExactly(Risk.SAFE);

        Plan<ManifestAction> fewer = plan(platform(2, "image:1"));

        assertThat(fewer.actions()).extracting(ManifestAction::risk).containsExactly(Risk.DESTRUCTIVE);
        assertThatThrownBy(() -> run(fewer)).isInstanceOf(DeletesNotAllowedException.class);
    }

    @Test
    void repairsWhatWasRemovedByHand() {
        Manifests wanted = platform(3, "image:1");
        run(plan(wanted)).requireSuccess();
        client().configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .edit(map -> new ConfigMapBuilder(map).removeFromData("a").build());
        client().services().inNamespace(namespace).withName("kafka").delete();

        Plan<ManifestAction> repair = plan(wanted);

        assertThat(repair.actions())
                .extracting(ManifestAction::summary)
                .containsExactly(
                        "change ConfigMap " + namespace + "/settings: .data.a = \"1\"",
                        "create Service " + namespace + "/kafka");
        run(repair).requireSuccess();
        assertThat(live("settings").getData()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(plan(wanted).actions()).isEmpty();
    }

    @Test
    void refusesToPlanOverWhatOthersOwnAndNamesAllOfIt() {
        Manifests wanted = platform(3, "image:1");
        run(plan(wanted)).requireSuccess();
        editByHand("a", "edited");
        editByHand("b", "edited");

        assertThatThrownBy(() -> plan(wanted))
                .isInstanceOfSatisfying(
                        PlanRefusedException.class,
                        e -> assertThat(e.problems())
                                .hasSize(2)
                                .allSatisfy(problem -> {
                                    assertThat(problem.location().source())
                                            .isEqualTo("ConfigMap " + namespace + "/settings");
                                    assertThat(problem.message()).contains("fabric8-kubernetes-client");
                                    assertThat(problem.remedy()).contains("takingOver");
                                })
                                .extracting(problem -> problem.path())
                                .containsExactly(".data.a", ".data.b"));
    }

    @Test
    void takesOverFromWhomItWasTold() {
        Manifests wanted = platform(3, "image:1");
        run(plan(wanted)).requireSuccess();
        editByHand("a", "edited");
        assertThatThrownBy(() -> provisioner
                        .takingOver("somebody-else")
                        .plan(provisioner.takingOver("somebody-else").read(wanted, soon())))
                .isInstanceOf(PlanRefusedException.class);

        Provisioner bold = provisioner.takingOver("fabric8-kubernetes-client");
        Plan<ManifestAction> plan = bold.plan(bold.read(wanted, soon()));

        assertThat(plan.actions())
                .singleElement()
                .satisfies(action -> assertThat(action.reason()).contains("fabric8-kubernetes-client"));
        run(plan).requireSuccess();
        assertThat(live("settings").getData()).containsEntry("a", "1");
        assertThat(plan(wanted).actions()).isEmpty();
    }

    @Test
    void failsByNameWhenAFieldIsTakenWhileItRuns() {
        run(plan(platform(3, "image:1"))).requireSuccess();
        Manifests wanted = Samples.manifests(
                Samples.namespace(namespace), Samples.configMap(namespace, "settings", Map.of("a", "3", "b", "2")));
        Plan<ManifestAction> plan = plan(wanted);

        // The first listener call comes after the basis was checked.
        RunOptions meddled = RunOptions.defaults().listener(new RunListener() {
            private boolean done;

            @Override
            public void onProgress(Progress progress) {
                if (!done) {
                    done = true;
                    editByHand("a", "meddled");
                }
            }
        });
        Report report = provisioner.run(plan, meddled).await(soon());

        assertThat(report.results()).singleElement().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.detail()).contains(".data.a").contains("fabric8-kubernetes-client");
            assertThat(result.cause()).isInstanceOf(FieldConflictException.class);
        });
        assertThat(live("settings").getData()).containsEntry("a", "meddled");
    }

    @Test
    void leavesAloneWhatOthersAddedAndDoesNotOwnIt() {
        Manifests wanted = platform(3, "image:1");
        run(plan(wanted)).requireSuccess();
        editByHand("theirs", "x");

        assertThat(plan(wanted).actions()).isEmpty();
        assertThat(live("settings").getData()).containsEntry("theirs", "x");
    }

    @Test
    void takesChargeOfAnObjectThatIsThereAlready() {
        client().resource(Samples.namespace(namespace)).create();
        client().resource(Samples.configMap(namespace, "settings", Map.of("a", "1")))
                .create();
        Manifests wanted = Samples.manifests(Samples.configMap(namespace, "settings", Map.of("a", "1")));

        run(plan(wanted)).requireSuccess();

        assertThat(plan(wanted).actions()).isEmpty();
        // Ours now, so leaving it out later removes what only we own.
        assertThat(live("settings").getMetadata().getManagedFields())
                .anyMatch(entry -> entry.getManager().equals("eventbroker"));
    }

    @Test
    void isStaleOnceWhatItReadHasChanged() {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));
        run(plan).requireSuccess();
        Plan<ManifestAction> upgrade = plan(platform(3, "image:2"));
        editByHand("theirs", "x");

        assertThatThrownBy(() -> run(upgrade)).isInstanceOf(PlanStaleException.class);
    }

    @Test
    void runsAPlanThatWasSavedAndReadBack() {
        Plan<ManifestAction> plan = plan(platform(3, "image:1"));

        run(Provisioner.PLANS.read(plan.toJson())).requireSuccess();

        assertThat(plan(platform(3, "image:1")).actions()).isEmpty();
    }

    @Test
    void refusesWhatAStatefulSetCannotChangeAndSaysWhatToDo() {
        run(plan(platform(3, "image:1"))).requireSuccess();
        Manifests larger = Samples.manifests(
                Samples.namespace(namespace), Samples.statefulSet(namespace, "kafka", 3, "image:1", "2Gi"));

        assertThatThrownBy(() -> plan(larger))
                .isInstanceOfSatisfying(
                        PlanRefusedException.class,
                        e -> assertThat(e.problems()).singleElement().satisfies(problem -> {
                            assertThat(problem.path()).isEqualTo(".spec.volumeClaimTemplates");
                            assertThat(problem.remedy())
                                    .contains("--cascade=orphan")
                                    .contains("PersistentVolumeClaims");
                        }));
    }

    @Test
    void deletesOnlyWhatIsItsOwnAndOnlyWhenAskedAndAllowed() {
        run(plan(platform(3, "image:1"))).requireSuccess();
        // Somebody else's, with copied labels.
        client().resource(new ConfigMapBuilder(Samples.configMap(namespace, "copied", Map.of()))
                        .editMetadata()
                        .addToLabels(Manifests.PLATFORM, "orders")
                        .addToLabels(Manifests.MANAGED_BY, "eventbroker")
                        .endMetadata()
                        .build())
                .create();
        Manifests less = Samples.manifests(
                Samples.namespace(namespace),
                Samples.configMap(namespace, "settings", Map.of("a", "1", "b", "2")),
                Samples.statefulSet(namespace, "kafka", 3, "image:1", "1Gi"));

        Plan<ManifestAction> careful = plan(less);
        assertThat(careful.actions()).isEmpty();
        assertThat(careful.notes()).singleElement().asString().contains("Service " + namespace + "/kafka");

        Plan<ManifestAction> pruning = provisioner.planPruning(provisioner.read(less, soon()));
        assertThat(pruning.actions())
                .singleElement()
                .isInstanceOfSatisfying(
                        DeleteManifest.class,
                        delete -> assertThat(delete.object().kind()).isEqualTo("Service"));
        assertThatThrownBy(() -> run(pruning)).isInstanceOf(DeletesNotAllowedException.class);

        provisioner
                .run(pruning, RunOptions.defaults().allow(Deletes.atMost(1)))
                .await(soon())
                .requireSuccess();
        assertThat(client().services().inNamespace(namespace).withName("kafka").get())
                .isNull();
        assertThat(live("copied")).isNotNull();
        assertThat(provisioner.planPruning(provisioner.read(less, soon())).actions())
                .isEmpty();
    }

    @Test
    void leavesReplicasToWhomeverScalesWhenTheManifestIsSilent() {
        Manifests silent = Samples.manifests(
                Samples.namespace(namespace),
                new StatefulSetBuilder(Samples.statefulSet(namespace, "kafka", 3, "image:1", "1Gi"))
                        .editSpec()
                        .withReplicas(null)
                        .endSpec()
                        .build());
        run(plan(silent)).requireSuccess();
        client().apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("kafka")
                .edit(set -> new StatefulSetBuilder(set)
                        .editSpec()
                        .withReplicas(5)
                        .endSpec()
                        .build());

        assertThat(plan(silent).actions()).isEmpty();
    }

    Manifests platform(int replicas, String image) {
        return Samples.manifests(
                Samples.statefulSet(namespace, "kafka", replicas, image, "1Gi"),
                Samples.service(namespace, "kafka", 9092),
                Samples.configMap(namespace, "settings", Map.of("a", "1", "b", "2")),
                Samples.namespace(namespace));
    }

    Plan<ManifestAction> plan(Manifests wanted) {
        return provisioner.plan(provisioner.read(wanted, soon()));
    }

    Report run(Plan<ManifestAction> plan) {
        return provisioner.run(plan, RunOptions.defaults()).await(soon());
    }

    void editByHand(String key, String value) {
        client().configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .edit(map -> new ConfigMapBuilder(map).addToData(key, value).build());
    }

    ConfigMap live(String name) {
        return client().configMaps().inNamespace(namespace).withName(name).get();
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}
