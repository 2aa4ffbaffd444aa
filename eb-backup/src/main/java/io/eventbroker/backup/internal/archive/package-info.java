/**
 * The archive: names, segments, their indexes and the manifest, as {@code docs/archive-format.md} describes them.
 *
 * <p>Start reading at {@link io.eventbroker.backup.internal.archive.Manifest}.
 */
@NullMarked
package io.eventbroker.backup.internal.archive;

import org.jspecify.annotations.NullMarked;
