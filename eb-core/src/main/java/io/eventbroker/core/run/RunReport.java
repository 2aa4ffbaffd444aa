package io.eventbroker.core.run;

import io.eventbroker.core.json.Sha256;
import java.time.Instant;
import java.util.List;

/** The plain {@link Report}. */
public record RunReport(
        RunId run,
        String plan,
        Sha256 planHash,
        String clusterId,
        Instant startedAt,
        Instant endedAt,
        List<ActionResult> results)
        implements Report {
    public RunReport {
        results = List.copyOf(results);
    }
}
