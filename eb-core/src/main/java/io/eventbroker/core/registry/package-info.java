/**
 * A Schema Registry over its REST API, that of Confluent and of what is compatible with it: subjects, also deleted ones,
 * their versions with ids and references, compatibility, modes, and registration under given ids.
 *
 * <p>Start reading at {@link io.eventbroker.core.registry.SchemaRegistry}. Calls block until the deadline that they are
 * given. {@link io.eventbroker.core.registry.SchemaRegistry#read} uses threads of its own, named {@code registry-read-n},
 * which end with the call.
 */
@NullMarked
package io.eventbroker.core.registry;

import org.jspecify.annotations.NullMarked;
