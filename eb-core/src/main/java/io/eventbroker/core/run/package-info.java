/**
 * Carrying a plan out: journaled, resumable after a kill, cancellable, with progress, and a report at the end.
 *
 * <p>Start reading at {@link io.eventbroker.core.run.Run} and {@link io.eventbroker.core.run.RunOptions}; a module that
 * carries out its own actions starts at {@link io.eventbroker.core.run.ActionDriver}. A run has one coordinating thread
 * of its own, named after it; a driver may use more through {@link io.eventbroker.core.run.RunContext#executor}.
 */
@NullMarked
package io.eventbroker.core.run;

import org.jspecify.annotations.NullMarked;
