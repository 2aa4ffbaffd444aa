package io.eventbroker.core.manifest.internal;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' quantities, such as {@code 1.5Gi}, {@code 500m} or {@code 2e3}. */
public final class Quantity {
    private static final Pattern TEXT =
            Pattern.compile("\\+?(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?\\d{1,2})?");

    private static final String UNITS = "KMGTPE";

    private Quantity() {}

    /** Bytes, or cores, or a number; empty if the text is no quantity, such as a template. */
    public static Optional<BigDecimal> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String unit = matcher.group(2) == null ? "" : matcher.group(2);
        if (unit.isEmpty()) {
            return Optional.of(number);
        } else if (unit.equals("m")) {
            return Optional.of(number.movePointLeft(3));
        } else if (unit.length() > 1 && (unit.charAt(0) == 'e' || (unit.charAt(0) == 'E' && !unit.equals("Ei")))) {
            return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(unit.substring(1))));
        }
        int power = UNITS.indexOf(Character.toUpperCase(unit.charAt(0))) + 1;
        return Optional.of(number.multiply(
                BigDecimal.valueOf(unit.endsWith("i") ? 1024 : 1000).pow(power)));
    }
}
