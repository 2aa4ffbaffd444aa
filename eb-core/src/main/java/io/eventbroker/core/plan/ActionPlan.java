package io.eventbroker.core.plan;

import io.eventbroker.core.json.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The plain {@link Plan}: immutable, equal to another of the same JSON.
 *
 * @param <A> the module's actions
 */
public final class ActionPlan<A extends Action> implements Plan<A> {
    private final PlanType<A> type;
    private final String environment;
    private final PlanBasis basis;
    private final List<A> actions;
    private final SortedMap<String, String> facts;
    private final List<String> notes;
    // Both are derived, so a race writes the same value twice.
    private volatile @Nullable String json;
    private volatile @Nullable Sha256 hash;

    private ActionPlan(Builder<A> builder) {
        this.type = builder.type;
        this.environment = builder.environment;
        this.basis = builder.basis;
        this.actions = List.copyOf(builder.actions);
        this.facts = Collections.unmodifiableSortedMap(new TreeMap<>(builder.facts));
        this.notes = List.copyOf(builder.notes);
        requireRunnableOrder(actions);
    }

    public static <A extends Action> Builder<A> of(PlanType<A> type, PlanBasis basis) {
        return new Builder<>(type, basis);
    }

    /** Collects a plan. Not safe for use by several threads. */
    public static final class Builder<A extends Action> {
        private final PlanType<A> type;
        private final PlanBasis basis;
        private String environment = "";
        private final List<A> actions = new ArrayList<>();
        private final SortedMap<String, String> facts = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();

        private Builder(PlanType<A> type, PlanBasis basis) {
            this.type = type;
            this.basis = basis;
        }

        public Builder<A> environment(String name) {
            environment = name;
            return this;
        }

        public Builder<A> action(A action) {
            actions.add(action);
            return this;
        }

        public Builder<A> actions(Iterable<? extends A> more) {
            more.forEach(actions::add);
            return this;
        }

        public Builder<A> fact(String name, long value) {
            return fact(name, Long.toString(value));
        }

        public Builder<A> fact(String name, String value) {
            facts.put(name, value);
            return this;
        }

        public Builder<A> facts(Map<String, String> more) {
            facts.putAll(more);
            return this;
        }

        public Builder<A> note(String sentence) {
            notes.add(sentence);
            return this;
        }

        public Builder<A> notes(List<String> more) {
            notes.addAll(more);
            return this;
        }

        /**
         * Closes the plan.
         *
         * @throws IllegalArgumentException if two actions share an id, or one stands before an action that it depends
         *     on, or depends on one that is not in the plan
         */
        public ActionPlan<A> build() {
            return new ActionPlan<>(this);
        }
    }

    private static void requireRunnableOrder(List<? extends Action> actions) {
        Set<ActionId> seen = new HashSet<>();
        for (Action action : actions) {
            for (ActionId needed : action.dependsOn()) {
                if (!seen.contains(needed)) {
                    throw new IllegalArgumentException("action " + action.id() + " depends on " + needed
                            + ", which does not stand before it in the plan");
                }
            }
            if (!seen.add(action.id())) {
                throw new IllegalArgumentException("two actions of the plan have the id " + action.id());
            }
        }
    }

    @Override
    public PlanType<A> type() {
        return type;
    }

    @Override
    public String environment() {
        return environment;
    }

    @Override
    public PlanBasis basis() {
        return basis;
    }

    @Override
    public List<A> actions() {
        return actions;
    }

    @Override
    public SortedMap<String, String> facts() {
        return facts;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public String toJson() {
        String written = json;
        if (written == null) {
            written = PlanJson.write(this);
            json = written;
        }
        return written;
    }

    @Override
    public Sha256 hash() {
        Sha256 computed = hash;
        if (computed == null) {
            computed = Sha256.of(toJson());
            hash = computed;
        }
        return computed;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ActionPlan<?> that && hash().equals(that.hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return type.name() + " plan " + hash().abbreviated() + " of " + actions.size() + " actions for "
                + basis.clusterId();
    }
}
