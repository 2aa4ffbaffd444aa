@NullMarked
package io.eventbroker.core;

import org.jspecify.annotations.NullMarked;
