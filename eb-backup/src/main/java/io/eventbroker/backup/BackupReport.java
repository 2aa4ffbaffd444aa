package io.eventbroker.backup;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.run.ActionResult;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunId;
import io.eventbroker.core.run.RunReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of a backup. */
public final class BackupReport implements Report {
    private final RunReport report;
    private final Optional<RecoveryPoint> point;

    BackupReport(RunReport report, Optional<RecoveryPoint> point) {
        this.report = report;
        this.point = point;
    }

    /**
     * The recovery point that the backup has made.
     *
     * @throws io.eventbroker.core.run.RunFailedException if the backup did not succeed, and so made none
     */
    public RecoveryPoint recoveryPoint() {
        requireSuccess();
        return point.orElseThrow();
    }

    @Override
    public RunId run() {
        return report.run();
    }

    @Override
    public String plan() {
        return report.plan();
    }

    @Override
    public Sha256 planHash() {
        return report.planHash();
    }

    @Override
    public String clusterId() {
        return report.clusterId();
    }

    @Override
    public Instant startedAt() {
        return report.startedAt();
    }

    @Override
    public Instant endedAt() {
        return report.endedAt();
    }

    @Override
    public List<ActionResult> results() {
        return report.results();
    }

    @Override
    public String advice() {
        return report.advice();
    }
}
