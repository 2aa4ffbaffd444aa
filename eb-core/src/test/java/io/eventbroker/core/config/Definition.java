package io.eventbroker.core.config;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/** A key as one release defines it, before releases are compared. */
record Definition(
        ConfigScope scope,
        String key,
        String type,
        String otherwise,
        boolean required,
        BigDecimal min,
        BigDecimal max,
        List<String> allowed,
        boolean anyCase,
        boolean notEmpty,
        String mode,
        String importance,
        boolean brokersOnly,
        List<String> brokerKeys) {
    static final Comparator<Definition> ORDER =
            Comparator.comparing(Definition::scope).thenComparing(Definition::key);
}
