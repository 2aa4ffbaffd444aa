/**
 * Files as trees of values that know where they stand, before anything is known of their meaning: what the SDK's own
 * documents are bound from, and what is looked at of documents that are not its own, such as Kubernetes resources.
 *
 * <p>Start reading at {@link io.eventbroker.core.source.Sources}, then {@link io.eventbroker.core.source.Node}. Everything
 * is immutable.
 */
@NullMarked
package io.eventbroker.core.source;

import org.jspecify.annotations.NullMarked;
