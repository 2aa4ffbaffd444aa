@NullMarked
package io.eventbroker.benchmarks;

import org.jspecify.annotations.NullMarked;
