package io.eventbroker.core.run;

import io.eventbroker.core.json.Sha256;
import java.time.Instant;
import java.util.List;

/**
 * The plain {@link Report}.
 *
 * @param resumable true if the run's journal outlives it, so that a run of the same plan can go on
 */
public record RunReport(
        RunId run,
        String plan,
        Sha256 planHash,
        String clusterId,
        Instant startedAt,
        Instant endedAt,
        List<ActionResult> results,
        boolean resumable)
        implements Report {
    public RunReport {
        results = List.copyOf(results);
    }

    @Override
    public String advice() {
        if (wasOnlyCancelled(this)) {
            return resumable
                    ? "It was cancelled; to go on, run the same plan with the same journal: what is done stays done."
                    : "It was cancelled and kept no journal to go on from; start over.";
        }
        return resumable
                ? "Mend the cause and run the same plan with the same journal: what is done stays done."
                : "Mend the cause and start over; the run kept no journal to go on from.";
    }

    /** True if nothing failed or is unknown, and yet not all was reached. */
    static boolean wasOnlyCancelled(Report report) {
        return !report.succeeded()
                && report.results().stream()
                        .map(ActionResult::outcome)
                        .allMatch(outcome -> outcome.isInPlace() || outcome == Outcome.NOT_REACHED);
    }
}
