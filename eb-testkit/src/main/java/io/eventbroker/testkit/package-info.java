@NullMarked
package io.eventbroker.testkit;

import org.jspecify.annotations.NullMarked;
