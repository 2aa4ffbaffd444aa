package io.eventbroker.provisioning.verify;

import java.time.Duration;
import java.util.Locale;

/**
 * What a {@link SyntheticTransaction} measured. Every record came back, once, in order and equal.
 *
 * @param records how many were sent and read back
 * @param median from the send call to the record in the consumer's hands
 * @param p99 the same for 99 of 100 records
 * @param slowest the same for the slowest record
 */
public record SyntheticResult(int records, Duration median, Duration p99, Duration slowest) {
    /** One line for a terminal. */
    @Override
    public String toString() {
        return records + " records produced, consumed and compared; latency " + millis(median) + " median, "
                + millis(p99) + " p99, " + millis(slowest) + " slowest";
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
