package io.eventbroker.backup;

import io.eventbroker.backup.ExpiryAction.ClearSet;
import io.eventbroker.backup.ExpiryAction.ExpirePoint;
import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunCancelledException;
import io.eventbroker.core.run.RunContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Carries an expiry out. Manifests go first; then it is looked again what is needed, because backups may have begun or
 * ended meanwhile; then the rest goes. Killed anywhere, it leaves nothing but objects that the next expiry finds.
 */
final class ExpiryDriver implements ActionDriver<ExpiryAction> {
    private static final int DELETES_AT_ONCE = 32;
    private static final int DELETES_BETWEEN_LOOKS = 256;

    private final Archive archive;
    private final ExpiryPlan plan;

    ExpiryDriver(Archive archive, ExpiryPlan plan) {
        this.archive = archive;
        this.plan = plan;
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        Set<String> now = new HashSet<>(archive.pointIds());
        List<String> known = List.copyOf(plan.basis().objects().keySet());
        // What has come since does no harm.
        return ExpiryPlanner.basis(
                plan.basis().clusterId(),
                known,
                known.stream().filter(now::contains).toList());
    }

    @Override
    public int batchSize() {
        return Integer.MAX_VALUE; // All manifests, and then one look for all sets.
    }

    @Override
    public Set<ActionId> inPlace(List<ExpiryAction> actions, RunContext context) {
        return Set.of(); // To delete what is gone does not hurt.
    }

    @Override
    public void apply(List<ExpiryAction> actions, RunContext context) {
        List<ExpirePoint> points = new ArrayList<>();
        List<ClearSet> sets = new ArrayList<>();
        for (ExpiryAction action : actions) {
            boolean unused = action.accept(new ExpiryAction.Handler<Boolean>() {
                @Override
                public Boolean expirePoint(ExpirePoint point) {
                    return points.add(point);
                }

                @Override
                public Boolean clearSet(ClearSet set) {
                    return sets.add(set);
                }
            });
        }
        for (ExpirePoint point : points) {
            context.checkCancelled();
            attempt(point.id(), context, () -> expire(point));
        }
        if (!sets.isEmpty()) {
            clear(sets, context);
        }
    }

    private static void attempt(ActionId action, RunContext context, Runnable work) {
        try {
            work.run();
            context.applied(action, "");
        } catch (RunCancelledException e) {
            throw e;
        } catch (EventBrokerException e) {
            context.failed(action, e);
        }
    }

    private void expire(ExpirePoint action) {
        requireFree(action.point());
        String name = ArchiveNames.manifest(action.point());
        Optional<ByteBuffer> manifest = archive.find(name);
        StoreCalls.await(archive.store().delete(name), name);
        try {
            // Whoever sets a hold looks for the manifest afterwards.
            requireFree(action.point());
        } catch (EventBrokerException e) {
            manifest.ifPresent(content -> StoreCalls.await(archive.store().putIfAbsent(name, content), name));
            throw e;
        }
        // Nothing is left to go on with; and without its cut the set is nobody's, should this be the last step.
        String cut = ArchiveNames.cut(action.point());
        StoreCalls.await(archive.store().delete(cut), cut);
    }

    private void requireFree(String point) {
        archive.hold(point).ifPresent(hold -> {
            throw new EventBrokerException("recovery point " + point + " is " + hold);
        });
    }

    private void clear(List<ClearSet> actions, RunContext context) {
        Inventory inventory = look(context);
        if (deleteCuts(actions, inventory, context)) {
            // What they carried over is nobody's now, unless a backup that had not ended after all has just committed:
            // that one has found its cut, so its manifest is seen now.
            inventory = look(context);
        }
        SortedMap<String, List<StoredObject>> garbage = inventory.garbage();
        for (ClearSet action : actions) {
            context.checkCancelled();
            try {
                clear(action, garbage.getOrDefault(action.set(), List.of()), inventory, context);
            } catch (RunCancelledException e) {
                throw e;
            } catch (EventBrokerException e) {
                context.failed(action.id(), e);
            }
        }
    }

    private Inventory look(RunContext context) {
        return Inventory.read(archive, context.clock().instant(), plan.grace());
    }

    /** Nobody can go on with these sets once their cuts are gone. Tells whether there were any. */
    private boolean deleteCuts(List<ClearSet> actions, Inventory inventory, RunContext context) {
        Set<String> expired = new HashSet<>();
        plan.actions().forEach(action -> {
            if (action instanceof ExpirePoint point) {
                expired.add(point.point());
            }
        });
        inventory.points().forEach(point -> expired.remove(point.id()));
        boolean any = false;
        for (ClearSet action : actions) {
            String cut = ArchiveNames.cut(action.set());
            boolean isOver = !inventory.held().contains(action.set())
                    && (expired.contains(action.set()) || inventory.abandoned().contains(action.set()));
            if (isOver && archive.stored(cut).isPresent()) {
                context.checkCancelled();
                StoreCalls.await(archive.store().delete(cut), cut);
                any = true;
            }
        }
        return any;
    }

    private void clear(ClearSet action, List<StoredObject> garbage, Inventory inventory, RunContext context) {
        long bytes = 0;
        for (int from = 0; from < garbage.size(); from += DELETES_BETWEEN_LOOKS) {
            context.checkCancelled();
            List<StoredObject> some = garbage.subList(from, Math.min(garbage.size(), from + DELETES_BETWEEN_LOOKS));
            StoreCalls.each(
                    some,
                    DELETES_AT_ONCE,
                    object -> archive.store().delete(object.name()).thenApply(done -> object),
                    "objects of backup set " + action.set());
            bytes += some.stream().mapToLong(StoredObject::size).sum();
            context.moved(action.id(), bytes, action.bytes());
        }
        if (inventory.abandoned().contains(action.set())) {
            String folder = ArchiveNames.set(action.set());
            StoreCalls.await(archive.store().discardUnfinished(folder), "unfinished uploads in " + folder);
        }
        context.applied(
                action.id(),
                garbage.size() + " objects, " + DataSize.ofBytes(bytes).forPeople());
    }
}
