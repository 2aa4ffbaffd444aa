package io.eventbroker.core.run;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of a plan: an outcome for each of its actions, in the plan's order. */
public interface Report {
    RunId run();

    /** The kind of plan. */
    String plan();

    Sha256 planHash();

    String clusterId();

    Instant startedAt();

    Instant endedAt();

    List<ActionResult> results();

    /** True if every action was applied or found in place. */
    default boolean succeeded() {
        return results().stream().allMatch(result -> result.outcome().isInPlace());
    }

    default Map<Outcome, Integer> counts() {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        results().forEach(result -> counts.merge(result.outcome(), 1, Integer::sum));
        return counts;
    }

    /**
     * Does nothing if the run succeeded.
     *
     * @throws RunFailedException naming what failed, what is unknown and what to do
     */
    default void requireSuccess() {
        if (!succeeded()) {
            StringBuilder text = new StringBuilder();
            printTo(text);
            throw new RunFailedException(text + "  " + advice(), this);
        }
    }

    /** What to do about a run that did not succeed, in one sentence. */
    default String advice() {
        return (RunReport.wasOnlyCancelled(this) ? "It was cancelled; to go on, run" : "Mend the cause and run")
                + " the same plan with the run's journal (what is done stays done), or start over if it kept none.";
    }

    /** Canonical JSON of everything in the report. */
    default String toJson() {
        Map<String, Object> json = new TreeMap<>();
        json.put("run", run());
        json.put("plan", plan());
        json.put("planHash", planHash());
        json.put("clusterId", clusterId());
        json.put("startedAt", startedAt());
        json.put("endedAt", endedAt());
        json.put("succeeded", succeeded());
        json.put("results", results());
        return CanonicalJson.write(json);
    }

    /** Prints the report for a terminal: a line of counts, then what did not succeed. */
    default void printTo(Appendable out) {
        try {
            out.append("Run ")
                    .append(run().value())
                    .append(" of plan ")
                    .append(planHash().abbreviated());
            out.append(" on ").append(clusterId()).append(": ");
            out.append(
                    results().isEmpty()
                            ? "nothing to do"
                            : counts().entrySet().stream()
                                    .map(e -> e.getValue() + " "
                                            + e.getKey()
                                                    .name()
                                                    .toLowerCase(Locale.ROOT)
                                                    .replace('_', ' '))
                                    .collect(Collectors.joining(", ")));
            out.append(" in ")
                    .append(Long.toString(
                            Duration.between(startedAt(), endedAt()).toMillis()));
            out.append(" ms\n");
            for (ActionResult result : results()) {
                if (!result.outcome().isInPlace()) {
                    out.append("  ")
                            .append(result.outcome().name().replace('_', ' '))
                            .append(": ");
                    // Many a detail begins with what it is about: cannot create topic …
                    out.append(
                                    result.detail().contains(result.summary())
                                            ? result.detail()
                                            : result.summary()
                                                    + (result.detail().isEmpty() ? "" : ": " + result.detail()))
                            .append('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
