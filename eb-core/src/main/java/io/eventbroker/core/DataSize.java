package io.eventbroker.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;
import io.eventbroker.core.kind.Range;
import io.eventbroker.core.kind.TextPattern;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes. Written as Kubernetes quantities are: {@code 512Mi}, {@code 1Ti} (powers of 1,024) or {@code 1G}
 * (powers of 1,000); without a suffix, bytes. {@code 1TiB} is read too, as {@code 1Ti}; {@code 1TB}, which means one thing to
 * one reader and another to the next, is refused.
 *
 * @param bytes at least 0
 */
@Description(
        "A size in bytes: a whole number and Ki, Mi, Gi or Ti (powers of 1,024), or k, M, G or T (powers of 1,000),"
                + " such as 512Mi or 1Ti")
@Range(min = 0)
@TextPattern("[\\x00-\\x20]*[0-9]{1,19} ?(([KMGTPE]i)?B?|[KMGTPE]|k)[\\x00-\\x20]*")
@Examples({"1Mi", "512Mi", "1Gi", "1280Mi", "1536Mi", "2Gi", "3Gi", "6Gi", "12Gi", "100Gi", "1Ti", "100Ti"})
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,19}) ?(?:((?:[KMGTPE]i)?)B?|([KMGTPE]|k))");
    /** To one reader powers of 1,000, to another of 1,024. */
    private static final Pattern EITHER = Pattern.compile("(\\d{1,19} ?)([KMGTPE]|k)B");
    /** As the JVM has it, for which it means powers of 1,024. */
    private static final Pattern SMALL = Pattern.compile("(\\d{1,19}) ?([kmgtpe])(?:i?b?)");

    private static final String UNITS = "KMGTPE";

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size must not be negative, was " + bytes + " bytes");
        }
    }

    public static DataSize ofBytes(long bytes) {
        return new DataSize(bytes);
    }

    public static DataSize ofMebibytes(long mebibytes) {
        return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    public static DataSize ofGibibytes(long gibibytes) {
        return new DataSize(Math.multiplyExact(gibibytes, 1L << 30));
    }

    /**
     * Reads {@code 1Ti}, {@code 500M}, {@code 4096}.
     *
     * @throws IllegalArgumentException if the text is not a size or exceeds 2^63 − 1 bytes
     */
    @JsonCreator
    public static DataSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim());
        if (!matcher.matches()) {
            Matcher either = EITHER.matcher(text.trim());
            if (either.matches()) {
                String number = either.group(1);
                String unit = either.group(2);
                throw new IllegalArgumentException("'" + text + "' is not a size, for " + unit
                        + "B means powers of 1,000 to some and of 1,024 to others; write " + number
                        + unit.toUpperCase(Locale.ROOT) + "iB (powers of 1,024), or " + number + unit
                        + " (powers of 1,000)");
            }
            Matcher small = SMALL.matcher(text.trim());
            if (small.matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a size; did you mean " + small.group(1)
                        + small.group(2).toUpperCase(Locale.ROOT) + "i?");
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size; write a number and Ki, Mi, Gi or Ti, such as 512Mi");
        }
        String unit = (matcher.group(3) == null ? matcher.group(2) : matcher.group(3)).toUpperCase(Locale.ROOT);
        long base = unit.endsWith("I") ? 1024 : 1000;
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
        try {
            long bytes = Long.parseLong(matcher.group(1));
            for (int i = 0; i < power; i++) {
                bytes = Math.multiplyExact(bytes, base);
            }
            return new DataSize(bytes);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is more than 2^63 - 1 bytes; write a smaller size", e);
        }
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Exact, and what {@link #parse} reads back: the largest binary unit that divides the size. */
    @Override
    @JsonValue
    public String toString() {
        if (bytes == 0) {
            return "0";
        }
        int power = Math.min(6, Long.numberOfTrailingZeros(bytes) / 10);
        return power == 0 ? Long.toString(bytes) : (bytes >> (10 * power)) + UNITS.substring(power - 1, power) + "i";
    }

    /** Rounded for people: {@code 1.27 TiB}, {@code 312 B}. */
    public String forPeople() {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double value = bytes / Math.pow(1024, power);
        String digits = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits, value) + " " + UNITS.charAt(power - 1) + "iB";
    }
}
