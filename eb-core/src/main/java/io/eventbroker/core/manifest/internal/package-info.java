/**
 * What files say that are not ours: images, quantities of Kubernetes, sizes of the JVM, properties of Kafka as variables,
 * listeners in one text and names of secrets. What the linter and those who adopt clusters have in common.
 *
 * <p>Start reading at {@link io.eventbroker.core.manifest.internal.ImageName}. Everything is immutable. Changes without
 * notice.
 */
@NullMarked
package io.eventbroker.core.manifest.internal;

import org.jspecify.annotations.NullMarked;
