/**
 * How values of Java types are written in files, read off the records of kinds: what the reader, the writer and the
 * schemas have in common.
 *
 * <p>Start reading at {@link io.eventbroker.core.kind.internal.Shape}. Everything is immutable. Changes without notice.
 */
@NullMarked
package io.eventbroker.core.kind.internal;

import org.jspecify.annotations.NullMarked;
