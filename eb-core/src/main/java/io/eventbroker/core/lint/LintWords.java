package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import java.util.Locale;

/** How reports say things. */
final class LintWords {
    private LintWords() {}

    static String of(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** {@code 1 error}, {@code 2 errors}. */
    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
