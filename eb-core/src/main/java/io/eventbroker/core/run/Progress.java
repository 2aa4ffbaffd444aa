package io.eventbroker.core.run;

import io.eventbroker.core.DataSize;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a run is, at one moment.
 *
 * @param run whose
 * @param plan the kind of plan
 * @param actionsEnded those with an outcome, earlier runs of the same journal included
 * @param actions all
 * @param bytesDone bytes moved so far, where the actions move bytes
 * @param bytesTotal bytes to move in all as far as is known; 0 where the actions move none
 * @param elapsed since this run started
 */
public record Progress(
        RunId run, String plan, int actionsEnded, int actions, long bytesDone, long bytesTotal, Duration elapsed) {
    /** From 0 to 1, by bytes where there are any, else by actions. */
    public double fraction() {
        if (bytesTotal > 0) {
            return Math.min(1, (double) bytesDone / bytesTotal);
        }
        return actions == 0 ? 1 : (double) actionsEnded / actions;
    }

    /** How long the rest takes at the pace so far; empty while there is too little to tell from. */
    public Optional<Duration> remaining() {
        double done = fraction();
        if (done < 0.01 || elapsed.isZero()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis((long) (elapsed.toMillis() * (1 - done) / done)));
    }

    /** One line for a terminal. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        line.append(plan).append(' ').append(Math.round(fraction() * 100)).append(" %, ");
        line.append(actionsEnded).append(" of ").append(actions).append(" actions");
        if (bytesTotal > 0) {
            line.append(", ")
                    .append(new DataSize(bytesDone).forPeople())
                    .append(" of ")
                    .append(new DataSize(bytesTotal).forPeople());
        }
        remaining().ifPresent(left -> line.append(", ").append(left.toSeconds()).append(" s left"));
        return line.toString();
    }
}
