/**
 * What is wrong with something that a person wrote: all of it at once, each with its place and its remedy.
 *
 * <p>Start reading at {@link io.eventbroker.core.problem.Problem}.
 */
@NullMarked
package io.eventbroker.core.problem;

import org.jspecify.annotations.NullMarked;
