package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Security;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plain Kubernetes resources: one StatefulSet for the brokers, one for the controllers, each with what it needs. */
final class StatefulSetRenderer extends Rendering {
    StatefulSetRenderer(Topology topology) {
        super(topology, "a StatefulSet");
    }

    Manifests render() {
        refuseAndNoteTheRest();
        check();
        requireNoProblems();
        ServerProperties properties = new ServerProperties(topology);
        KafkaServices services = new KafkaServices(topology);
        List<HasMetadata> objects = new ArrayList<>(namespaces());
        controllers()
                .ifPresent(quorum ->
                        objects.addAll(nodes(NodeSet.controllers(quorum), properties.ofControllers(quorum), services)));
        objects.addAll(nodes(NodeSet.brokers(brokers()), properties.ofBrokers(), services));
        objects.add(services.bootstrap());
        objects.addAll(services.external());
        return Manifests.of(topology.name(), topology.environment(), objects, notes());
    }

    private void check() {
        if (topology.security().authorization() == Security.Authorization.RBAC) {
            problem(
                    "security.authorization",
                    "role bindings need Confluent's metadata service, which a StatefulSet does not bring",
                    "use acl");
        }
        Optional<Listener> internal = interBroker();
        if (internal.isEmpty()) {
            problem("brokers.listeners", "no internal listener for the brokers among themselves", "add one");
        } else if (internal.get().authentication().isSasl()) {
            problem(
                    "brokers.listeners",
                    "the brokers would log in to each other at '"
                            + internal.get().name() + "' with a secret",
                    "put an internal listener with mtls first");
        }
        for (int i = 0; i < brokers().listeners().size(); i++) {
            Listener listener = brokers().listeners().get(i);
            if (listener.authentication() == Listener.Authentication.PLAIN) {
                problem(
                        "brokers.listeners[" + i + "].authentication",
                        "the users of SASL PLAIN would stand in the broker's configuration",
                        "use mtls, scram-sha-512 or oauthbearer");
            }
            if (listener.exposure() == Listener.Exposure.EXTERNAL
                    && topology.network().externalDomain().isEmpty()) {
                problem(
                        "brokers.listeners[" + i + "]",
                        "the external listener '" + listener.name() + "' needs a domain for its names",
                        "set network.externalDomain");
            }
        }
        if (topology.zonesOf(brokers()).size() > 1) {
            note("brokers learn their zone from the pod label " + ZONE_LABEL
                    + ", which Kubernetes 1.35 copies from the node (PodTopologyLabelsAdmission, a feature gate since"
                    + " 1.33); without it they refuse to start rather than guess");
        }
        note("the StatefulSets have the update strategy OnDelete: a changed template takes effect pod by pod, as they"
                + " are deleted");
    }

    private List<HasMetadata> nodes(NodeSet nodes, SortedMap<String, String> properties, KafkaServices services) {
        ConfigMap config = configMap(nodes, properties);
        return List.of(
                serviceAccount(nodes),
                config,
                services.headless(nodes),
                disruptionBudget(nodes),
                IngressRules.of(topology, nodes),
                new KafkaStatefulSet(topology, usesTls()).of(nodes, config));
    }

    private ConfigMap configMap(NodeSet nodes, SortedMap<String, String> properties) {
        Component component = nodes.component();
        Map<String, String> data = new TreeMap<>();
        data.put("server.properties", ServerProperties.text(properties));
        data.put("start.sh", StartScript.of(topology, nodes));
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(component.name() + "-config")
                .withNamespace(component.namespace())
                .withLabels(Labels.of(topology, nodes))
                .endMetadata()
                .withData(data)
                .build();
    }

    private ServiceAccount serviceAccount(NodeSet nodes) {
        Component component = nodes.component();
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(Labels.of(topology, nodes))
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
    }

    private PodDisruptionBudget disruptionBudget(NodeSet nodes) {
        Component component = nodes.component();
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(Labels.of(topology, nodes))
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(Labels.matching(component))
                .endSpec()
                .build();
    }
}
