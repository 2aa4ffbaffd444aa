package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/** The container that a node runs in: unprivileged, on a read-only file system. */
final class KafkaContainer {
    /** Recovery of the logs after a crash reads every segment that was not flushed: allow an hour. */
    private static final int STARTUP_CHECKS = 360;

    private KafkaContainer() {}

    static Container of(Topology topology, NodeSet nodes, boolean tls) {
        Component component = nodes.component();
        List<Listener> listeners = nodes.listeners();
        List<EnvVar> environment = new ArrayList<>();
        environment.add(fromField("POD_NAME", "metadata.name"));
        if (nodes.isBrokers() && topology.zonesOf(topology.brokers()).size() > 1) {
            environment.add(fromField("ZONE", "metadata.labels['" + Rendering.ZONE_LABEL + "']"));
        }
        List<String> arguments = component.jvm().arguments();
        environment.add(new EnvVar("KAFKA_HEAP_OPTS", String.join(" ", arguments.subList(0, 2)), null));
        if (arguments.size() > 2) {
            environment.add(new EnvVar("KAFKA_OPTS", String.join(" ", arguments.subList(2, arguments.size())), null));
        }
        environment.add(new EnvVar("LOG_DIR", ContainerPaths.LOGS, null));
        List<ContainerPort> ports = listeners.stream()
                .map(listener -> new ContainerPortBuilder()
                        .withName(listener.name())
                        .withContainerPort(listener.port())
                        .withProtocol("TCP")
                        .build())
                .toList();
        ContainerBuilder container = new ContainerBuilder()
                .withName("kafka")
                .withImage(component.image().application())
                .withCommand("/bin/sh", ContainerPaths.CONFIG + "/start.sh")
                .withEnv(environment)
                .withPorts(ports)
                .withResources(Rendering.resources(component.resources()))
                .withStartupProbe(probe(listeners.get(0), 10, STARTUP_CHECKS))
                .withReadinessProbe(probe(listeners.get(0), 10, 3))
                .withLivenessProbe(probe(listeners.get(0), 15, 6))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext();
        mount(container, "config", ContainerPaths.CONFIG, true);
        mount(container, "data", ContainerPaths.DATA, false);
        mount(container, "logs", ContainerPaths.LOGS, false);
        mount(container, "scratch", ContainerPaths.SCRATCH, false);
        if (tls) {
            mount(container, "tls", ContainerPaths.TLS, true);
        }
        return container.build();
    }

    private static void mount(ContainerBuilder container, String volume, String path, boolean readOnly) {
        VolumeMountBuilder mount = new VolumeMountBuilder().withName(volume).withMountPath(path);
        if (readOnly) {
            mount.withReadOnly(true);
        }
        container.addToVolumeMounts(mount.build());
    }

    private static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    /** The port opens once the logs are recovered; a check that starts a JVM would cost more than it tells. */
    private static Probe probe(Listener listener, int everySeconds, int failures) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(listener.name()))
                .endTcpSocket()
                .withPeriodSeconds(everySeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }
}
