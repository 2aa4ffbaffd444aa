package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.provisioning.manifest.Manifests;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Small platforms to provision. */
final class Samples {
    private Samples() {}

    static Manifests manifests(HasMetadata... objects) {
        return Manifests.of("orders", "test", List.of(objects));
    }

    static Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }

    static ConfigMap configMap(String namespace, String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(data)
                .build();
    }

    static Service service(String namespace, String name, int port) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", "kafka")
                .addNewPort()
                .withName("broker")
                .withPort(port)
                .endPort()
                .endSpec()
                .build();
    }

    static StatefulSet statefulSet(String namespace, String name, int replicas, String image, String storage) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withServiceName(name)
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", "kafka")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "kafka")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("kafka")
                .withImage(image)
                .addNewVolumeMount()
                .withName("data")
                .withMountPath("/data")
                .endVolumeMount()
                .endContainer()
                .endSpec()
                .endTemplate()
                .addNewVolumeClaimTemplate()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(storage))
                .endResources()
                .endSpec()
                .endVolumeClaimTemplate()
                .endSpec()
                .build();
    }

    static GenericKubernetesResource kafka(String namespace, int replicas, List<String> server) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("platform.confluent.io/v1beta1")
                .withKind("Kafka")
                .withNewMetadata()
                .withName("kafka")
                .withNamespace(namespace)
                .endMetadata()
                .addToAdditionalProperties(
                        "spec", Map.of("replicas", replicas, "configOverrides", Map.of("server", server)))
                .build();
    }

    /** All that the samples may have put into a namespace, without what differs from server to server. */
    static Map<String, String> stateOf(KubernetesClient client, String namespace) {
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.configMaps().inNamespace(namespace).list().getItems());
        all.addAll(client.services().inNamespace(namespace).list().getItems());
        all.addAll(client.apps().statefulSets().inNamespace(namespace).list().getItems());
        all.addAll(client.genericKubernetesResources("platform.confluent.io/v1beta1", "Kafka")
                .inNamespace(namespace)
                .list()
                .getItems());
        Map<String, String> state = new TreeMap<>();
        for (HasMetadata object : all) {
            ObjectNode tree = (ObjectNode) CanonicalJson.readTree(Serialization.asJson(object));
            ObjectNode metadata = (ObjectNode) tree.get("metadata");
            metadata.remove(List.of("uid", "namespace", "resourceVersion", "creationTimestamp", "generation"));
            for (JsonNode entry : metadata.path("managedFields")) {
                ((ObjectNode) entry).remove("time");
            }
            state.put(object.getKind() + "/" + object.getMetadata().getName(), CanonicalJson.write(tree));
        }
        return state;
    }
}
