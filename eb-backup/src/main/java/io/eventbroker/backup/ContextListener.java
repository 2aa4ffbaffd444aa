package io.eventbroker.backup;

import io.eventbroker.backup.internal.copy.EngineListener;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.RunContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** Tells the run what an engine tells of its partitions. */
final class ContextListener implements EngineListener {
    private final RunContext context;
    private final Function<TopicPartition, ActionId> action;
    private final Function<TopicPartition, String> remark;
    private final Set<TopicPartition> done = ConcurrentHashMap.newKeySet();
    private final AtomicReference<RuntimeException> broken = new AtomicReference<>();

    ContextListener(RunContext context, Function<TopicPartition, ActionId> action) {
        this(context, action, partition -> "");
    }

    /** One that adds a remark to the details of partitions. */
    ContextListener(
            RunContext context, Function<TopicPartition, ActionId> action, Function<TopicPartition, String> remark) {
        this.context = context;
        this.action = action;
        this.remark = remark;
    }

    @Override
    public void moved(TopicPartition partition, long bytes, long ofBytes) {
        context.moved(action.apply(partition), bytes, ofBytes);
    }

    @Override
    public void done(TopicPartition partition, String detail) {
        done.add(partition);
        try {
            context.applied(action.apply(partition), detail + remark.apply(partition));
        } catch (RuntimeException e) {
            // A journal that cannot be written ends the run, but not on an engine's thread.
            broken.compareAndSet(null, e);
        }
    }

    @Override
    public void failed(TopicPartition partition, RuntimeException cause) {
        context.failed(action.apply(partition), cause);
    }

    @Override
    public boolean isCancelled() {
        return context.isCancelled() || broken.get() != null;
    }

    boolean isDone(TopicPartition partition) {
        return done.contains(partition);
    }

    void rethrow() {
        RuntimeException e = broken.get();
        if (e != null) {
            throw e;
        }
    }
}
