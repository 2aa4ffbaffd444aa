/**
 * Moving replicas between brokers: planned with a lower bound beside the cost, carried out under a throttle that is
 * always taken away again.
 *
 * <p>Start reading at {@link io.eventbroker.scaling.Placement}, which plans and touches nothing, then at
 * {@link io.eventbroker.scaling.Reassignment}, which carries a plan out on the run's own thread.
 */
@NullMarked
package io.eventbroker.scaling;

import org.jspecify.annotations.NullMarked;
