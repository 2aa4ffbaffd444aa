package io.eventbroker.core.lint;

import java.util.Objects;
import java.util.function.Function;

/**
 * Something about a rule that a {@code LintPolicy} may set, such as the pattern that names must match. It is parsed once
 * for a whole lint, so that a rule that looks at ten thousand topics compiles no pattern twice.
 *
 * @param <T> what the text becomes
 * @param name unique within the rule
 * @param otherwise the text that holds when nobody sets it
 * @param description for people
 * @param parse throws {@link IllegalArgumentException} for text that does not do; the message becomes a finding
 */
public record RuleSetting<T>(String name, String otherwise, String description, Function<String, T> parse) {
    public RuleSetting {
        Objects.requireNonNull(parse.apply(otherwise), name);
    }
}
