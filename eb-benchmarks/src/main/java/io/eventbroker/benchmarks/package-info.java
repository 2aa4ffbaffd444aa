/**
 * One harness for every measurement of this project: run it with {@code mvn -q -Pbench verify -Dbench=NAME}.
 *
 * <p>Start reading at {@link io.eventbroker.benchmarks.Benchmark}; {@link io.eventbroker.benchmarks.Benchmarks} lists
 * what there is. The main thread does all, and what is measured runs in JVMs of its own.
 */
@NullMarked
package io.eventbroker.benchmarks;

import org.jspecify.annotations.NullMarked;
