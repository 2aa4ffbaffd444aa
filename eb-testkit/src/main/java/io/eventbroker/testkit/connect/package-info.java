/**
 * Kafka Connect workers for tests, in processes of their own. Start at {@link
 * io.eventbroker.testkit.connect.EmbeddedConnect}.
 */
@NullMarked
package io.eventbroker.testkit.connect;

import org.jspecify.annotations.NullMarked;
