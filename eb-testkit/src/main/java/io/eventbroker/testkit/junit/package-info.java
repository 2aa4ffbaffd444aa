/**
 * Lets JUnit start, inject and close the parts of the kit. Start at {@link
 * io.eventbroker.testkit.junit.EventBrokerExtension}; {@link io.eventbroker.testkit.junit.EmbeddedPart} is how a part
 * becomes injectable.
 */
@NullMarked
package io.eventbroker.testkit.junit;

import org.jspecify.annotations.NullMarked;
