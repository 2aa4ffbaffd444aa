/**
 * An object store that speaks the S3 protocol, in the JVM of a test. Start at {@link
 * io.eventbroker.testkit.objectstore.EmbeddedObjectStore}. Requests are served by threads of the store, which end
 * when it is closed.
 */
@NullMarked
package io.eventbroker.testkit.objectstore;

import org.jspecify.annotations.NullMarked;
