package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How the platform is watched, as intent.
 *
 * @param metrics where every replica offers its metrics; empty for nowhere
 * @param metricsReporter whether the brokers write their metrics to a topic, from which Control Center reads them
 * @param alerts what somebody must be told of
 */
public record Monitoring(
        Optional<Metrics> metrics, @Default("false") boolean metricsReporter, Set<Alert> alerts) {

    /** What somebody must be told of. */
    public enum Alert {
        /** A partition has no leader. */
        OFFLINE_PARTITIONS,
        /** A partition has fewer in-sync replicas than {@code min.insync.replicas}: writes are refused. */
        UNDER_MIN_ISR,
        /** A replica is not in sync. */
        UNDER_REPLICATED_PARTITIONS,
        /** No controller leads, or several do. */
        NO_ACTIVE_CONTROLLER,
        /** A volume is nearly full. */
        DISK_USE,
        /** A group falls behind. */
        CONSUMER_LAG,
        /** What is copied to another cluster arrives late. */
        REPLICATION_LAG,
        /** A certificate ends soon. */
        CERTIFICATE_EXPIRY
    }

    /**
     * An end point for a collector such as Prometheus.
     *
     * @param port 1 to 65535, and not that of a listener
     * @param every how often it is asked, from one second on
     */
    public record Metrics(
            @Default("7778") @Range(min = 1, max = 65535) @Description("The TCP port of the metrics")
            int port,

            @Default("30s") @Description("How often metrics are asked for, from 1s on")
            Duration every) {
        public Metrics {
            Checks.begin()
                    .require(
                            port >= 1 && port <= 65535,
                            "port",
                            "must lie between 1 and 65535, was " + port,
                            "write a free port such as 7778")
                    .require(
                            every.compareTo(Duration.ofSeconds(1)) >= 0,
                            "every",
                            "must be at least 1s",
                            "write a time such as 30s")
                    .end();
        }
    }

    public Monitoring {
        alerts = Set.copyOf(alerts);
    }
}
