/** A Schema Registry for tests. Nothing here yet: filled by the release whose modules need it first. */
@NullMarked
package io.eventbroker.testkit.registry;

import org.jspecify.annotations.NullMarked;
