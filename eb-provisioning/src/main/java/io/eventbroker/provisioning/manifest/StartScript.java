package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Topology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * The script that a container begins with. It adds to the properties what only the pod itself knows when it starts (its id,
 * its addresses, its zone), formats empty disks and becomes Kafka.
 */
final class StartScript {
    private StartScript() {}

    static String of(Topology topology, NodeSet nodes) {
        boolean confluent = topology.distribution() instanceof Distribution.Confluent;
        String format = confluent ? "/usr/bin/kafka-storage" : "/opt/kafka/bin/kafka-storage.sh";
        String start = confluent ? "/usr/bin/kafka-server-start" : "/opt/kafka/bin/kafka-server-start.sh";
        StringBuilder script = new StringBuilder();
        script.append("#!/bin/sh\n")
                .append("set -eu\n")
                .append("ordinal=\"${POD_NAME##*-}\"\n")
                .append("id=$((")
                .append(nodes.firstId())
                .append(" + ordinal))\n")
                .append("config=" + ContainerPaths.SCRATCH + "/server.properties\n")
                .append("cp " + ContainerPaths.CONFIG + "/server.properties \"$config\"\n")
                .append("echo \"node.id=$id\" >> \"$config\"\n");
        if (nodes.isBrokers()) {
            String advertised = nodes.listeners().stream()
                    .map(listener -> KafkaNames.listener(listener) + "://" + advertisedHost(topology, listener) + ":"
                            + listener.port())
                    .collect(Collectors.joining(","));
            script.append("echo \"advertised.listeners=").append(advertised).append("\" >> \"$config\"\n");
            if (topology.zonesOf(topology.brokers()).size() > 1) {
                script.append("if [ -z \"${ZONE:-}\" ]; then\n")
                        .append("  echo \"The pod has no label " + Rendering.ZONE_LABEL
                                + ", so the broker's rack is not known; see PodTopologyLabelsAdmission.\" >&2\n")
                        .append("  exit 1\n")
                        .append("fi\n")
                        .append("echo \"broker.rack=$ZONE\" >> \"$config\"\n");
            } else {
                script.append("echo \"broker.rack=")
                        .append(topology.zonesOf(topology.brokers()).get(0).value())
                        .append("\" >> \"$config\"\n");
            }
        }
        script.append(format)
                .append(" format --ignore-formatted --cluster-id ")
                .append(clusterId(topology))
                .append(" --config \"$config\"\n")
                .append("exec ")
                .append(start)
                .append(" \"$config\"\n");
        return script.toString();
    }

    private static String advertisedHost(Topology topology, Listener listener) {
        if (listener.exposure() == Listener.Exposure.EXTERNAL) {
            return KafkaNames.external(topology, listener, "$id");
        }
        return "$POD_NAME." + topology.brokers().headlessService() + "."
                + topology.brokers().namespace() + ".svc.cluster.local";
    }

    /**
     * Kafka's cluster ids are 16 bytes in URL-safe base 64. This one follows from the name, so that rendering the same
     * topology twice cannot reformat a cluster's disks.
     */
    private static String clusterId(Topology topology) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((topology.brokers().namespace() + "/" + topology.name()).getBytes(StandardCharsets.UTF_8));
            // Kafka refuses ids that begin with '-': a command line would take them for options.
            hash[0] &= 0x7f;
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.wrap(Arrays.copyOf(hash, 16)).array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
