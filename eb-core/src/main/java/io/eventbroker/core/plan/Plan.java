package io.eventbroker.core.plan;

import io.eventbroker.core.json.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SortedMap;

/**
 * What will change, why, at what risk and in what order. A plan is data: print it, save it with {@link #toJson} and read
 * it back with {@link PlanType#read}, have its {@link #hash} approved, compare it with {@link #changesSince}. Nothing
 * happens until it is run.
 *
 * <p>Law: {@code type().read(plan.toJson())} has the same JSON and hash.
 *
 * @param <A> the module's actions
 */
public interface Plan<A extends Action> {
    PlanType<A> type();

    /** The environment that the plan is for, such as {@code production}; empty if its author named none. */
    String environment();

    PlanBasis basis();

    /** In an order in which they can run: each after those that it depends on. */
    List<A> actions();

    /**
     * Figures about the plan that are part of it, such as bytes to move and their lower bound. Those that are JSON arrays
     * or objects are the module's own and not printed.
     */
    SortedMap<String, String> facts();

    /** What a reader must know before approving, one sentence each: obstacles, over-grants, what cannot be done. */
    List<String> notes();

    default boolean isEmpty() {
        return actions().isEmpty();
    }

    /** Canonical JSON: sorted keys, no white space. */
    default String toJson() {
        return PlanJson.write(this);
    }

    /** The SHA-256 of {@link #toJson}: what an approval signs. */
    default Sha256 hash() {
        return Sha256.of(toJson());
    }

    /** What has changed in this plan since another one was approved. */
    default PlanDiff changesSince(Plan<A> approved) {
        return PlanDiff.between(approved, this);
    }

    /** Prints the plan for a terminal. */
    default void printTo(Appendable out) {
        try {
            PlanText.print(this, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
