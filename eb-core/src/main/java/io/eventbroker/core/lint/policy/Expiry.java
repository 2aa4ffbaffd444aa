package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * The last day on which something holds, such as {@code 2027-03-31}.
 *
 * @param lastDay in the time zone of the linter's clock
 */
@Description("A date: year, month and day, such as 2027-03-31")
@Examples({"2000-01-01", "2999-12-31"})
public record Expiry(LocalDate lastDay) {
    /** Reads a date as ISO 8601 writes it. */
    public static Expiry parse(String text) {
        try {
            return new Expiry(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a date; write year, month and day like 2027-03-31", e);
        }
    }

    public boolean isOver(LocalDate today) {
        return today.isAfter(lastDay);
    }

    @Override
    public String toString() {
        return lastDay.toString();
    }
}
