package io.eventbroker.core.kind.internal;

import io.eventbroker.core.source.Node;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 7d}, {@code 36h}, {@code 15m}, {@code 30s}, {@code 250ms}, or ISO-8601. */
final class Durations {
    private static final String IN_SHORT = "(0|[1-9][0-9]{0,17}) ?(ms|s|m|h|d)";
    private static final Pattern SHORT = Pattern.compile(IN_SHORT);
    /** For schemas; ISO-8601 in outline. */
    static final String PATTERN = IN_SHORT + "|[-+]?[Pp][-+.,0-9DdTtHhMmSs]+";

    private Durations() {}

    static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        try {
            if (!matcher.matches()) {
                return Duration.parse(text);
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + Node.shorten(text) + "' is not a duration; write a number and ms, s, m, h or d, such as 30s",
                    e);
        }
    }

    /** The largest unit that says it exactly; ISO-8601 for what is finer than a millisecond or negative. */
    static String print(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        if (duration.toNanosPart() != 0) {
            return duration.toSeconds() > Long.MAX_VALUE / 10_000 ? duration.toString() : duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds >= 1_000_000_000_000_000_000L) {
            return duration.toString();
        }
        if (seconds % 86_400 == 0 && seconds != 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0 && seconds != 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
