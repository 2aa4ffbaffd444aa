package io.eventbroker.examples.quickstart.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
    private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Figures() {}

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Three digits or so: {@code 7.42}, {@code 81.3}, {@code 1,204}. */
    static String number(double value) {
        String form = value == 0 || value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, value);
    }

    /** In powers of 1,000, as the rates are. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < BYTES.length - 1) {
            value /= 1000;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : number(value)) + " " + BYTES[unit];
    }

    static String seconds(double seconds) {
        if (seconds >= 60) {
            long whole = Math.round(seconds);
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return seconds < 1 ? Math.round(seconds * 1000) + " ms" : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** A distance between the marks of an axis that people count in: 1, 2 or 5 times a power of ten. */
    static double tick(double range, int marks) {
        if (range <= 0) {
            return 1;
        }
        double rough = range / marks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /** A mark of an axis: no more digits than its distance to the next one needs. */
    static String mark(double value, double tick) {
        return String.format(Locale.ROOT, tick >= 1 ? "%,.0f" : tick >= 0.1 ? "%.1f" : "%.2f", value);
    }

    /** Cuts a name to what fits. */
    static String fit(String text, double width, double perCharacter) {
        int room = Math.max(2, (int) (width / perCharacter));
        if (text.codePointCount(0, text.length()) <= room) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, room - 1)) + "…";
    }
}
