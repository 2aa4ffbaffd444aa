package io.eventbroker.core.manifest.internal;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as the JVM reads them in its options, such as the {@code 2g} of {@code -Xmx2g}: units are powers of 1024. */
public final class JvmSize {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})([kKmMgGtT]?)");
    private static final String UNITS = "kmgt";

    private JvmSize() {}

    /** Bytes, which may be more than a {@code long} holds; empty if the text is no size. */
    public static Optional<BigInteger> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        return Optional.of(new BigInteger(matcher.group(1)).shiftLeft(10 * power));
    }
}
