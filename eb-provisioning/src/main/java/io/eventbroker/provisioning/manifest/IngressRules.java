package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who may reach Kafka inside the Kubernetes cluster: controllers are for Kafka alone; brokers for their namespace and for
 * namespaces that are marked as clients.
 */
final class IngressRules {
    private static final String RESTRICTED_CLIENT = "eventbroker.io/client";

    private IngressRules() {}

    static NetworkPolicy of(Topology topology, NodeSet nodes) {
        Component component = nodes.component();
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        for (Listener listener : nodes.listeners()) {
            NetworkPolicyIngressRuleBuilder rule = new NetworkPolicyIngressRuleBuilder()
                    .addNewPort()
                    .withProtocol("TCP")
                    .withPort(new IntOrString(listener.port()))
                    .endPort();
            if (!nodes.isBrokers()) {
                for (Component kafka :
                        Stream.<Component>of(component, topology.brokers()).toList()) {
                    rule.addNewFrom()
                            .withNewNamespaceSelector()
                            .addToMatchLabels("kubernetes.io/metadata.name", kafka.namespace())
                            .endNamespaceSelector()
                            .withPodSelector(Labels.matching(kafka))
                            .endFrom();
                }
            } else if (listener.exposure() == Listener.Exposure.INTERNAL) {
                rule.addNewFrom()
                        .withNewPodSelector()
                        .endPodSelector()
                        .endFrom()
                        .addNewFrom()
                        .withNewNamespaceSelector()
                        .addToMatchLabels(RESTRICTED_CLIENT, "true")
                        .endNamespaceSelector()
                        .endFrom();
            }
            rules.add(rule.build());
        }
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(Labels.of(topology, nodes))
                .endMetadata()
                .withNewSpec()
                .withPodSelector(Labels.matching(component))
                .withPolicyTypes("Ingress")
                .withIngress(rules)
                .endSpec()
                .build();
    }
}
