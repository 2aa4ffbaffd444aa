@NullMarked
package io.eventbroker.scaling;

import org.jspecify.annotations.NullMarked;
