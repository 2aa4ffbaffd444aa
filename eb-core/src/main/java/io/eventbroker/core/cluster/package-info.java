/**
 * What a live Kafka cluster looks like: read once, in batches, into an immutable snapshot that planners work on.
 *
 * <p>Start reading at {@link io.eventbroker.core.cluster.ClusterState}.
 */
@NullMarked
package io.eventbroker.core.cluster;

import org.jspecify.annotations.NullMarked;
