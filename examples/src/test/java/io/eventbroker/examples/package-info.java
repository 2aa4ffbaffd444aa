/** What holds for the build as a whole. */
@NullMarked
package io.eventbroker.examples;

import org.jspecify.annotations.NullMarked;
