/**
 * Reads and writes the files that describe a platform: multi-document YAML and JSON, checked whole before anything is
 * made of it.
 *
 * <p>Start reading at {@link io.eventbroker.core.spec.Specs}. A file becomes nodes that know their line and column;
 * overlays merge nodes; nodes become the records of registered kinds; then checks look across documents. Every mistake
 * of every file is reported at once. {@link io.eventbroker.core.spec.Platform} is immutable and may be shared.
 */
@NullMarked
package io.eventbroker.core.spec;

import org.jspecify.annotations.NullMarked;
