package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;
import io.eventbroker.core.kind.Range;
import io.eventbroker.core.kind.TextPattern;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Processor time, written as Kubernetes does: {@code 4}, {@code 1.5} or {@code 500m}.
 *
 * @param millis thousandths of a core, at least 1
 */
@Description("Processor time: cores such as 4 or 1.5, or thousandths of a core such as 500m")
@Range(above = 0)
@TextPattern("[1-9][0-9]{0,8}m|[0-9]{1,6}(\\.[0-9]{1,3})?")
@Examples({"100m", "500m", "1", "1.5", "2", "4", "16", "256"})
public record Cpu(long millis) implements Comparable<Cpu> {
    private static final Pattern MILLIS = Pattern.compile("[1-9][0-9]{0,8}m");
    private static final Pattern CORES = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");

    public Cpu {
        if (millis < 1) {
            throw new IllegalArgumentException("processor time must be at least 1m, was " + millis
                    + "m; write cores such as 4 or 1.5, or thousandths such as 500m");
        }
    }

    public static Cpu cores(long cores) {
        return new Cpu(Math.multiplyExact(cores, 1000L));
    }

    /**
     * Reads {@code 4}, {@code 1.5} or {@code 500m}.
     *
     * @throws IllegalArgumentException if the text is not like that
     */
    public static Cpu parse(String text) {
        if (MILLIS.matcher(text).matches()) {
            return new Cpu(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        if (CORES.matcher(text).matches()) {
            return new Cpu(new BigDecimal(text).movePointRight(3).longValueExact());
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not processor time; write cores such as 4 or 1.5, or thousandths such as 500m");
    }

    @Override
    public int compareTo(Cpu other) {
        return Long.compare(millis, other.millis);
    }

    @Override
    public String toString() {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : millis + "m";
    }
}
