package io.eventbroker.core.plan;

import io.eventbroker.core.json.Sha256;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A module's own view of an {@link ActionPlan}: extend it to add what the facts mean. Immutable, equal to any plan of the
 * same class and JSON.
 *
 * @param <A> the module's actions
 */
public abstract class ForwardingPlan<A extends Action> implements Plan<A> {
    private final ActionPlan<A> plan;

    protected ForwardingPlan(ActionPlan<A> plan) {
        this.plan = plan;
    }

    @Override
    public final PlanType<A> type() {
        return plan.type();
    }

    @Override
    public final String environment() {
        return plan.environment();
    }

    @Override
    public final PlanBasis basis() {
        return plan.basis();
    }

    @Override
    public final List<A> actions() {
        return plan.actions();
    }

    @Override
    public final SortedMap<String, String> facts() {
        return plan.facts();
    }

    @Override
    public final List<String> notes() {
        return plan.notes();
    }

    @Override
    public final String toJson() {
        return plan.toJson();
    }

    @Override
    public final Sha256 hash() {
        return plan.hash();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ForwardingPlan<?> that && getClass() == that.getClass() && plan.equals(that.plan);
    }

    @Override
    public final int hashCode() {
        return plan.hashCode();
    }

    @Override
    public final String toString() {
        return plan.toString();
    }
}
