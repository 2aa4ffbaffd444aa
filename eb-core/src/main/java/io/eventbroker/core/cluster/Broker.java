package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import java.util.Optional;

/**
 * A broker that is registered and reachable.
 *
 * @param id its node id
 * @param host what it advertises on the listener that was asked
 * @param port of that listener
 * @param rack its {@code broker.rack}, if it has one
 */
public record Broker(BrokerId id, String host, int port, Optional<String> rack) {}
