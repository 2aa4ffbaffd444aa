/**
 * What a host application tests its automation with: real parts that start in seconds inside a test, and faults to
 * put between them. Start at {@link io.eventbroker.testkit.kafka.EmbeddedKafka}, or let JUnit start it with {@link
 * io.eventbroker.testkit.junit.EventBrokerExtension}. Everything closes with {@link java.lang.AutoCloseable#close} and
 * says what it could not remove.
 */
@NullMarked
package io.eventbroker.testkit;

import org.jspecify.annotations.NullMarked;
