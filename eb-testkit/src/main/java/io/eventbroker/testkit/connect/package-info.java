/** Kafka Connect workers for tests. Nothing here yet: filled by the release whose modules need it first. */
@NullMarked
package io.eventbroker.testkit.connect;

import org.jspecify.annotations.NullMarked;
