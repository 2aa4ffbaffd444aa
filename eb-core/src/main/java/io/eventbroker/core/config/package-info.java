/**
 * The properties of a cluster: what Kafka itself says about each key, what the four layers of files say, what holds in
 * the end and why, and how the live cluster differs.
 *
 * <p>Start reading at {@link io.eventbroker.core.config.ClusterConfig}. Everything is immutable and for use by any
 * thread; only {@link io.eventbroker.core.config.LiveConfig#read} touches the network, and blocks.
 */
@NullMarked
package io.eventbroker.core.config;

import org.jspecify.annotations.NullMarked;
