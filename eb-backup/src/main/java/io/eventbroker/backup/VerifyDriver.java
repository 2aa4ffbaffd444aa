package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.SegmentVerifier;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunCancelledException;
import io.eventbroker.core.run.RunContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** Reads a recovery point's archive from end to end. */
final class VerifyDriver implements ActionDriver<VerifyDriver.VerifyPartition> {
    private static final int READERS = 4;

    /** Checks one partition's share of the archive. */
    record VerifyPartition(String topic, int partition, long bytes) implements Action {
        @Override
        public ActionId id() {
            return ActionId.of("verify/" + topic + "/" + partition);
        }

        @Override
        public String summary() {
            return "verify " + topic + "-" + partition + ", "
                    + DataSize.ofBytes(bytes).forPeople();
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }
    }

    private static final PlanType<VerifyPartition> TYPE = PlanType.named("verify", VerifyPartition.class)
            .action("verifyPartition", VerifyPartition.class)
            .build();

    private final Archive archive;
    private final RecoveryPoint point;

    VerifyDriver(Archive archive, RecoveryPoint point) {
        this.archive = archive;
        this.point = point;
    }

    static ActionPlan<VerifyPartition> plan(RecoveryPoint point) {
        ActionPlan.Builder<VerifyPartition> plan =
                ActionPlan.of(TYPE, PlanBasis.of(point.clusterId(), point.id())).fact("point", point.id());
        for (Manifest.Partition partition : point.manifest().partitions()) {
            plan.action(new VerifyPartition(partition.topic(), partition.partition(), partition.bytes()));
        }
        return plan.build();
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        return PlanBasis.of(point.clusterId(), point.id());
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Set<ActionId> inPlace(List<VerifyPartition> actions, RunContext context) {
        return Set.of();
    }

    @Override
    public void apply(List<VerifyPartition> actions, RunContext context) {
        Map<TopicPartition, Manifest.Partition> partitions = new HashMap<>();
        point.manifest().partitions().forEach(p -> partitions.put(p.topicPartition(), p));
        ConcurrentLinkedQueue<VerifyPartition> waiting = new ConcurrentLinkedQueue<>(actions);
        CompletableFuture<?>[] readers = IntStream.range(0, Math.min(READERS, actions.size()))
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            for (VerifyPartition next = waiting.poll(); next != null; next = waiting.poll()) {
                                verify(next, partitions, context);
                            }
                        },
                        context.executor()))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(readers).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void verify(
            VerifyPartition action, Map<TopicPartition, Manifest.Partition> partitions, RunContext context) {
        Manifest.Partition partition = partitions.get(new TopicPartition(action.topic(), action.partition()));
        if (partition == null) {
            throw new EventBrokerException(action.id() + " is not in " + point);
        }
        try {
            List<String> wrong = new SegmentVerifier(archive.store(), bytes -> {
                        context.checkCancelled();
                        context.moved(action.id(), bytes, action.bytes());
                    })
                    .verify(partition);
            if (wrong.isEmpty()) {
                context.applied(action.id(), partition.records() + " records");
            } else {
                context.failed(action.id(), new ArchiveException(String.join("\n", wrong)));
            }
        } catch (RunCancelledException e) {
            throw e;
        } catch (EventBrokerException e) {
            context.failed(action.id(), e);
        }
    }
}
