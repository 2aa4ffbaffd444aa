package io.eventbroker.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What server-side apply does, whoever serves it: the embedded API server must not differ from a real one. */
abstract class ServerSideApplyContract {

    private final String namespace =
            "eb-contract-" + UUID.randomUUID().toString().substring(0, 8);

    abstract KubernetesClient client();

    @BeforeEach
    void makeNamespace() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void deleteNamespace() {
        client().namespaces().withName(namespace).delete();
    }

    @Test
    void createsWhatIsNotThereAndRecordsTheManager() {
        ConfigMap created = apply("one", configMap(Map.of("a", "1")));

        assertThat(created.getMetadata().getUid()).isNotBlank();
        ManagedFieldsEntry entry = created.getMetadata().getManagedFields().get(0);
        assertThat(entry.getManager()).isEqualTo("one");
        assertThat(entry.getOperation()).isEqualTo("Apply");
        assertThat(entry.getFieldsV1().getAdditionalProperties()).containsOnlyKeys("f:data");
        assertThat(live().getData()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void changesNothingWhenAppliedAgain() {
        String version = apply("one", configMap(Map.of("a", "1"))).getMetadata().getResourceVersion();

        assertThat(apply("one", configMap(Map.of("a", "1"))).getMetadata().getResourceVersion())
                .isEqualTo(version);
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void letsManagersOwnDifferentFields() {
        apply("one", configMap(Map.of("a", "1")));
        apply("two", configMap(Map.of("b", "2")));

        apply("one", configMap(Map.of("a", "3")));

        assertThat(live().getData()).isEqualTo(Map.of("a", "3", "b", "2"));
        assertThat(live().getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void refusesToChangeWhatAnotherAppliedAndNamesBoth() {
        apply("one", configMap(Map.of("a", "1", "b", "1")));
        String version = live().getMetadata().getResourceVersion();

        assertThatThrownBy(() -> apply("two", configMap(Map.of("a", "2", "b", "1"))))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(409);
                    assertThat(e.getStatus().getReason()).isEqualTo("Conflict");
                    List<StatusCause> causes = e.getStatus().getDetails().getCauses();
                    assertThat(causes).singleElement().satisfies(cause -> {
                        assertThat(cause.getReason()).isEqualTo("FieldManagerConflict");
                        assertThat(cause.getField()).isEqualTo(".data.a");
                        assertThat(cause.getMessage()).contains("conflict with \"one\"");
                    });
                });
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void sharesAFieldOnWhichManagersAgree() {
        apply("one", configMap(Map.of("a", "1")));
        apply("two", configMap(Map.of("a", "1")));

        // One lets go, the other still owns it.
        apply("one", configMap(Map.of()));
        assertThat(live().getData()).isEqualTo(Map.of("a", "1"));

        apply("two", configMap(Map.of()));
        assertThat(live().getData()).isNullOrEmpty();
    }

    @Test
    void takesOverWhenForced() {
        apply("one", configMap(Map.of("a", "1", "b", "1")));

        client().resource(configMap(Map.of("a", "2")))
                .inNamespace(namespace)
                .fieldManager("two")
                .forceConflicts()
                .serverSideApply();

        assertThat(live().getData()).isEqualTo(Map.of("a", "2", "b", "1"));
        assertThatThrownBy(() -> apply("one", configMap(Map.of("a", "1", "b", "1"))))
                .hasMessageContaining("conflict with \"two\"");
        assertThat(apply("one", configMap(Map.of("b", "1"))).getData()).isEqualTo(Map.of("a", "2", "b", "1"));
    }

    @Test
    void removesWhatItsManagerNoLongerApplies() {
        apply("one", configMap(Map.of("a", "1", "b", "1")));
        apply("two", configMap(Map.of("c", "1")));

        apply("one", configMap(Map.of("a", "1")));

        assertThat(live().getData()).isEqualTo(Map.of("a", "1", "c", "1"));
    }

    @Test
    void letsAnEditTakeAFieldAway() {
        apply("one", configMap(Map.of("a", "1", "b", "1")));
        client().configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .edit(map -> new ConfigMapBuilder(map).addToData("a", "edited").build());

        assertThatThrownBy(() -> apply("one", configMap(Map.of("a", "1", "b", "1"))))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getDetails().getCauses())
                                .singleElement()
                                .satisfies(cause -> {
                                    assertThat(cause.getField()).isEqualTo(".data.a");
                                    assertThat(cause.getMessage())
                                            .contains("conflict with \"fabric8-kubernetes-client\"")
                                            .contains("using v1");
                                }));
    }

    @Test
    void putsBackWhatAnEditRemoved() {
        apply("one", configMap(Map.of("a", "1", "b", "1")));
        client().configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .edit(map -> new ConfigMapBuilder(map).removeFromData("a").build());
        assertThat(live().getData()).isEqualTo(Map.of("b", "1"));

        apply("one", configMap(Map.of("a", "1", "b", "1")));

        assertThat(live().getData()).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void foretellsWithoutDoing() {
        String version = apply("one", configMap(Map.of("a", "1"))).getMetadata().getResourceVersion();
        PatchContext dryRun = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("one")
                .withForce(false)
                .withDryRun(List.of("All"))
                .build();

        ConfigMap foretold = client().configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .patch(dryRun, configMap(Map.of("a", "2")));

        assertThat(foretold.getData()).isEqualTo(Map.of("a", "2"));
        assertThat(live().getData()).isEqualTo(Map.of("a", "1"));
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(live().getMetadata().getManagedFields()).hasSize(1);
    }

    @Test
    void refusesAnOldResourceVersion() {
        ConfigMap first = apply("one", configMap(Map.of("a", "1")));
        apply("one", configMap(Map.of("a", "2")));
        ConfigMap late = new ConfigMapBuilder(configMap(Map.of("a", "3")))
                .editMetadata()
                .withResourceVersion(first.getMetadata().getResourceVersion())
                .endMetadata()
                .build();

        assertThatThrownBy(() -> apply("one", late))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
    }

    @Test
    void refusesAnObjectInANamespaceThatIsNotThere() {
        assertThatThrownBy(() -> client().resource(configMap(Map.of()))
                        .inNamespace("eb-not-there")
                        .fieldManager("one")
                        .serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(404));
    }

    @Test
    void mergesPortsOfAServiceByPortAndProtocol() {
        apply("one", service(port("broker", 9092, null)));
        apply("two", service(port("metrics", 9404, "TCP")));

        Service both = apply("one", service(port("broker", 9092, null), port("admin", 9093, null)));

        assertThat(both.getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .containsExactlyInAnyOrder(9092, 9404, 9093);
        assertThatThrownBy(() -> apply("two", service(port("other", 9092, null))))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getDetails().getCauses())
                                .extracting(StatusCause::getField)
                                .containsExactly(".spec.ports[port=9092,protocol=\"TCP\"].name"));
    }

    @Test
    void replacesASelectorAsAWhole() {
        apply(
                "one",
                new ServiceBuilder(service(port("broker", 9092, null)))
                        .editSpec()
                        .withSelector(Map.of("app", "kafka", "role", "broker"))
                        .endSpec()
                        .build());

        Service changed = apply(
                "one",
                new ServiceBuilder(service(port("broker", 9092, null)))
                        .editSpec()
                        .withSelector(Map.of("app", "kafka"))
                        .endSpec()
                        .build());

        assertThat(changed.getSpec().getSelector()).isEqualTo(Map.of("app", "kafka"));
        assertThatThrownBy(() -> apply(
                        "two",
                        new ServiceBuilder(service(port("broker", 9092, null)))
                                .editSpec()
                                .withSelector(Map.of("zone", "a"))
                                .endSpec()
                                .build()))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getDetails().getCauses())
                                .extracting(StatusCause::getField)
                                .containsExactly(".spec.selector"));
    }

    @Test
    void mergesContainersAndTheirListsByKey() {
        apply("one", statefulSet(1, kafka("image:1")));
        Container sidecar = new ContainerBuilder()
                .withName("sidecar")
                .withImage("sidecar:1")
                .build();
        Container more = new ContainerBuilder()
                .withName("kafka")
                .withEnv(new EnvVar("TRACE", "on", null))
                .addNewVolumeMount()
                .withName("extra")
                .withMountPath("/extra")
                .endVolumeMount()
                .build();
        StatefulSet fromTwo = new StatefulSetBuilder(statefulSet(1, more, sidecar))
                .editSpec()
                .withServiceName(null)
                .withReplicas(null)
                .withVolumeClaimTemplates(List.of())
                .editTemplate()
                .editSpec()
                .addNewVolume()
                .withName("extra")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        apply("two", fromTwo);

        StatefulSet upgraded = apply("one", statefulSet(1, kafka("image:2")));

        List<Container> containers = upgraded.getSpec().getTemplate().getSpec().getContainers();
        assertThat(containers).extracting(Container::getName).containsExactlyInAnyOrder("kafka", "sidecar");
        Container kafka = containers.stream()
                .filter(c -> c.getName().equals("kafka"))
                .findFirst()
                .orElseThrow();
        assertThat(kafka.getImage()).isEqualTo("image:2");
        assertThat(kafka.getEnv()).extracting(EnvVar::getName).containsExactlyInAnyOrder("HEAP", "TRACE");
        assertThat(kafka.getVolumeMounts()).hasSize(2);
        assertThatThrownBy(() -> apply("two", statefulSet(1, kafka("image:3"))))
                .hasMessageContaining(".spec.template.spec.containers[name=\"kafka\"].image");
    }

    @Test
    void removesAContainerThatItsManagerDropsWithItsDefaults() {
        Container sidecar = new ContainerBuilder()
                .withName("sidecar")
                .withImage("sidecar:1")
                .build();
        apply("one", statefulSet(1, kafka("image:1"), sidecar));

        StatefulSet without = apply("one", statefulSet(1, kafka("image:1")));

        assertThat(without.getSpec().getTemplate().getSpec().getContainers())
                .extracting(Container::getName)
                .containsExactly("kafka");
    }

    @Test
    void leavesReplicasToWhoScales() {
        StatefulSet open = new StatefulSetBuilder(statefulSet(1, kafka("image:1")))
                .editSpec()
                .withReplicas(null)
                .endSpec()
                .build();
        apply("one", open);
        client().apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("kafka")
                .edit(set -> new StatefulSetBuilder(set)
                        .editSpec()
                        .withReplicas(2)
                        .endSpec()
                        .build());

        StatefulSet again = apply("one", open);

        assertThat(again.getSpec().getReplicas()).isEqualTo(2);
        assertThatThrownBy(() -> apply("one", statefulSet(1, kafka("image:1")))).hasMessageContaining(".spec.replicas");
    }

    @Test
    void raisesTheGenerationWithTheSpecAlone() {
        StatefulSet first = apply("one", statefulSet(1, kafka("image:1")));
        StatefulSet labelled = apply(
                "one",
                new StatefulSetBuilder(statefulSet(1, kafka("image:1")))
                        .editMetadata()
                        .addToLabels("team", "a")
                        .endMetadata()
                        .build());
        StatefulSet changed = apply(
                "one",
                new StatefulSetBuilder(statefulSet(1, kafka("image:2")))
                        .editMetadata()
                        .addToLabels("team", "a")
                        .endMetadata()
                        .build());

        assertThat(labelled.getMetadata().getGeneration())
                .isEqualTo(first.getMetadata().getGeneration());
        assertThat(changed.getMetadata().getGeneration())
                .isGreaterThan(first.getMetadata().getGeneration());
    }

    @Test
    void refusesToChangeTheVolumesOfAStatefulSet() {
        apply("one", statefulSet(1, kafka("image:1")));
        StatefulSet larger = statefulSet(1, kafka("image:1"));
        larger.getSpec()
                .getVolumeClaimTemplates()
                .get(0)
                .getSpec()
                .getResources()
                .setRequests(Map.of("storage", new Quantity("2Gi")));

        assertThatThrownBy(() -> apply("one", larger)).isInstanceOfSatisfying(KubernetesClientException.class, e -> {
            assertThat(e.getCode()).isEqualTo(422);
            assertThat(e.getMessage()).contains("Forbidden");
        });
    }

    @Test
    void replacesTheRulesOfANetworkPolicyAsAWhole() {
        apply("one", policy(9092));

        NetworkPolicy changed = apply("one", policy(9093));

        assertThat(changed.getSpec().getIngress())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getPorts())
                        .singleElement()
                        .satisfies(
                                port -> assertThat(port.getPort().getIntVal()).isEqualTo(9093)));
        assertThatThrownBy(() -> apply("two", policy(9094))).hasMessageContaining(".spec.ingress");
    }

    @Test
    void refusesAnItemThatIsThereTwice() {
        assertThatThrownBy(() -> apply("one", statefulSet(1, kafka("image:1"), kafka("image:2"))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("duplicate entries");
    }

    <T extends HasMetadata> T apply(String manager, T object) {
        return client().resource(object)
                .inNamespace(namespace)
                .fieldManager(manager)
                .serverSideApply();
    }

    private ConfigMap live() {
        return client().configMaps().inNamespace(namespace).withName("settings").get();
    }

    private static ConfigMap configMap(Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static ServicePort port(String name, int port, String protocol) {
        ServicePort result = new ServicePort();
        result.setName(name);
        result.setPort(port);
        result.setProtocol(protocol);
        return result;
    }

    private static Service service(ServicePort... ports) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("kafka")
                .endMetadata()
                .withNewSpec()
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static Container kafka(String image) {
        return new ContainerBuilder()
                .withName("kafka")
                .withImage(image)
                .withEnv(new EnvVar("HEAP", "1g", null))
                .addNewPort()
                .withName("broker")
                .withContainerPort(9092)
                .endPort()
                .addNewVolumeMount()
                .withName("data")
                .withMountPath("/data")
                .endVolumeMount()
                .build();
    }

    private static StatefulSet statefulSet(int replicas, Container... containers) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("kafka")
                .endMetadata()
                .withNewSpec()
                .withServiceName("kafka")
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", "kafka")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "kafka")
                .endMetadata()
                .withNewSpec()
                .withContainers(containers)
                .endSpec()
                .endTemplate()
                .addNewVolumeClaimTemplate()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .endVolumeClaimTemplate()
                .endSpec()
                .build();
    }

    private static NetworkPolicy policy(int port) {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName("kafka")
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .endPodSelector()
                .addNewIngress()
                .addNewPort()
                .withNewPort(port)
                .endPort()
                .endIngress()
                .endSpec()
                .build();
    }
}
