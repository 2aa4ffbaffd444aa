/**
 * Backup and restore of Kafka: raw record batches, exact to the byte and to the group position, at the speed of the
 * wire.
 *
 * <p>Start reading at {@link io.eventbroker.backup.Backups}; how backups and expiries get along without a lock is told in
 * {@code docs/archive-format.md}. The objects of this package may be used by many threads; runs have
 * threads of their own.
 */
@NullMarked
package io.eventbroker.backup;

import org.jspecify.annotations.NullMarked;
