package io.eventbroker.testkit.kafka;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A broker of an embedded cluster as it was when asked.
 *
 * @param id the broker id
 * @param rack the rack or availability zone, if the cluster has them
 * @param running whether it was started and has not failed since
 * @param endpoints what the broker advertises: {@code host:port} by listener name
 * @param dataDirectory where its logs are
 * @param pid the process, for clusters of processes
 */
public record BrokerNode(
        int id,
        Optional<String> rack,
        boolean running,
        Map<String, String> endpoints,
        Path dataDirectory,
        Optional<Long> pid) {
    /** Copies the endpoints. */
    public BrokerNode {
        endpoints = Map.copyOf(endpoints);
    }
}
