/**
 * What exists already becomes a {@code Topology}: a {@code Kafka} of Confluent for Kubernetes with what stands beside it,
 * one of Strimzi with its node pools, a StatefulSet, an {@code aws_msk_cluster} in Terraform's JSON, or a running cluster.
 *
 * <p>Start reading at {@link io.eventbroker.core.adopt.Adoption}. Every source is a tree of nodes that know their places.
 * One class per source moves what it can into the tree of a {@code Topology}; the ledger keeps what became of every node,
 * and whatever nobody touched is written into the list of what was not carried over. The new tree is then read like a file,
 * so that everything that cannot be is said at once, with its place in the source. Everything public is immutable.
 */
@NullMarked
package io.eventbroker.core.adopt;

import org.jspecify.annotations.NullMarked;
