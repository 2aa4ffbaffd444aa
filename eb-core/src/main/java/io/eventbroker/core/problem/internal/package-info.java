/**
 * How messages of several packages say things.
 *
 * <p>Start reading at {@link io.eventbroker.core.problem.internal.Counted}. Everything is immutable. Changes without notice.
 */
@NullMarked
package io.eventbroker.core.problem.internal;

import org.jspecify.annotations.NullMarked;
