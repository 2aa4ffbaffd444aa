/**
 * Kubernetes objects compared with a live cluster, planned and applied with server-side apply. Start at {@link
 * io.eventbroker.provisioning.kubernetes.Provisioner}. Reading and running use the host's client; a run has a thread of
 * its own.
 */
@NullMarked
package io.eventbroker.provisioning.kubernetes;

import org.jspecify.annotations.NullMarked;
