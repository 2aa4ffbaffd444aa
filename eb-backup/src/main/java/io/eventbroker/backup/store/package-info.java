/**
 * Where backups are kept: a small interface over objects with names, and its implementations for S3 and a file system.
 *
 * <p>Start reading at {@link io.eventbroker.backup.store.ObjectStore}. Stores may be used by many threads.
 */
@NullMarked
package io.eventbroker.backup.store;

import org.jspecify.annotations.NullMarked;
