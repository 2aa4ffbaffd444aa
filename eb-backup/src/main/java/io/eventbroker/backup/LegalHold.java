package io.eventbroker.backup;

import java.time.Instant;

/**
 * Why a recovery point must stay, whatever a policy says. Set and lifted with {@link Backups#hold} and {@link
 * Backups#lift}.
 *
 * @param point its id
 * @param by who wants it
 * @param reason what for
 * @param since when it was set
 */
public record LegalHold(String point, String by, String reason, Instant since) {
    public LegalHold {
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("a hold on recovery point " + point + " says who wants it and why");
        }
    }

    @Override
    public String toString() {
        return "held by " + by + " since " + since + ": " + reason;
    }
}
