package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The laws of a kind of plan, checked on worlds that the subclass draws from seeds:
 *
 * <ul>
 *   <li>planning a state that already matches is empty
 *   <li>simulating a plan and planning again is empty
 *   <li>reading what was written gives the same plan
 *   <li>a run that is killed at any step and resumed ends in the same state as one that was not
 *   <li>a plan does not start against a state that has changed since
 * </ul>
 *
 * <p>A world is whatever the subclass needs to stand for a live system and for what is wanted of it. Worlds of one seed
 * must be equal; each is used by one thread at a time.
 *
 * @param <W> the world
 * @param <A> the module's actions
 */
public abstract class PlanLaws<W, A extends Action> {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /** A new world; the same for the same seed. */
    protected abstract W world(int seed);

    /** Reads the world and plans. */
    protected abstract Plan<A> plan(W world);

    /** Plans from the state that the plan, made in that world, would lead to, without touching the world. */
    protected abstract Plan<A> planAfterSimulating(W world, Plan<A> plan);

    protected abstract Run<? extends Report> run(W world, Plan<A> plan, RunOptions options);

    /** All of the world that the plans are about, in a form with a meaningful {@code equals} and {@code toString}. */
    protected abstract Object state(W world);

    /** Changes something in the world that the plan has read. */
    protected abstract void disturb(W world);

    /** Gives back what the world holds. */
    protected void close(W world) {}

    /** How many worlds to draw for the laws that need no more than a run each. */
    protected int seeds() {
        return 20;
    }

    /** How many worlds to kill at every step. */
    protected int seedsToKill() {
        return 5;
    }

    @TestFactory
    Stream<DynamicTest> secondPlanIsEmpty() {
        return seeds(seeds(), seed -> {
            W world = world(seed);
            try {
                Plan<A> plan = plan(world);
                run(world, plan, options(Journal.inMemory()))
                        .await(Deadline.after(LONG_ENOUGH))
                        .requireSuccess();
                assertThat(plan(world).actions()).isEmpty();
            } finally {
                close(world);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> planAfterSimulationIsEmpty() {
        return seeds(seeds(), seed -> {
            W world = world(seed);
            try {
                Object before = state(world);
                assertThat(planAfterSimulating(world, plan(world)).actions()).isEmpty();
                assertThat(state(world)).as("simulating touches nothing").isEqualTo(before);
            } finally {
                close(world);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> planReadsBackEqual() {
        return seeds(seeds(), seed -> {
            W world = world(seed);
            try {
                Plan<A> plan = plan(world);
                Plan<A> read = plan.type().read(plan.toJson());
                assertThat(read.toJson()).isEqualTo(plan.toJson());
                assertThat(read.hash()).isEqualTo(plan.hash());
                assertThat(read.actions()).isEqualTo(plan.actions());
                assertThat(CanonicalJson.write(CanonicalJson.readTree(plan.toJson())))
                        .as("canonical")
                        .isEqualTo(plan.toJson());
                assertThat(plan(world).toJson()).as("planned again").isEqualTo(plan.toJson());
            } finally {
                close(world);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> killedRunResumesToTheSameState() {
        return seeds(seedsToKill(), seed -> {
            W undisturbed = world(seed);
            Object expected;
            try {
                run(undisturbed, plan(undisturbed), options(Journal.inMemory()))
                        .await(Deadline.after(LONG_ENOUGH))
                        .requireSuccess();
                expected = state(undisturbed);
            } finally {
                close(undisturbed);
            }
            boolean reached = true;
            for (int step = 1; reached; step++) {
                reached = killAt(seed, step, false, expected) && killAt(seed, step, true, expected);
            }
        });
    }

    private boolean killAt(int seed, int step, boolean afterWriting, Object expected) {
        W world = world(seed);
        try {
            Plan<A> plan = plan(world);
            Journal file = Journal.file(folder.resolve(seed + "-" + step + "-" + afterWriting + ".journal"));
            KillingJournal killing = new KillingJournal(file, step, afterWriting);
            try {
                run(world, plan, options(killing)).await(Deadline.after(LONG_ENOUGH));
            } catch (RuntimeException e) {
                assertThat(killing.hasKilled()).as("broke off by itself: %s", e).isTrue();
            }
            run(world, plan, options(file)).await(Deadline.after(LONG_ENOUGH)).requireSuccess();
            assertThat(state(world))
                    .as("killed at write %d, %s it", step, afterWriting ? "after" : "before")
                    .isEqualTo(expected);
            return killing.hasKilled();
        } finally {
            close(world);
        }
    }

    @Test
    void planIsRefusedOnceItsBasisHasChanged() {
        W world = world(1);
        try {
            Plan<A> plan = plan(world);
            disturb(world);
            Object before = state(world);
            assertThatThrownBy(
                            () -> run(world, plan, options(Journal.inMemory())).await(Deadline.after(LONG_ENOUGH)))
                    .isInstanceOf(PlanStaleException.class);
            assertThat(state(world)).isEqualTo(before);
        } finally {
            close(world);
        }
    }

    private static RunOptions options(Journal journal) {
        return RunOptions.defaults().journal(journal).allow(Deletes.atMost(Integer.MAX_VALUE));
    }

    private static Stream<DynamicTest> seeds(int count, java.util.function.IntConsumer law) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> law.accept(seed)));
    }
}
