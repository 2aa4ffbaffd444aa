package io.eventbroker.core.plan;

import java.util.Set;

/**
 * One step of a plan, as data. A module seals its own actions: a sealed interface that extends this one, with a record a
 * case. The record's components are its JSON; what is derived here is not written.
 *
 * <p>An action holds no secret: where one is needed it holds a {@link io.eventbroker.core.secret.SecretRef}, resolved
 * when the action runs.
 */
public interface Action {
    /** Unique within the plan, and the same whenever the same change is planned. */
    ActionId id();

    /** What happens, for people, in one line: {@code create topic orders.placed (12 partitions, 3 replicas)}. */
    String summary();

    /** Why, for people: {@code wanted by topics.yaml:7, not there}. May be empty. */
    default String reason() {
        return "";
    }

    Risk risk();

    /** The actions that must have been applied (or found in place) before this one. */
    default Set<ActionId> dependsOn() {
        return Set.of();
    }
}
