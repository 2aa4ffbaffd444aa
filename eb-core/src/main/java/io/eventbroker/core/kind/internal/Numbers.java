package io.eventbroker.core.kind.internal;

import io.eventbroker.core.source.Node;
import java.util.regex.Pattern;

/** Numbers and booleans as JSON knows them: no octal, no underscores, no {@code yes}. */
final class Numbers {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

    private Numbers() {}

    static int toInt(String text) {
        long value = toLong(text);
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "must lie between -2147483648 and 2147483647, was " + text + "; write a number between these");
        }
        return (int) value;
    }

    static long toLong(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "must lie between -2^63 and 2^63 - 1, was " + Node.shorten(text) + "; write a number between these",
                    e);
        }
    }

    static double toDouble(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("is too large: " + Node.shorten(text) + "; write a smaller number");
        }
        return value;
    }

    static Object toBoolean(String text) {
        if (text.equals("true")) {
            return true;
        }
        if (text.equals("false")) {
            return false;
        }
        throw new NumberFormatException(text);
    }
}
