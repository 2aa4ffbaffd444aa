/**
 * A Kubernetes API server in the JVM of a test: objects are stored, watched, patched and applied, nothing is run. Start
 * at {@link io.eventbroker.testkit.kubernetes.EmbeddedKubernetes}. Requests are served one after another by threads of
 * the server, which end when it is closed.
 */
@NullMarked
package io.eventbroker.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
