/**
 * What files say that are not ours: images, quantities of Kubernetes, properties of Kafka as variables and listeners in one
 * text. What the linter and those who adopt clusters have in common.
 *
 * <p>Start reading at {@link io.eventbroker.core.manifest.internal.ImageName}. Everything is immutable. Changes without
 * notice.
 */
@NullMarked
package io.eventbroker.core.manifest.internal;

import org.jspecify.annotations.NullMarked;
