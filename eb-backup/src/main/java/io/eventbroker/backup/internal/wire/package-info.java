/**
 * The few requests of Kafka's protocol that a copy of raw record batches needs, and the header of a batch.
 *
 * <p>Start reading at {@link io.eventbroker.backup.internal.wire.BrokerConnection}. A connection belongs to one thread;
 * {@link io.eventbroker.backup.internal.wire.KafkaWire} may be shared. Source of every layout: the protocol guide of
 * Apache Kafka and the message definitions of its releases 3.9 to 4.3.
 */
@NullMarked
package io.eventbroker.backup.internal.wire;

import org.jspecify.annotations.NullMarked;
