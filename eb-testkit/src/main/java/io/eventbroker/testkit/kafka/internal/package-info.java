/** How nodes of an embedded cluster are formatted, launched and stopped. Not API. */
@NullMarked
package io.eventbroker.testkit.kafka.internal;

import org.jspecify.annotations.NullMarked;
