/**
 * A Kafka Connect cluster over its REST API (KIP-26, KIP-875, KIP-980): connectors with their configurations, states and
 * offsets, and which of their properties are secret.
 *
 * <p>Start reading at {@link io.eventbroker.core.connect.ConnectCluster}. Calls block until the deadline that they are
 * given; there are no threads.
 */
@NullMarked
package io.eventbroker.core.connect;

import org.jspecify.annotations.NullMarked;
