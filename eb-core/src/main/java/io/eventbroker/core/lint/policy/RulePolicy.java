package io.eventbroker.core.lint.policy;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a rule, or a family of rules, is to be run.
 *
 * @param severity in place of the rule's own; empty to leave that
 * @param settings of the rule, by name, such as the pattern that names must match
 */
public record RulePolicy(Optional<RuleLevel> severity, SortedMap<String, String> settings) {
    public RulePolicy {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
}
