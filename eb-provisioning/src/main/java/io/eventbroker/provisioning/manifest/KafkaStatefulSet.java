package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Storage;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The StatefulSet of some nodes: how their pods are made and replaced, where they may run, and the volumes they keep. */
final class KafkaStatefulSet {
    private static final long CONTROLLED_SHUTDOWN_SECONDS = 300;

    private final Topology topology;
    private final boolean tls;

    /** @param tls whether the nodes need keys and certificates */
    KafkaStatefulSet(Topology topology, boolean tls) {
        this.topology = topology;
        this.tls = tls;
    }

    StatefulSet of(NodeSet nodes, ConfigMap config) {
        Component component = nodes.component();
        Map<String, String> labels = Labels.of(topology, nodes);
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        claims.add(claim("data", nodes.storage().data()));
        nodes.storage().logs().ifPresent(logs -> claims.add(claim("logs", logs)));
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceName(component.headlessService())
                .withReplicas(component.replicas())
                // The members of a quorum need each other to get ready.
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withSelector(Labels.matching(component))
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                // So that a changed configuration is a changed template.
                .addToAnnotations("eventbroker.io/config", hash(config))
                .endMetadata()
                .withSpec(pod(nodes, config))
                .endTemplate()
                .withVolumeClaimTemplates(claims)
                .endSpec()
                .build();
    }

    private static String hash(ConfigMap config) {
        return Sha256.of(new TreeMap<>(config.getData()).toString()).toString();
    }

    private PodSpec pod(NodeSet nodes, ConfigMap config) {
        Component component = nodes.component();
        PodSpecBuilder pod = new PodSpecBuilder()
                .withServiceAccountName(component.name())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(CONTROLLED_SHUTDOWN_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(Rendering.USER)
                .withRunAsGroup(Rendering.USER)
                .withFsGroup(Rendering.USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withAffinity(affinity(component))
                .withContainers(KafkaContainer.of(topology, nodes, tls))
                .addToVolumes(new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(config.getMetadata().getName())
                        .endConfigMap()
                        .build())
                .addToVolumes(new VolumeBuilder()
                        .withName("scratch")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build());
        if (tls) {
            pod.addToVolumes(new VolumeBuilder()
                    .withName("tls")
                    .withNewSecret()
                    .withSecretName(component.name() + "-tls")
                    .withDefaultMode(0440)
                    .endSecret()
                    .build());
        }
        if (nodes.storage().logs().isEmpty()) {
            pod.addToVolumes(new VolumeBuilder()
                    .withName("logs")
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .build());
        }
        if (topology.zonesOf(component).size() > 1) {
            pod.addNewTopologySpreadConstraint()
                    .withMaxSkew(1)
                    .withTopologyKey(Rendering.ZONE_LABEL)
                    .withWhenUnsatisfiable("DoNotSchedule")
                    .withLabelSelector(Labels.matching(component))
                    .endTopologySpreadConstraint();
        }
        return pod.build();
    }

    private static PersistentVolumeClaim claim(String name, Storage.Volume volume) {
        PersistentVolumeClaimBuilder claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", Quantity.parse(volume.size().toString()))
                .endResources()
                .endSpec();
        volume.storageClass()
                .ifPresent(storageClass ->
                        claim.editSpec().withStorageClassName(storageClass).endSpec());
        return claim.build();
    }

    private Affinity affinity(Component component) {
        PodAffinityTerm apart = new PodAffinityTermBuilder()
                .withTopologyKey("kubernetes.io/hostname")
                .withLabelSelector(Labels.matching(component))
                .build();
        AffinityBuilder affinity = new AffinityBuilder();
        if (topology.zones().size() > 1) {
            return affinity.withNewNodeAffinity()
                    .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .addNewNodeSelectorTerm()
                    .addNewMatchExpression()
                    .withKey(Rendering.ZONE_LABEL)
                    .withOperator("In")
                    .withValues(topology.zonesOf(component).stream()
                            .map(Zone::value)
                            .toList())
                    .endMatchExpression()
                    .endNodeSelectorTerm()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity()
                    .withNewPodAntiAffinity()
                    .withRequiredDuringSchedulingIgnoredDuringExecution(apart)
                    .endPodAntiAffinity()
                    .build();
        }
        // One zone is for development, where there may be one node.
        return affinity.withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withPodAffinityTerm(apart)
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }
}
