/**
 * Where backups are kept: a small interface over objects with names, and its implementations for S3 and a file system,
 * and one that encrypts what it keeps in another.
 *
 * <p>Start reading at {@link io.eventbroker.backup.store.ObjectStore}, for encryption at {@link
 * io.eventbroker.backup.store.EncryptedStore}, which is all that knows of it. Stores may be used by many threads.
 */
@NullMarked
package io.eventbroker.backup.store;

import org.jspecify.annotations.NullMarked;
