/**
 * Metrics, for hosts that have Micrometer on their class path.
 *
 * <p>Start reading at {@link io.eventbroker.core.metrics.RunMetrics}.
 */
@NullMarked
package io.eventbroker.core.metrics;

import org.jspecify.annotations.NullMarked;
