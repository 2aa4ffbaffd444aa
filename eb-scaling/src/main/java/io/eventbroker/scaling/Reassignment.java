package io.eventbroker.scaling;

import io.eventbroker.core.Rate;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * Moves replicas as a {@link PlacementPlan} says, under a throttle that is set before the first byte moves and taken away
 * after the last, also when the run fails, is cancelled, or is resumed after a kill. Throttles that others have set stay
 * as they are, but for a broker's rate above this one, which is lowered meanwhile.
 *
 * <p>Cancelling a run takes back the moves that are under way, for without the throttle they would go on at full speed;
 * what has arrived stays. A run whose process is killed leaves its moves going on under throttle: run the same plan with
 * the same journal again, which waits for them and cleans up. Without a journal file nothing is left to tell whose the
 * throttle was.
 *
 * <p>Immutable; each method gives a changed copy. The Admin client stays the caller's.
 */
public final class Reassignment {
    private static final int MOVES_PER_BROKER = 5;
    private static final Duration STALL = Duration.ofMinutes(5);

    private final Admin admin;
    private final Optional<Rate> throttle;
    private final int movesPerBroker;
    private final Duration stalledAfter;

    private Reassignment(Admin admin, Optional<Rate> throttle, int movesPerBroker, Duration stalledAfter) {
        this.admin = admin;
        this.throttle = throttle;
        this.movesPerBroker = movesPerBroker;
        this.stalledAfter = stalledAfter;
    }

    public static Reassignment on(Admin admin) {
        return new Reassignment(admin, Optional.empty(), MOVES_PER_BROKER, STALL);
    }

    /**
     * What each broker may send, and receive, for moves. Above what producers write to the moving partitions, or a move
     * never ends.
     */
    public Reassignment throttledAt(Rate rate) {
        return new Reassignment(admin, Optional.of(rate), movesPerBroker, stalledAfter);
    }

    /**
     * How many moves may send from, or arrive at, a broker at once; 5 unless told.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public Reassignment movesPerBroker(int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("at least one move must be allowed at a broker, was " + atMost);
        }
        return new Reassignment(admin, throttle, atMost, stalledAfter);
    }

    /**
     * After how long without a byte arriving at a broker its moves are given up and taken back; 5 minutes unless told.
     *
     * @throws IllegalArgumentException if less than a second
     */
    public Reassignment stalledAfter(Duration wait) {
        if (wait.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a move is given up after a second at the earliest, was " + wait);
        }
        return new Reassignment(admin, throttle, movesPerBroker, wait);
    }

    /**
     * Starts the moves. Returns at once; the run's {@code completion} and {@code await} say how it ended.
     *
     * @throws IllegalStateException if no throttle was stated
     */
    public Run<Report> run(Plan<Move> plan, RunOptions options) {
        Rate rate = throttle.orElseThrow(
                () -> new IllegalStateException("state a throttle with throttledAt: moves without one starve clients"));
        return PlanRunner.start(plan, new ReassignmentDriver(admin, plan, rate, movesPerBroker, stalledAfter), options);
    }
}
