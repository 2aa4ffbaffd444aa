package io.eventbroker.core.run;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * How to carry out a plan: the one place for journal, listeners, executor, clock and allowances. Immutable; each method
 * gives a changed copy.
 */
public final class RunOptions {
    private static final RunOptions DEFAULTS = new RunOptions(
            Journal.inMemory(),
            List.of(),
            Optional.empty(),
            Clock.systemUTC(),
            Deletes.none(),
            Optional.empty(),
            Set.of());

    private final Journal journal;
    private final List<RunListener> listeners;
    private final Optional<Executor> executor;
    private final Clock clock;
    private final Deletes deletes;
    private final Optional<String> environment;
    private final Set<String> clusterIds;

    private RunOptions(
            Journal journal,
            List<RunListener> listeners,
            Optional<Executor> executor,
            Clock clock,
            Deletes deletes,
            Optional<String> environment,
            Set<String> clusterIds) {
        this.journal = journal;
        this.listeners = List.copyOf(listeners);
        this.executor = executor;
        this.clock = clock;
        this.deletes = deletes;
        this.environment = environment;
        this.clusterIds = Set.copyOf(clusterIds);
    }

    /** No journal file, so a killed run cannot be resumed; no deletes; the system's clock; threads of its own. */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Keeps the run's journal there, so that a killed run can be resumed. What the journal says is settled stays settled
     * and is not looked at again, also if the world has been changed since; the report says so of each such action. To
     * make the world match once more, plan again.
     */
    public RunOptions journal(Journal kept) {
        return new RunOptions(kept, listeners, executor, clock, deletes, environment, clusterIds);
    }

    /** Tells this listener as well. */
    public RunOptions listener(RunListener added) {
        List<RunListener> more = new ArrayList<>(listeners);
        more.add(added);
        return new RunOptions(journal, more, executor, clock, deletes, environment, clusterIds);
    }

    /** Runs the driver's parallel work on the host's executor, which must not bound its threads to fewer than two. */
    public RunOptions executor(Executor hosts) {
        return new RunOptions(journal, listeners, Optional.of(hosts), clock, deletes, environment, clusterIds);
    }

    public RunOptions clock(Clock injected) {
        return new RunOptions(journal, listeners, executor, injected, deletes, environment, clusterIds);
    }

    /** Allows destructive actions, up to a cap. */
    public RunOptions allow(Deletes allowed) {
        return new RunOptions(journal, listeners, executor, clock, allowed, environment, clusterIds);
    }

    /**
     * Refuses plans that were made for another environment than this. A plan that names none was made from the live state
     * of a cluster alone; it is accepted only for one of the clusters that belong to the environment.
     *
     * @param name such as {@code production}
     * @param belonging the ids of the environment's clusters, as {@link io.eventbroker.core.plan.PlanBasis#clusterId} has
     *     them; with none, every plan must name its environment
     */
    public RunOptions environment(String name, String... belonging) {
        return new RunOptions(journal, listeners, executor, clock, deletes, Optional.of(name), Set.of(belonging));
    }

    public Journal journal() {
        return journal;
    }

    public List<RunListener> listeners() {
        return listeners;
    }

    public Optional<Executor> executor() {
        return executor;
    }

    public Clock clock() {
        return clock;
    }

    public Deletes deletes() {
        return deletes;
    }

    public Optional<String> environment() {
        return environment;
    }

    /** The ids of the clusters that belong to the environment. */
    public Set<String> clusterIds() {
        return clusterIds;
    }
}
