/**
 * What a platform consists of, as records that cannot exist invalid: brokers, controllers and the services around them,
 * with images, resources, heaps, volumes and listeners.
 *
 * <p>Start reading at {@link io.eventbroker.core.topology.Topology}. Nothing here knows Kubernetes or AWS types; it says
 * what is wanted, and eb-provisioning renders it. Everything is immutable.
 */
@NullMarked
package io.eventbroker.core.topology;

import org.jspecify.annotations.NullMarked;
