/**
 * Moving data: from brokers to the archive, from the archive to brokers, and through the archive to check it.
 *
 * <p>Start reading at {@link io.eventbroker.backup.internal.copy.CopyEngine} and {@link
 * io.eventbroker.backup.internal.copy.RestoreEngine}. An engine serves one call; it runs tasks for each broker on the
 * caller's executor and has returned only when they have ended. What both have in common, leaders, tasks, slots, back-off
 * and time-outs, is {@link io.eventbroker.backup.internal.copy.LeaderTasks}; its lock guards the states of partitions and
 * nothing that waits.
 */
@NullMarked
package io.eventbroker.backup.internal.copy;

import org.jspecify.annotations.NullMarked;
