package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.problem.internal.Counted;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Numbers in properties, and how messages show them. */
final class Numbers {
    private Numbers() {}

    /** A whole number; empty for null and for text that is none, which is for the reader to refuse. */
    static OptionalLong whole(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        String trimmed = text.trim();
        if (trimmed.isEmpty() || !(trimmed.charAt(0) == '-' || Character.isDigit(trimmed.charAt(0)))) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(trimmed));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** {@code 7 days}, {@code 90 min}: the largest unit that divides it. */
    static String time(long millis) {
        Duration time = Duration.ofMillis(millis);
        if (millis >= 86_400_000 && millis % 86_400_000 == 0) {
            return Counted.of(time.toDays(), "day");
        } else if (millis >= 3_600_000 && millis % 3_600_000 == 0) {
            return Counted.of(time.toHours(), "hour");
        } else if (millis >= 60_000 && millis % 60_000 == 0) {
            return time.toMinutes() + " min";
        }
        return millis % 1000 == 0 ? time.toSeconds() + " s" : millis + " ms";
    }

    /** {@code 1.27 TiB}. */
    static String size(long bytes) {
        return new DataSize(bytes).forPeople();
    }

    /** {@code 1.27 TiB}, of what may be too large for a long. */
    static String size(double bytes) {
        return new DataSize((long) Math.min(bytes, Long.MAX_VALUE)).forPeople();
    }

    static int percent(String text) {
        return within(text, 0, 100);
    }

    static int positive(String text) {
        return within(text, 1, Integer.MAX_VALUE);
    }

    private static int within(String text, int least, int most) {
        OptionalLong number = whole(text);
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number from " + least + " to " + most);
        }
        return (int) number.getAsLong();
    }
}
