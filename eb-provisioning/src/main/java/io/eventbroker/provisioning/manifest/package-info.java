/**
 * Kubernetes objects as they are wanted. Start at {@link io.eventbroker.provisioning.manifest.Manifests}. Everything is
 * immutable and nothing here touches a network.
 */
@NullMarked
package io.eventbroker.provisioning.manifest;

import org.jspecify.annotations.NullMarked;
