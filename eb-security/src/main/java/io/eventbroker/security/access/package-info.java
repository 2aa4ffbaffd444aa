/**
 * Who may do what: roles bound to resources, compiled to Kafka ACLs, planned against those that a cluster has, and
 * changed so that nobody loses a right for a moment who is to keep it.
 *
 * <p>Start at {@link io.eventbroker.security.access.AccessControl} and
 * {@link io.eventbroker.security.access.AccessPolicy}. Planning is pure; a run uses the Admin client of the host and no
 * threads beside the run's own.
 */
@NullMarked
package io.eventbroker.security.access;

import org.jspecify.annotations.NullMarked;
