/**
 * The quick start: the whole story of the SDK on embedded parts, in one process.
 *
 * <p>Start reading at {@link io.eventbroker.examples.quickstart.QuickStart#tell}: it is what a host application would
 * write, with narration in between.
 */
@NullMarked
package io.eventbroker.examples.quickstart;

import org.jspecify.annotations.NullMarked;
