@NullMarked
package io.eventbroker.examples;

import org.jspecify.annotations.NullMarked;
