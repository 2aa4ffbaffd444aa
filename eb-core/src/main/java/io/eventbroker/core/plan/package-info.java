/**
 * Plans: what will change, why, at what risk and in what order, as data that can be printed, saved, approved and
 * compared before anything happens.
 *
 * <p>Start reading at {@link io.eventbroker.core.plan.Plan}; a module that adds a kind of plan starts at
 * {@link io.eventbroker.core.plan.PlanType}. Everything here is immutable.
 */
@NullMarked
package io.eventbroker.core.plan;

import org.jspecify.annotations.NullMarked;
