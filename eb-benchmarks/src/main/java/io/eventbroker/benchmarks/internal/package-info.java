/** What JMH runs in its forks. Public because JMH wants it so; nobody else uses it. */
@NullMarked
package io.eventbroker.benchmarks.internal;

import org.jspecify.annotations.NullMarked;
