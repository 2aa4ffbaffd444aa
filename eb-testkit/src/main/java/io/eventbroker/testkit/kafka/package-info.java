/**
 * Kafka clusters for tests, in this JVM or as separate processes. Start at {@link
 * io.eventbroker.testkit.kafka.EmbeddedKafka#builder}.
 *
 * <p>The threads of an in-JVM node live in a thread group of its own, {@code embedded-kafka-<cluster>-node-<id>}, so
 * that what a cluster leaves behind can be told from everything else.
 */
@NullMarked
package io.eventbroker.testkit.kafka;

import org.jspecify.annotations.NullMarked;
