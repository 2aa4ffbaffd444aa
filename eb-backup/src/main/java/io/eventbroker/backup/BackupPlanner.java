package io.eventbroker.backup;

import io.eventbroker.backup.BackupAction.TopicRef;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Plans backups, full ones and those that go on from another recovery point. */
final class BackupPlanner {
    private final Instant now;
    private final List<String> whole = new ArrayList<>();
    private long bytes;
    private int partitions;

    BackupPlanner(Instant now) {
        this.now = now;
    }

    BackupPlan full(ClusterState source, Selection selection) {
        return plan(source, selection, Optional.empty());
    }

    BackupPlan incremental(ClusterState source, Selection selection, RecoveryPoint parent) {
        return plan(source, selection, Optional.of(parent));
    }

    private BackupPlan plan(ClusterState source, Selection selection, Optional<RecoveryPoint> parent) {
        List<TopicState> topics = source.topics().values().stream()
                .filter(t -> selection.includes(t.name()))
                .toList();
        if (topics.isEmpty()) {
            throw new EventBrokerException(
                    "no topic of cluster " + source.clusterId() + " matches " + selection + "; check the patterns");
        }
        String point = ArchiveNames.newPoint(now);
        List<TopicRef> refs = topics.stream().map(BackupDriver::ref).toList();
        ActionPlan.Builder<BackupAction> plan = ActionPlan.of(BackupPlan.TYPE, BackupDriver.basis(source, refs))
                .fact("point", point)
                .fact("topics", topics.size());
        plan.action(new BackupAction.TakeCut(point, refs, selection.includesGroups(), parent.map(RecoveryPoint::id)));
        Optional<Continuation> continuation = parent.map(Continuation::new);
        for (TopicState topic : topics) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                plan.action(copy(point, source.clusterId(), topic, i, continuation));
                partitions++;
            }
        }
        plan.action(new BackupAction.Commit(point, refs));
        plan.fact("partitions", partitions).fact("bytes", bytes);
        plan.note("Producer ids and open transactions are not part of a backup; aborted records are left out.");
        parent.ifPresent(from -> describe(plan, from));
        return new BackupPlan(plan.build());
    }

    private void describe(ActionPlan.Builder<BackupAction> plan, RecoveryPoint parent) {
        plan.fact("parent", parent.id());
        plan.note("Goes on from " + parent + ".");
        if (!whole.isEmpty()) {
            plan.note(
                    whole.size() + " of " + partitions + " partitions are copied whole, such as " + whole.get(0) + ".");
        }
        plan.note("Segments are carried over whole: a restore may bring back records at a partition's beginning that"
                + " retention has removed since.");
    }

    private BackupAction copy(
            String point, String clusterId, TopicState topic, int number, Optional<Continuation> parent) {
        String name = topic.name().value();
        PartitionState partition = topic.partitions().get(number);
        long size = Math.max(0, partition.size());
        String reason = "";
        if (parent.isPresent()) {
            Optional<String> obstacle = parent.get().obstacle(clusterId, topic, number, now);
            if (obstacle.isPresent()) {
                reason = "whole: " + obstacle.get();
                whole.add(name + "-" + number + ": " + obstacle.get());
            } else {
                long from = parent.get()
                        .partition(new TopicPartition(name, number))
                        .map(Manifest.Partition::end)
                        .orElse(partition.startOffset());
                reason = "from offset " + from + " on";
                size = share(partition, size, from);
            }
        }
        bytes += size;
        return new BackupAction.CopyPartition(point, name, topic.id(), number, size, reason);
    }

    /** Of a log's size what lies behind an offset, as if all records were of one size; 0 if it is not known. */
    private static long share(PartitionState partition, long size, long from) {
        long all = partition.endOffset() - partition.startOffset();
        return partition.endOffset() < 0 || all <= 0
                ? 0
                : (long) (size * ((double) Math.max(0, partition.endOffset() - from) / all));
    }
}
