package io.eventbroker.core.cluster;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A log directory of a broker.
 *
 * @param path on the broker
 * @param totalBytes of the volume that it is on; empty where the broker does not tell (KIP-827, Kafka 3.3)
 * @param usableBytes of the volume that are left; as above
 * @param replicaBytes of all replicas in it, also of topics that were not read and of replicas being moved into it
 * @param replicas how many there are
 * @param error why it cannot be used, if it has failed
 */
public record LogDir(
        String path,
        OptionalLong totalBytes,
        OptionalLong usableBytes,
        long replicaBytes,
        int replicas,
        Optional<String> error) {}
