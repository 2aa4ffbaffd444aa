package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Services by which nodes, and clients inside and outside the Kubernetes cluster, find Kafka. */
final class KafkaServices {
    private final Topology topology;
    private final KafkaBrokers brokers;

    KafkaServices(Topology topology) {
        this.topology = topology;
        this.brokers = topology.brokers();
    }

    /** Gives every node a name of its own. */
    Service headless(NodeSet nodes) {
        Component component = nodes.component();
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(component.headlessService())
                .withNamespace(component.namespace())
                .withLabels(Labels.of(topology, nodes))
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                // A quorum forms before its members are ready.
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selector(component))
                .withPorts(nodes.listeners().stream()
                        .map(KafkaServices::servicePort)
                        .toList())
                .endSpec()
                .build();
    }

    /** Where clients in the Kubernetes cluster begin. */
    Service bootstrap() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(brokers.name() + "-bootstrap")
                .withNamespace(brokers.namespace())
                .withLabels(Labels.of(topology, NodeSet.brokers(brokers)))
                .endMetadata()
                .withNewSpec()
                .withSelector(Labels.selector(brokers))
                .withPorts(brokers.listeners().stream()
                        .filter(listener -> listener.exposure() == Listener.Exposure.INTERNAL)
                        .map(KafkaServices::servicePort)
                        .toList())
                .endSpec()
                .build();
    }

    /** A load balancer per broker, since clients must reach each one, and one to begin with. */
    List<Service> external() {
        List<Service> services = new ArrayList<>();
        for (Listener listener : brokers.listeners()) {
            if (listener.exposure() != Listener.Exposure.EXTERNAL) {
                continue;
            }
            services.add(loadBalancer(
                    listener,
                    brokers.name() + "-" + listener.name(),
                    Labels.selector(brokers),
                    KafkaNames.external(topology, listener)));
            for (int ordinal = 0; ordinal < brokers.replicas(); ordinal++) {
                Map<String, String> selector = new LinkedHashMap<>(Labels.selector(brokers));
                selector.put("statefulset.kubernetes.io/pod-name", brokers.podName(ordinal));
                int id = brokers.firstId() + ordinal;
                services.add(loadBalancer(
                        listener,
                        brokers.name() + "-" + listener.name() + "-" + id,
                        selector,
                        KafkaNames.external(topology, listener, Integer.toString(id))));
            }
        }
        return services;
    }

    private Service loadBalancer(Listener listener, String name, Map<String, String> selector, String host) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(brokers.namespace())
                .withLabels(Labels.of(topology, NodeSet.brokers(brokers)))
                .addToAnnotations("external-dns.alpha.kubernetes.io/hostname", host)
                .addToAnnotations("service.beta.kubernetes.io/aws-load-balancer-type", "nlb")
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withSelector(selector)
                .withPorts(servicePort(listener))
                .endSpec()
                .build();
    }

    private static ServicePort servicePort(Listener listener) {
        return new ServicePortBuilder()
                .withName(listener.name())
                .withPort(listener.port())
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(listener.name()))
                .build();
    }
}
