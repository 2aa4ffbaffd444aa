/**
 * The laws that every module's plans, every host's journal and every way to wrap keys must pass, as abstract tests to extend.
 *
 * <p>Start reading at {@link io.eventbroker.core.law.PlanLaws}.
 */
@NullMarked
package io.eventbroker.core.law;

import org.jspecify.annotations.NullMarked;
