package io.eventbroker.core.plan;

import io.eventbroker.core.EventBrokerException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A kind of plan and the registry of its actions: the name of each in JSON, and the record that it becomes. The names
 * are part of the saved form; a record may be renamed, its name here may not.
 *
 * @param <A> the module's actions
 */
public final class PlanType<A extends Action> {
    private final String name;
    private final Map<String, Class<? extends A>> byName;
    private final Map<Class<?>, String> byClass = new HashMap<>();

    private PlanType(String name, Map<String, Class<? extends A>> byName) {
        this.name = name;
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        byName.forEach((action, type) -> byClass.put(type, action));
    }

    /**
     * Starts a kind of plan.
     *
     * @param name of the kind in JSON, such as {@code topics}
     * @param actions the sealed interface of its actions
     */
    public static <A extends Action> Builder<A> named(String name, Class<A> actions) {
        return new Builder<>(name, actions);
    }

    /** Collects the actions of a kind. */
    public static final class Builder<A extends Action> {
        private final String name;
        private final Class<A> actions;
        private final Map<String, Class<? extends A>> byName = new LinkedHashMap<>();

        private Builder(String name, Class<A> actions) {
            this.name = name;
            this.actions = actions;
        }

        /**
         * Registers a record.
         *
         * @throws IllegalArgumentException if the name is taken or the class is not a record
         */
        public Builder<A> action(String name, Class<? extends A> type) {
            if (!type.isRecord() || byName.putIfAbsent(name, type) != null) {
                throw new IllegalArgumentException(
                        "action '" + name + "' must be registered once, with a record, was " + type.getName());
            }
            return this;
        }

        /**
         * Closes the registry.
         *
         * @throws IllegalArgumentException if a case of the sealed interface has no name
         */
        public PlanType<A> build() {
            Class<?>[] cases = actions.getPermittedSubclasses();
            if (cases != null) {
                for (Class<?> one : cases) {
                    if (one.isRecord() && !byName.containsValue(one)) {
                        throw new IllegalArgumentException(
                                "action " + one.getName() + " has no name in plans of kind '" + name + "'");
                    }
                }
            }
            return new PlanType<>(name, byName);
        }
    }

    public String name() {
        return name;
    }

    /**
     * Reads a plan that {@link Plan#toJson} wrote.
     *
     * @throws EventBrokerException if the text is damaged, of another kind, or has actions that this version does not
     *     know
     */
    public ActionPlan<A> read(String json) {
        return PlanJson.read(json, this);
    }

    String nameOf(Action action) {
        String found = byClass.get(action.getClass());
        if (found == null) {
            throw new IllegalArgumentException(
                    action.getClass().getName() + " is not registered for plans of kind '" + name + "'");
        }
        return found;
    }

    Class<? extends A> classOf(String action) {
        Class<? extends A> found = byName.get(action);
        if (found == null) {
            throw new EventBrokerException("the plan has an action '" + action + "' that plans of kind '" + name
                    + "' do not know here; run it with the version that made it, or plan again");
        }
        return found;
    }

    @Override
    public String toString() {
        return name;
    }
}
