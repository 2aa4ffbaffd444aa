/**
 * Schemas of the files that describe a platform, generated from the records that they become: JSON Schema for editors,
 * CustomResourceDefinitions for Kubernetes.
 *
 * <p>Start reading at {@link io.eventbroker.core.schema.Schemas}. Everything is immutable.
 */
@NullMarked
package io.eventbroker.core.schema;

import org.jspecify.annotations.NullMarked;
