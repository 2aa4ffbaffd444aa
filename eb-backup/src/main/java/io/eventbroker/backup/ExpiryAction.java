package io.eventbroker.backup;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.time.Instant;

/** One step of an expiry. Each counts as one delete of a run's allowance. */
public sealed interface ExpiryAction extends Action {
    /** What an expiry deletes cannot be had back. */
    @Override
    default Risk risk() {
        return Risk.DESTRUCTIVE;
    }

    /** Calls the method of the handler that fits. */
    <R> R accept(Handler<R> handler);

    /** One method a case. */
    interface Handler<R> {
        R expirePoint(ExpirePoint action);

        R clearSet(ClearSet action);
    }

    /** Deletes the manifest of a recovery point: from then on it does not exist. */
    record ExpirePoint(String point, Instant takenAt, String reason) implements ExpiryAction {
        @Override
        public ActionId id() {
            return ActionId.of("expire/" + point);
        }

        @Override
        public String summary() {
            return "expire recovery point " + point + ", taken at " + takenAt;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.expirePoint(this);
        }
    }

    /**
     * Deletes the objects of a backup set that nothing needs. The run looks again which those are.
     *
     * @param objects how many there were when the plan was made, if all that it expires is gone
     * @param bytes of these objects
     */
    record ClearSet(String set, long objects, long bytes, String reason) implements ExpiryAction {
        @Override
        public ActionId id() {
            return ActionId.of("clear/" + set);
        }

        @Override
        public String summary() {
            return "delete " + objects + (objects == 1 ? " object" : " objects") + " of backup set " + set + ", "
                    + DataSize.ofBytes(bytes).forPeople();
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.clearSet(this);
        }
    }
}
