/**
 * The laws that every module's plans, every host's journal and every way to wrap keys must pass, as abstract tests to extend; and
 * how a README is held to what its test runs, {@link io.eventbroker.core.law.Readme}.
 *
 * <p>Start reading at {@link io.eventbroker.core.law.PlanLaws}.
 */
@NullMarked
package io.eventbroker.core.law;

import org.jspecify.annotations.NullMarked;
