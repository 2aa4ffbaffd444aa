/**
 * A Schema Registry for tests, in a process of its own. Start at {@link
 * io.eventbroker.testkit.registry.EmbeddedSchemaRegistry}.
 */
@NullMarked
package io.eventbroker.testkit.registry;

import org.jspecify.annotations.NullMarked;
