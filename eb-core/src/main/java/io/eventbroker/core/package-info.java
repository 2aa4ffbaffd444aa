/**
 * Values that every module shares: deadlines, sizes, rates, names, and the root of all exceptions.
 *
 * <p>Start reading at {@link io.eventbroker.core.Deadline} and {@link io.eventbroker.core.EventBrokerException}. Every
 * type here is immutable and safe for use by several threads.
 */
@NullMarked
package io.eventbroker.core;

import org.jspecify.annotations.NullMarked;
